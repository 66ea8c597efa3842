"""Rules on columns: what may be empty, repeated or anything although its name says that it should not."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rehearsal.goals.schema import naming
from bot.rehearsal.goals.schema.finding import (
    Finding,
    Rule,
    Severity,
    column_shown,
    commented,
    constraint_shown,
)
from bot.rehearsal.goals.schema.tables import Column, Database, Table, literal, quoted

_GENTLY = "NOT VALID locks for an instant; VALIDATE reads the table and lets everybody read and write on."


def findings(database: Database) -> Iterator[Finding]:
    for table in database.tables:
        for column in table.columns:
            yield from _of_column(database, table, column)


def _of_column(database: Database, table: Table, column: Column) -> Iterator[Finding]:
    if wrong := _wrong_type(column):
        yield _to_type(table, column, *wrong)
    elif _lacks_check(database, table, column):
        yield _no_check(table, column)
    if not column.is_required and (why := _should_be_there(table, column)):
        yield _nullable(table, column, why)
    if _lacks_unique(database, table, column):
        yield _not_unique(table, column)


def _wrong_type(column: Column) -> tuple[str, str, str] | None:
    """The type that would fit, how its values become that, and what is wrong with the one it has."""
    name = quoted(column.name)
    if column.is_text and naming.MOMENTS.search(column.name) and not column.is_closed:
        return "date", f"{name}::date", "A date that is kept as text sorts wrongly and may be no date at all."
    if column.is_text and naming.MONEY.search(column.name):
        return (
            "numeric(12,2)",
            f"{name}::numeric",
            "A figure that is kept as text cannot be summed or compared.",
        )
    if column.type in ("real", "double precision") and naming.MONEY.search(column.name):
        return (
            "numeric(12,2)",
            f"{name}::numeric",
            "Money as a floating-point number: cents are lost in sums.",
        )
    if column.type.startswith("timestamp") and "without" in column.type:
        said = "A timestamp without a time zone means another moment for each who reads it."
        return "timestamptz", f"{name} AT TIME ZONE 'UTC'", said
    return None


def _to_type(table: Table, column: Column, type_: str, using: str, said: str) -> Finding:
    light = column.type.startswith("timestamp")
    return Finding(
        rule=Rule.WRONG_TYPE,
        severity=Severity.LOW if light else Severity.MEDIUM,
        table=table,
        columns=(column.name,),
        said=said,
        shows=column_shown(table, column.name),
        mends=f"ALTER TABLE {table.sql} ALTER COLUMN {quoted(column.name)} TYPE {type_} USING {using};",
        note="Rewrites the table and locks it meanwhile; on a large one add a new column and fill it in steps. "
        + (
            "First make sure that UTC is what was meant."
            if light
            else "It fails at the first value that is none."
        ),
    )


def _lacks_check(database: Database, table: Table, column: Column) -> bool:
    """A word of a few, or a figure that cannot be negative, that nothing holds to that."""
    if column.name in table.checked | table.linked or column.is_closed or column.is_generated:
        return False
    if naming.pointed_at(database, table, column) or column.name in table.key:
        return False
    few = column.is_text and naming.KINDS.search(column.name)
    return bool(few or (column.is_number and naming.AMOUNTS.search(column.name)))


def _no_check(table: Table, column: Column) -> Finding:
    name, check = quoted(column.name), quoted(f"{table.name}_{column.name}_check"[:63])
    if column.is_text:
        said = "One of a few words, by its name, and anything can be written into it."
        seen = f"SELECT {name}, count(*) FROM {table.sql} GROUP BY {name} ORDER BY 2 DESC;"
        condition, first = f"{name} IN ('…', '…')", f"See which there are, and write them below:\n{seen}\n"
        change = f"ALTER TABLE {table.sql} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID;"
        mends = commented(f"{first}{change}\nALTER TABLE {table.sql} VALIDATE CONSTRAINT {check};")
    else:
        said = "Not meant to be negative, by its name, and nothing keeps it from that."
        mends = (
            f"ALTER TABLE {table.sql} ADD CONSTRAINT {check} CHECK ({name} >= 0) NOT VALID;\n"
            f"ALTER TABLE {table.sql} VALIDATE CONSTRAINT {check};"
        )
    return Finding(
        rule=Rule.NO_CHECK,
        severity=Severity.MEDIUM if column.is_text else Severity.LOW,
        table=table,
        columns=(column.name,),
        said=said,
        shows=constraint_shown(table, "c"),
        mends=mends,
        note=_GENTLY,
    )


def _should_be_there(table: Table, column: Column) -> str:
    """Why every row should have it, "" where nothing says so."""
    if column.is_generated or column.name in table.key:
        return ""
    if naming.CREATED.search(column.name) and column.type.startswith(("timestamp", "date")):
        return "Every row was made at some time"
    if column.default and (naming.KINDS.search(column.name) or naming.AMOUNTS.search(column.name)):
        return f"It has a default ({column.default}), so every row is meant to have it"
    if column.default and column.type == "boolean":
        return f"It has a default ({column.default}): yes or no, with no third answer"
    if column.name == "name" and column.is_text:
        return "What has a name column is meant to have a name"
    if naming.AMOUNTS.search(column.name) and naming.MONEY.search(column.name) and table.links:
        return "A figure that sums leave out where it is missing"
    return ""


def _nullable(table: Table, column: Column, why: str) -> Finding:
    name, check = quoted(column.name), quoted(f"{table.name}_{column.name}_there"[:63])
    return Finding(
        rule=Rule.NULLABLE,
        severity=Severity.LOW,
        table=table,
        columns=(column.name,),
        said=f"May be empty. {why}.",
        shows=column_shown(table, column.name)[:-1] + " AND is_nullable = 'YES';",
        mends="\n".join(
            [
                commented(f"First fill what is empty:\nSELECT * FROM {table.sql} WHERE {name} IS NULL;"),
                f"ALTER TABLE {table.sql} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID;",
                f"ALTER TABLE {table.sql} VALIDATE CONSTRAINT {check};",
                f"ALTER TABLE {table.sql} ALTER COLUMN {name} SET NOT NULL;",
                f"ALTER TABLE {table.sql} DROP CONSTRAINT {check};",
            ]
        ),
        note=f"{_GENTLY} With the check in place SET NOT NULL need not read the table.",
    )


def _lacks_unique(database: Database, table: Table, column: Column) -> bool:
    """An address of a person, or a handle: unless it is a copy of what another table holds."""
    if table.is_unique(column.name) or not column.is_text or column.name in table.linked:
        return False
    parents = [target for link in table.links if (target := database.target(link)) and target is not table]
    if any(column.name in parent.by_name for parent in parents):
        return False
    of_people = column.name in naming.MAIL and naming.is_about(table, naming.PEOPLE)
    return of_people or column.name in naming.HANDLES


def _not_unique(table: Table, column: Column) -> Finding:
    name, index = quoted(column.name), quoted(f"{table.name}_{column.name}_key"[:63])
    twice = f"SELECT {name}, count(*) FROM {table.sql} GROUP BY {name} HAVING count(*) > 1;"
    gently = "" if table.is_partitioned else "CONCURRENTLY "
    return Finding(
        rule=Rule.NOT_UNIQUE,
        severity=Severity.MEDIUM,
        table=table,
        columns=(column.name,),
        said="Two rows may have the same, and what it names is then no longer one thing.",
        shows=(
            'SELECT c.oid::regclass AS "table", array_agg(pg_get_indexdef(i.indexrelid)) FILTER (WHERE i.indisunique) '
            "AS unique_indexes\nFROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid\n"
            f"WHERE c.oid = {literal(table.sql)}::regclass GROUP BY c.oid;"
        ),
        mends="\n".join(
            [
                commented(f"First mend what is there twice (and look at capitals):\n{twice}"),
                f"CREATE UNIQUE INDEX {gently}{index} ON {table.sql} ({name});",
                f"ALTER TABLE {table.sql} ADD CONSTRAINT {index} UNIQUE USING INDEX {index};",
            ]
        ),
        note="Blocks nobody while it is built; not inside a transaction.",
    )
