"""Rules on keys: tables without a primary key, references without a foreign key, foreign keys without an index."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity, commented, constraint_shown
from bot.rehearsal.goals.schema.naming import pointed_at
from bot.rehearsal.goals.schema.tables import (
    Column,
    Constraint,
    Database,
    Index,
    Table,
    literal,
    names,
    quoted,
)


def findings(database: Database) -> Iterator[Finding]:
    for table in database.tables:
        if not table.key:
            yield _no_primary_key(table)
        for link in table.links:
            if not any(_serves(index, link.columns) for index in table.indexes):
                yield _no_index(database, table, link)
        yield from _no_foreign_keys(database, table)
        yield from (_not_validated(table, one) for one in table.constraints if not one.is_valid)


def _no_primary_key(table: Table) -> Finding:
    columns, said = _future_key(table)
    mends = [f"ALTER TABLE {table.sql} ADD PRIMARY KEY ({names(columns)});"]
    if columns == ("id",) and "id" not in table.by_name:
        mends = [f"ALTER TABLE {table.sql} ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"]
    else:
        same = f"SELECT {names(columns)}, count(*) FROM {table.sql} GROUP BY {names(columns)} HAVING count(*) > 1;"
        mends.insert(0, commented(f"First see that no two rows share it, and none lacks it:\n{same}"))
    return Finding(
        rule=Rule.NO_PRIMARY_KEY,
        severity=Severity.HIGH,
        table=table,
        said=f"No primary key: a row cannot be told from another, nor changed alone, nor pointed at. {said}",
        shows=constraint_shown(table, "pu"),
        mends="\n".join(mends),
        note="Locks the table against reading and writing while the key is built; a new identity column rewrites it.",
    )


def _future_key(table: Table) -> tuple[tuple[str, ...], str]:
    """What would be the key: a column `id`, what is unique already, the two sides of a link, or a new one."""
    if "id" in table.by_name:
        return ("id",), "`id` looks as if it was meant to be it."
    unique = next((one.columns for one in table.constraints if one.kind == "u"), ())
    if unique:
        return unique, f"`{', '.join(unique)}` is unique already."
    sides = tuple(column for link in table.links for column in link.columns)
    if len(table.links) > 1 and len(table.columns) <= len(sides) + 2:
        return sides, "It links two tables: the two references together are its key."
    return ("id",), "Nothing in it looks like a key, so one is added."


def _no_index(database: Database, table: Table, link: Constraint) -> Finding:
    target = database.target(link)
    there = target.title if target else ".".join(link.target)
    index = quoted(f"{table.name}_{'_'.join(link.columns)}_idx"[:63])
    gently = "" if table.is_partitioned else "CONCURRENTLY "
    return Finding(
        rule=Rule.LINK_WITHOUT_INDEX,
        severity=Severity.MEDIUM,
        table=table,
        columns=link.columns,
        said=f"Points at {there}, and no index begins with it: each delete or change of a key there reads all of "
        f"{table.title}, and so does each join.",
        shows=(
            f"SELECT conname, pg_get_constraintdef(oid) AS defined,\n"
            f"       ARRAY(SELECT indexdef FROM pg_indexes WHERE schemaname = {literal(table.schema)} "
            f"AND tablename = {literal(table.name)}) AS indexes\n"
            f"FROM pg_constraint WHERE conrelid = {literal(table.sql)}::regclass AND conname = {literal(link.name)};"
        ),
        mends=f"CREATE INDEX {gently}{index} ON {table.sql} ({names(link.columns)});",
        note=(
            "On a partitioned table an index cannot be built concurrently: build it on each partition first."
            if table.is_partitioned
            else "Blocks nobody; not inside a transaction. If it fails, drop the invalid index it leaves."
        ),
    )


def _serves(index: Index, columns: tuple[str, ...]) -> bool:
    """Whether it begins with these columns, in any order, for every row."""
    begins = set(index.columns[: len(columns)]) == set(columns)
    return begins and index.is_valid and index.is_whole and index.method in ("btree", "hash")


def _no_foreign_keys(database: Database, table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if column.name in table.linked or _is_polymorphic(table, column):
            continue
        if target := pointed_at(database, table, column):
            yield _no_foreign_key(table, column, target)


def _is_polymorphic(table: Table, column: Column) -> bool:
    return column.name.endswith("_id") and column.name.removesuffix("id") + "type" in table.by_name


def _no_foreign_key(table: Table, column: Column, target: Table) -> Finding:
    key, name = quoted(target.key[0]), quoted(column.name)
    link = quoted(f"{table.name}_{column.name}_fkey"[:63])
    lost = (
        f"SELECT t.{name}, count(*) FROM {table.sql} t\nWHERE t.{name} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {target.sql} o WHERE o.{key} = t.{name})\nGROUP BY t.{name};"
    )
    mends = [
        commented(f"First mend the rows that point at nothing:\n{lost}"),
        f"ALTER TABLE {table.sql} ADD CONSTRAINT {link} FOREIGN KEY ({name}) "
        f"REFERENCES {target.sql} ({key}) NOT VALID;",
        f"ALTER TABLE {table.sql} VALIDATE CONSTRAINT {link};",
    ]
    if not any(index.columns[:1] == (column.name,) for index in table.indexes):
        gently = "" if table.is_partitioned else "CONCURRENTLY "
        index = quoted(f"{table.name}_{column.name}_idx"[:63])
        mends.append(f"CREATE INDEX {gently}{index} ON {table.sql} ({name});")
    return Finding(
        rule=Rule.NO_FOREIGN_KEY,
        severity=Severity.HIGH,
        table=table,
        columns=(column.name,),
        said=f"Holds keys of {target.title}, by its name and type, and no foreign key says so: it may point at nothing"
        + ("." if column.is_required else ", or be empty."),
        shows=constraint_shown(table, "f"),
        mends="\n".join(mends),
        note="NOT VALID locks both tables for an instant; VALIDATE lets everybody read and write on.",
    )


def _not_validated(table: Table, constraint: Constraint) -> Finding:
    return Finding(
        rule=Rule.NOT_VALIDATED,
        severity=Severity.MEDIUM,
        table=table,
        columns=constraint.columns,
        said=f"The constraint {constraint.name} was never held against the rows that were there before it.",
        shows=(
            "SELECT conname, pg_get_constraintdef(oid) AS defined FROM pg_constraint\n"
            f"WHERE conrelid = {literal(table.sql)}::regclass AND conname = {literal(constraint.name)} "
            "AND NOT convalidated;"
        ),
        mends=f"ALTER TABLE {table.sql} VALIDATE CONSTRAINT {quoted(constraint.name)};",
        note="Reads the whole table and lets everybody read and write on. It fails at the first row that breaks it.",
    )
