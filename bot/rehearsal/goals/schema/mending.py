"""SQL that takes something out of a table into one of its own: to be looked over, and done in steps."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity, column_shown, commented
from bot.rehearsal.goals.schema.naming import plural
from bot.rehearsal.goals.schema.tables import Column, Table, names, quoted

_LATER = "Once nothing reads the old {what} any more:\n{sql}"


def own_table(table: Table, name: str, columns: Sequence[str], *, is_first: bool = True) -> str:
    """A table for what these columns describe, filled from them, and a key to it in their place.

    Of several tables that describe the same only the first makes it; the others add what it lacks.
    """
    new, key = f"{quoted(table.schema)}.{quoted(plural(name))}", quoted(f"{name}_id")
    types = ", ".join(f"{quoted(one)} {table.by_name[one].type}" for one in columns)
    made = f"CREATE TABLE {new} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {types});"
    known = "" if is_first else f" EXCEPT SELECT {names(columns)} FROM {new}"
    same = " AND ".join(f"t.{quoted(one)} IS NOT DISTINCT FROM n.{quoted(one)}" for one in columns)
    dropped = ", ".join(f"DROP COLUMN {quoted(one)}" for one in columns)
    return "\n".join(
        [
            *([made] if is_first else []),
            f"INSERT INTO {new} ({names(columns)}) SELECT DISTINCT {names(columns)} FROM {table.sql}{known};",
            f"ALTER TABLE {table.sql} ADD COLUMN {key} bigint REFERENCES {new};",
            f"CREATE INDEX ON {table.sql} ({key});",
            f"UPDATE {table.sql} t SET {key} = n.id FROM {new} n WHERE {same};",
            commented(_LATER.format(what="columns", sql=f"ALTER TABLE {table.sql} {dropped};")),
        ]
    )


def rows_of(table: Table, name: str, columns: Sequence[str]) -> str:
    """A table with a row for each of what stood side by side."""
    if not table.key:
        return commented("First give the table a primary key: the rows of the new table point at it.")
    new = f"{quoted(table.schema)}.{quoted(f'{table.name}_{name}'[:63])}"
    keys = [f"{table.name}_{one}" for one in table.key]
    typed = ", ".join(
        f"{quoted(key)} {table.by_name[one].type} NOT NULL" for key, one in zip(keys, table.key, strict=True)
    )
    values = ", ".join(f"({at}, {quoted(one)}::text)" for at, one in enumerate(columns, 1))
    dropped = ", ".join(f"DROP COLUMN {quoted(one)}" for one in columns)
    return "\n".join(
        [
            f"CREATE TABLE {new} ({typed}, place integer NOT NULL, value text NOT NULL,",
            f"  PRIMARY KEY ({names(keys)}, place), FOREIGN KEY ({names(keys)}) REFERENCES {table.sql});",
            f"INSERT INTO {new} SELECT {', '.join(f't.{quoted(one)}' for one in table.key)}, v.place, v.value",
            f"  FROM {table.sql} t, LATERAL (VALUES {values}) v(place, value) WHERE v.value IS NOT NULL;",
            commented(_LATER.format(what="columns", sql=f"ALTER TABLE {table.sql} {dropped};")),
        ]
    )


def listed(table: Table, column: Column, said: str, shows: str = "") -> Finding:
    """A column that holds several values in one."""
    return Finding(
        rule=Rule.LISTED,
        severity=Severity.MEDIUM,
        table=table,
        columns=(column.name,),
        said=said,
        shows=shows or column_shown(table, column.name),
        mends=_split(table, column),
        note="A change for whatever reads or writes here: do it in steps, the old column last.",
    )


def _split(table: Table, column: Column) -> str:
    if not table.key:
        return commented("First give the table a primary key: the rows of the new table point at it.")
    new = f"{quoted(table.schema)}.{quoted(f'{table.name}_{column.name}'[:63])}"
    keys = [f"{table.name}_{one}" for one in table.key]
    typed = ", ".join(
        f"{quoted(key)} {table.by_name[one].type} NOT NULL" for key, one in zip(keys, table.key, strict=True)
    )
    own = f"t.{quoted(column.name)}"
    split = (
        f"unnest({own})" if column.type.endswith("[]") else f"regexp_split_to_table({own}, '\\s*[,;|]\\s*')"
    )
    kind = column.type.removesuffix("[]") if column.type.endswith("[]") else "text"
    return "\n".join(
        [
            f"CREATE TABLE {new} ({typed}, value {kind} NOT NULL,",
            f"  PRIMARY KEY ({names(keys)}, value), FOREIGN KEY ({names(keys)}) REFERENCES {table.sql});",
            f"INSERT INTO {new} SELECT DISTINCT {', '.join(f't.{quoted(one)}' for one in table.key)}, v.value",
            f"  FROM {table.sql} t, LATERAL {split} v(value) WHERE v.value IS NOT NULL AND v.value::text <> '';",
            commented(
                _LATER.format(
                    what="column", sql=f"ALTER TABLE {table.sql} DROP COLUMN {quoted(column.name)};"
                )
            ),
        ]
    )
