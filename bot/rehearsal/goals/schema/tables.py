"""What a database says of itself: its tables with their columns, constraints and indexes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
_RESERVED = re.compile(
    r"all|analyse|analyze|and|any|array|as|asc|asymmetric|authorization|binary|both|case|cast|check|collate"
    r"|collation|column|concurrently|constraint|create|cross|current_catalog|current_date|current_role"
    r"|current_schema|current_time|current_timestamp|current_user|default|deferrable|desc|distinct|do|else|end"
    r"|except|false|fetch|for|foreign|freeze|from|full|grant|group|having|ilike|in|initially|inner|intersect|into"
    r"|is|isnull|join|lateral|leading|left|like|limit|localtime|localtimestamp|natural|not|notnull|null|offset|on"
    r"|only|or|order|outer|overlaps|placing|primary|references|returning|right|select|session_user|similar|some"
    r"|symmetric|system_user|table|tablesample|then|to|trailing|true|union|unique|user|using|variadic|verbose|when"
    r"|where|window|with"
)


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    plain = _PLAIN.fullmatch(name) and not _RESERVED.fullmatch(name)
    return name if plain else '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def names(columns: Iterable[str]) -> str:
    return ", ".join(map(quoted, columns))


@dataclass(frozen=True, kw_only=True)
class Column:
    """`is_closed`: its type (an enum, a domain, a boolean) allows what it should and no more."""

    name: str
    type: str
    is_required: bool
    default: str = ""
    is_generated: bool = False
    is_closed: bool = False

    @property
    def is_text(self) -> bool:
        return self.type.startswith(("text", "character", "varchar", "citext", "bpchar"))

    @property
    def is_number(self) -> bool:
        return self.type.startswith(("integer", "bigint", "smallint", "numeric", "real", "double", "money"))

    @property
    def is_whole_number(self) -> bool:
        return self.type in ("integer", "bigint", "smallint")


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """`kind`: p(rimary key), u(nique), f(oreign key), c(heck), x (exclusion)."""

    name: str
    kind: str
    columns: tuple[str, ...]
    definition: str = ""
    target: tuple[str, str] = ("", "")
    target_columns: tuple[str, ...] = ()
    is_valid: bool = True


@dataclass(frozen=True, kw_only=True)
class Index:
    """`columns` are its keys in order, "" for an expression; `sorts` how each of them is compared and sorted.

    Two of one `signature` are the same index. `is_owned`: it carries a constraint. `is_whole`: it covers every row.
    """

    name: str
    columns: tuple[str, ...]
    sorts: tuple[str, ...]
    signature: str
    method: str
    definition: str
    is_unique: bool = False
    is_owned: bool = False
    is_valid: bool = True
    is_whole: bool = True
    has_more: bool = False
    scans: int = 0


@dataclass(frozen=True, kw_only=True)
class Table:
    """`rows` is an estimate of the planner, -1 where it has none; `reads` counts since statistics began."""

    schema: str
    name: str
    is_partitioned: bool = False
    rows: int = -1
    reads: int = 0
    is_readable: bool = True
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = field(default=())

    @property
    def sql(self) -> str:
        """Its name as SQL takes it."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def title(self) -> str:
        return f"{self.schema}.{self.name}"

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key."""
        return next((one.columns for one in self.constraints if one.kind == "p"), ())

    @property
    def links(self) -> list[Constraint]:
        """Its foreign keys."""
        return [one for one in self.constraints if one.kind == "f"]

    @cached_property
    def linked(self) -> frozenset[str]:
        """Columns that are part of a foreign key."""
        return frozenset(name for one in self.links for name in one.columns)

    @cached_property
    def checked(self) -> frozenset[str]:
        """Columns that a CHECK names."""
        return frozenset(name for one in self.constraints if one.kind in "cx" for name in one.columns)

    def is_unique(self, name: str) -> bool:
        """Whether the column is the key of a unique index, by itself or as one of several."""
        uniques = [one for one in self.indexes if one.is_unique and one.is_valid]
        inside = re.compile(rf"\W{re.escape(name)}\W")
        return any(
            name in one.columns or ("" in one.columns and inside.search(one.definition)) for one in uniques
        )


@dataclass(frozen=True)
class Database:
    """All that was read. `version` is the server's own words."""

    version: str
    tables: tuple[Table, ...]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Table]:
        return {(one.schema, one.name): one for one in self.tables}

    def table(self, schema: str, name: str) -> Table | None:
        return self._by_name.get((schema, name))

    def target(self, link: Constraint) -> Table | None:
        return self.table(*link.target)
