"""What only the rows can tell, by counting: whether a text holds lists, and whether JSON always has the same keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.rehearsal.goals.schema import mending
from bot.rehearsal.goals.schema.catalogue import Fact
from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity
from bot.rehearsal.goals.schema.tables import Column, Database, Table, literal, quoted

_SEVERAL = re.compile(r"(?:_ids|_list|_csv|(?<![us])s)$", re.I)
_BY_NAME = re.compile(r"_(?:ids|list|csv)$")
_NOT_SEVERAL = re.compile(
    r"(?:status|address|notes?|comments?|remarks|details|terms|news|class|basis|series)$", re.I
)
_LOOKED_AT = 1000
_AT_LEAST = 20
_TOGETHER = 20


def questions(database: Database) -> list[str]:
    """SQL that counts, a few columns at a time, in tables that may be read."""
    asked = [sql for table in database.tables if table.is_readable for sql in _about(table)]
    groups = [asked[at : at + _TOGETHER] for at in range(0, len(asked), _TOGETHER)]
    return [" union all ".join(one.format(total=len(group)) for one in group) for group in groups]


def findings(database: Database, facts: Sequence[Fact]) -> Iterator[Finding]:
    for kind, schema, name, of, rows, told in facts:
        table = database.table(schema, name)
        column = table.by_name.get(of) if table else None
        if table is None or column is None:
            continue
        if kind == "list" and (_BY_NAME.search(of) or (told and told * 2 >= rows)):
            yield _list(table, column, rows, told)
        if kind == "json" and rows >= _AT_LEAST and told:
            yield _fixed(table, column, rows, told)


def _about(table: Table) -> Iterator[str]:
    for column in table.columns:
        is_whole = column.name in table.linked or column.name in table.key or column.is_closed
        if (
            column.is_text
            and _SEVERAL.search(column.name)
            and not _NOT_SEVERAL.search(column.name)
            and not is_whole
        ):
            yield _lists(table, column)
        if column.type in ("json", "jsonb"):
            yield _keys(table, column)


def _lists(table: Table, column: Column) -> str:
    return (
        f"select json_build_array('list', {_place(table, column)}, count(*), count(*) filter "
        f"(where v ~ '[^,;|[:space:]][[:space:]]*[,;|][[:space:]]*[^,;|[:space:]]'))::text as fact, {{total}} as total "
        f"from ({_seen(table, column)}) q"
    )


def _keys(table: Table, column: Column) -> str:
    objects = (
        f"(select v::jsonb as j from ({_seen(table, column)}) q where json_typeof(v::json) = 'object') o"
    )
    always = (
        f"select k from {objects}, lateral jsonb_object_keys(o.j) k group by k having count(*) = "
        f"(select count(*) from {objects}) order by k"
    )
    return (
        f"select json_build_array('json', {_place(table, column)}, (select count(*) from {objects}), "
        f"(select coalesce(json_agg(k), '[]') from ({always}) a))::text as fact, {{total}} as total"
    )


def _seen(table: Table, column: Column) -> str:
    """The first rows that have it."""
    name = _braced(quoted(column.name))
    return (
        f"select {name}::text as v from {_braced(table.sql)} where {name} is not null "
        f"fetch first {_LOOKED_AT} rows only"
    )


def _place(table: Table, column: Column) -> str:
    return _braced(", ".join(map(literal, (table.schema, table.name, column.name))))


def _braced(sql: str) -> str:
    return sql.replace("{", "{{").replace("}", "}}")


def _list(table: Table, column: Column, rows: int, lists: int) -> Finding:
    name = quoted(column.name)
    seen = (
        f"{lists:,} of {rows:,} rows hold several values in one"
        if lists
        else "Holds several values, by its name"
    )
    return mending.listed(
        table,
        column,
        f"{seen}: no index finds one of them, and no foreign key holds them to what they name.",
        f"SELECT count(*) AS rows, count(*) FILTER (WHERE {name} ~ '[,;|]') AS lists\nFROM {table.sql};",
    )


def _fixed(table: Table, column: Column, rows: int, keys: list[str]) -> Finding:
    name = quoted(column.name)
    added = ", ".join(f"ADD COLUMN {quoted(key)} text" for key in keys)
    filled = ", ".join(f"{quoted(key)} = {name} ->> {literal(key)}" for key in keys)
    return Finding(
        rule=Rule.FIXED_JSON,
        severity=Severity.LOW,
        table=table,
        columns=(column.name,),
        said=f"All of {rows:,} rows have the same keys ({', '.join(keys)}): these are columns, and inside JSON nothing "
        "checks them.",
        shows=(
            f"SELECT k AS key, count(*) FROM {table.sql}, LATERAL jsonb_object_keys({name}::jsonb) k\n"
            f"WHERE json_typeof({name}::json) = 'object' GROUP BY k ORDER BY 2 DESC;"
        ),
        mends=f"ALTER TABLE {table.sql} {added};\nUPDATE {table.sql} SET {filled};",
        note="Give the new columns their own types and constraints. A change for whatever reads or writes here.",
    )
