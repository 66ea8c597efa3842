"""A finding: what is amiss where, the SQL that shows it, the SQL that would mend it, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.rehearsal.goals.schema.tables import Table, literal


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Rule(StrEnum):
    NO_PRIMARY_KEY = "no-primary-key"
    LINK_WITHOUT_INDEX = "foreign-key-without-index"
    NO_FOREIGN_KEY = "no-foreign-key"
    NOT_VALIDATED = "not-validated"
    NULLABLE = "nullable"
    NOT_UNIQUE = "not-unique"
    NO_CHECK = "no-check"
    WRONG_TYPE = "wrong-type"
    COPIED = "copied-column"
    GROUP = "entity-inside"
    NUMBERED = "numbered-columns"
    LISTED = "list-in-column"
    POLYMORPHIC = "points-anywhere"
    FIXED_JSON = "json-with-fixed-keys"
    DERIVED = "derived-column"
    DEPENDENT = "depends-on-other-column"
    SAME_INDEX = "duplicate-index"
    COVERED_INDEX = "covered-index"
    BROKEN_INDEX = "invalid-index"
    UNUSED_INDEX = "unused-index"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`shows` gives at least one row while the finding stands; `mends` is to be looked over before it is run.

    `note`: what the mending locks, and what to look at before.
    """

    rule: Rule
    severity: Severity
    table: Table
    columns: tuple[str, ...] = ()
    said: str
    shows: str
    mends: str
    note: str = ""

    @property
    def where(self) -> str:
        inside = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.table.title}{inside}"


def constraint_shown(table: Table, kinds: str) -> str:
    """SQL for the constraints of a table: what is missed is not among them."""
    wanted = ", ".join(f"'{kind}'" for kind in kinds)
    return (
        'SELECT c.oid::regclass AS "table", array_agg(pg_get_constraintdef(k.oid)) FILTER (WHERE k.oid IS NOT NULL) '
        f"AS constraints\nFROM pg_class c LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ({wanted})\n"
        f"WHERE c.oid = {_oid(table)} GROUP BY c.oid;"
    )


def column_shown(table: Table, *columns: str) -> str:
    """SQL for how columns are defined."""
    named = ", ".join(map(literal, columns))
    return (
        "SELECT column_name, data_type, is_nullable, column_default\nFROM information_schema.columns\n"
        f"WHERE table_schema = {literal(table.schema)} AND table_name = {literal(table.name)} "
        f"AND column_name IN ({named});"
    )


def commented(sql: str) -> str:
    return "\n".join(f"-- {line}" for line in sql.splitlines())


def _oid(table: Table) -> str:
    return f"{literal(table.sql)}::regclass"
