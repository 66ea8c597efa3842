"""Rules on indexes: those that cost with every write and give nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity
from bot.rehearsal.goals.schema.tables import Database, Index, Table, literal, quoted

READS_THAT_TELL = 1000
"""A table that was read so often without one of its indexes does not need it, as far as this server has seen."""


def findings(database: Database) -> Iterator[Finding]:
    for table in database.tables:
        for index in table.indexes:
            if found := _found(table, index):
                yield found


def _found(table: Table, index: Index) -> Finding | None:
    """The first of the reasons not to have it: one index is told of once."""
    if not index.is_valid:
        return _broken(table, index)
    if index.is_owned:
        return None
    if twin := next((other for other in table.indexes if _is_twin(index, other)), None):
        return _same(table, index, twin)
    if longer := next((other for other in table.indexes if _covers(other, index)), None):
        return _covered(table, index, longer)
    if index.scans == 0 and not index.is_unique and table.reads >= READS_THAT_TELL:
        return _unused(table, index)
    return None


def _is_twin(index: Index, other: Index) -> bool:
    """Of two the one that carries no constraint goes, or else the later one."""
    same = other.signature == index.signature and other.is_valid and other.name != index.name
    return same and (other.is_owned or other.name < index.name)


def _covers(longer: Index, index: Index) -> bool:
    ends = len(index.columns)
    return (
        not index.is_unique
        and index.is_whole
        and not index.has_more
        and "" not in index.columns
        and longer.is_valid
        and longer.is_whole
        and longer.method == index.method == "btree"
        and (len(longer.columns) > ends or (longer.is_unique and len(longer.columns) == ends))
        and longer.columns[:ends] == index.columns
        and longer.sorts[:ends] == index.sorts
    )


def _same(table: Table, index: Index, twin: Index) -> Finding:
    said = f"The index {index.name} is the same as {twin.name}: each write pays for both."
    return _dropped(
        table, index, Rule.SAME_INDEX, Severity.MEDIUM, said, _shown(table, index.name, twin.name)
    )


def _covered(table: Table, index: Index, longer: Index) -> Finding:
    said = f"The index {index.name} is the beginning of {longer.name}, which serves whatever it serves."
    return _dropped(
        table, index, Rule.COVERED_INDEX, Severity.LOW, said, _shown(table, index.name, longer.name)
    )


def _unused(table: Table, index: Index) -> Finding:
    said = (
        f"The index {index.name} was not used once since this server's statistics began, while the table was read "
        f"{table.reads:,} times."
    )
    shows = (
        f"SELECT indexrelname, idx_scan, pg_size_pretty(pg_relation_size(indexrelid)) AS size\n"
        f"FROM pg_stat_user_indexes WHERE relid = {literal(table.sql)}::regclass "
        f"AND indexrelname = {literal(index.name)} AND idx_scan = 0;"
    )
    return _dropped(table, index, Rule.UNUSED_INDEX, Severity.LOW, said, shows)


def _broken(table: Table, index: Index) -> Finding:
    said = f"The index {index.name} is invalid: it was never finished, is used by no query, and each write pays for it."
    return _dropped(table, index, Rule.BROKEN_INDEX, Severity.HIGH, said, _shown(table, index.name))


def _dropped(table: Table, index: Index, rule: Rule, severity: Severity, said: str, shows: str) -> Finding:
    name = f"{quoted(table.schema)}.{quoted(index.name)}"
    mends = f"DROP INDEX {'' if table.is_partitioned else 'CONCURRENTLY '}{name};"
    notes = {
        Rule.UNUSED_INDEX: "Look on the replicas too, and over a whole month, before it goes.",
        Rule.BROKEN_INDEX: f"Then build it again if it is wanted: {index.definition}.",
    }
    return Finding(
        rule=rule,
        severity=severity,
        table=table,
        columns=tuple(column or "(expression)" for column in index.columns),
        said=said,
        shows=shows,
        mends=mends,
        note=notes.get(rule, "Blocks nobody; not inside a transaction."),
    )


def _shown(table: Table, *indexes: str) -> str:
    named = ", ".join(map(literal, indexes))
    return (
        "SELECT i.indexrelid::regclass AS index, i.indisvalid, pg_get_indexdef(i.indexrelid) AS defined\n"
        "FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid\n"
        f"WHERE i.indrelid = {literal(table.sql)}::regclass AND x.relname IN ({named});"
    )
