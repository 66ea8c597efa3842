"""The catalogs of PostgreSQL, asked page by page through anything that runs SQL: one fact a row, and of how many.

A server may cut an answer short without a word: every row says how many there are, so what is missing is asked for.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.goals.schema.tables import Column, Constraint, Database, Index, Table

PAGE = 200
MOST_PAGES = 60

VERSION = "select json_build_array(version(), current_database())::text as fact, 1 as total"

_OURS = (
    "c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
    "and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid "
    "and d.deptype = 'e')"
)
_TABLE = "pg_class c join pg_namespace n on n.oid = c.relnamespace"
_NAMES = (
    "(select coalesce(json_agg(coalesce(a.attname, '') order by k.at), '[]') from unnest({keys}) with ordinality "
    "k(num, at) left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num and k.num <> 0{only})"
)

TABLES = (
    "select json_build_array(n.nspname, c.relname, c.relkind, c.reltuples::bigint, "
    "coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0), has_table_privilege(c.oid, 'select'))::text as fact, "
    f"count(*) over () as total from {_TABLE} left join pg_stat_user_tables s on s.relid = c.oid where {_OURS} "
    "order by n.nspname, c.relname"
)
COLUMNS = (
    "select json_build_array(n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "left(pg_get_expr(f.adbin, f.adrelid), 60), a.attgenerated <> '', t.typtype in ('e', 'd') or t.typname = 'bool'"
    f")::text as fact, count(*) over () as total from {_TABLE} join pg_attribute a on a.attrelid = c.oid "
    "join pg_type t on t.oid = a.atttypid left join pg_attrdef f on f.adrelid = c.oid and f.adnum = a.attnum "
    f"where a.attnum > 0 and not a.attisdropped and {_OURS} order by n.nspname, c.relname, a.attnum"
)
CONSTRAINTS = (
    "select json_build_array(n.nspname, c.relname, k.conname, k.contype, "
    f"{_NAMES.format(keys='k.conkey', only='')}, left(pg_get_constraintdef(k.oid), 200), "
    "(select q.nspname from pg_namespace q where q.oid = r.relnamespace), r.relname, "
    "(select json_agg(a.attname order by u.at) from unnest(k.confkey) with ordinality u(num, at) "
    "join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num), k.convalidated)::text as fact, "
    f"count(*) over () as total from {_TABLE} join pg_constraint k on k.conrelid = c.oid "
    f"left join pg_class r on r.oid = k.confrelid where k.contype in ('p', 'u', 'f', 'c', 'x') and {_OURS} "
    "order by n.nspname, c.relname, k.conname"
)
INDEXES = (
    "select json_build_array(n.nspname, c.relname, x.relname, "
    f"{_NAMES.format(keys='i.indkey::int2[]', only=' where k.at <= i.indnkeyatts')}, "
    "i.indclass::text, i.indoption::text, i.indcollation::text, m.amname, left(pg_get_indexdef(i.indexrelid), 300), "
    "i.indisunique, exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in "
    "('p', 'u', 'x')), i.indisvalid, i.indpred is null, i.indnatts > i.indnkeyatts, coalesce(s.idx_scan, 0), "
    "md5(concat_ws('/', m.amname, i.indisunique, i.indnkeyatts, i.indkey, i.indclass, i.indcollation, i.indoption, "
    "pg_get_expr(i.indpred, i.indrelid), pg_get_expr(i.indexprs, i.indrelid))))::text as fact, "
    f"count(*) over () as total from {_TABLE} join pg_index i on i.indrelid = c.oid "
    "join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam "
    f"left join pg_stat_user_indexes s on s.indexrelid = i.indexrelid where {_OURS} "
    "order by n.nspname, c.relname, x.relname"
)
ALL = (TABLES, COLUMNS, CONSTRAINTS, INDEXES)

_JSON = re.compile(r'\{\s*"fact":\s*(?P<fact>"(?:[^"\\]|\\.)*"),\s*"total":\s*"?(?P<total>\d+)"?\s*\}', re.S)
_REPR = re.compile(r"\{'fact': (?P<fact>'(?:[^'\\]|\\.)*'), 'total': '?(?P<total>\d+)'?\}", re.S)

Fact = list[Any]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What one answer told, and how many there are in all."""

    rows: tuple[Fact, ...]
    total: int


def page(query: str, offset: int) -> str:
    """The rows of a query from there on."""
    return f"{query} limit {PAGE} offset {offset}"


def facts(answer: str) -> Facts:
    """The whole rows in an answer, wherever in it they stand: as JSON, or as Python writes them."""
    found = [(json.loads(one["fact"], strict=False), one["total"]) for one in _JSON.finditer(answer)]
    if not found:
        found = [(ast.literal_eval(one["fact"]), one["total"]) for one in _REPR.finditer(answer)]
    rows = tuple(json.loads(fact, strict=False) for fact, _ in found)
    return Facts(rows=rows, total=int(found[-1][1]) if found else 0)


def database(version: str, told: Mapping[str, Iterable[Fact]]) -> Database:
    """Of all the facts, by the query that they answer."""
    columns, constraints, indexes = (_grouped(told[query]) for query in (COLUMNS, CONSTRAINTS, INDEXES))
    tables = (
        Table(
            schema=schema,
            name=name,
            is_partitioned=kind == "p",
            rows=rows,
            reads=reads,
            is_readable=readable,
            columns=tuple(map(_column, columns.get((schema, name), ()))),
            constraints=tuple(map(_constraint, constraints.get((schema, name), ()))),
            indexes=tuple(map(_index, indexes.get((schema, name), ()))),
        )
        for schema, name, kind, rows, reads, readable in told[TABLES]
    )
    return Database(version, tuple(tables))


def _grouped(rows: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    grouped: dict[tuple[str, str], list[Fact]] = {}
    for schema, table, *rest in rows:
        grouped.setdefault((schema, table), []).append(rest)
    return grouped


def _column(fact: Fact) -> Column:
    name, type_, required, default, generated, closed = fact
    return Column(
        name=name,
        type=type_,
        is_required=required,
        default=default or "",
        is_generated=generated,
        is_closed=closed,
    )


def _constraint(fact: Fact) -> Constraint:
    name, kind, columns, definition, schema, table, targets, valid = fact
    return Constraint(
        name=name,
        kind=kind,
        columns=tuple(columns),
        definition=definition,
        target=(schema or "", table or ""),
        target_columns=tuple(targets or ()),
        is_valid=valid,
    )


def _index(fact: Fact) -> Index:
    name, columns, classes, options, collations, method, definition, *flags, signature = fact
    unique, owned, valid, whole, more, scans = flags
    return Index(
        name=name,
        columns=tuple(columns),
        sorts=tuple(map("/".join, zip(classes.split(), options.split(), collations.split(), strict=False))),
        signature=signature,
        method=method,
        definition=definition,
        is_unique=unique,
        is_owned=owned,
        is_valid=valid,
        is_whole=whole,
        has_more=more,
        scans=scans,
    )
