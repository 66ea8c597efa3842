"""Rules on normal forms, by names and keys: copies, things inside others, numbered columns, what can be derived."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.rehearsal.goals.schema import mending, naming
from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity, column_shown
from bot.rehearsal.goals.schema.tables import Column, Database, Table, quoted

_NUMBERED = re.compile(r"^(?P<base>[a-z][a-z_]*?)_?(?P<number>[1-9])(?P<rest>_[a-z_]+)?$")
_LINES = re.compile(r"(?:^|_)(?:address|line|street|addr)(?:_line)?$|^(?:sha|md|utf|ipv)$")
_CODES = ("postal_code", "postcode", "zip_code", "zip", "zipcode", "plz")
_TOWNS = ("city", "town")
_PLACES = re.compile("address|location|place|branch|site|venue")
_BIRTHS = ("birth_date", "date_of_birth", "dob", "birthday", "birthdate")
_COUNTS = ("quantity", "qty")
_PRICES = ("unit_price", "price")
_SUMS = ("total", "line_total", "total_price", "amount")


def findings(database: Database) -> Iterator[Finding]:
    for table in database.tables:
        copied = dict(_copies(database, table))
        yield from copied.values()
        yield from _entities(database, table, frozenset(copied))
        yield from _numbered(table)
        yield from _polymorphic(table)
        yield from _derived(table)
        yield from _dependent(table)
        yield from _arrays(database, table)


def _copies(database: Database, table: Table) -> Iterator[tuple[str, Finding]]:
    """`customer_name` beside `customer_id`, where customers have a `name`."""
    for own in table.columns:
        target = _pointed_at(database, table, own)
        if target is None or target is table:
            continue
        begins = [f"{naming.stem(own.name)}_", f"{naming.singular(target.name)}_"]
        for column in table.columns:
            for begin in dict.fromkeys(begins):
                there = column.name.removeprefix(begin)
                is_told = (
                    there in target.by_name
                    and there not in target.key
                    and naming.DESCRIPTIVE.fullmatch(there)
                )
                if column.name.startswith(begin) and is_told and column is not own:
                    yield column.name, _copy(table, own, column, target, there)


def _pointed_at(database: Database, table: Table, column: Column) -> Table | None:
    links = (link for link in table.links if link.columns == (column.name,))
    link = next(links, None)
    return database.target(link) if link else naming.pointed_at(database, table, column)


def _copy(table: Table, own: Column, column: Column, target: Table, there: str) -> Finding:
    joined = (
        f"FROM {table.sql} t JOIN {target.sql} o ON o.{quoted(target.key[0])} = t.{quoted(own.name)}"
        if target.key
        else f"FROM {table.sql} t, {target.sql} o"
    )
    differs = f"t.{quoted(column.name)} IS DISTINCT FROM o.{quoted(there)}"
    return Finding(
        rule=Rule.COPIED,
        severity=Severity.MEDIUM,
        table=table,
        columns=(column.name,),
        said=f"A copy of {target.title}.{there}, which `{own.name}` leads to: when that changes, this stays as it was. "
        "(If it is meant to stay, as a price at the time of sale, keep it and say so in a comment.)",
        shows=f"SELECT count(*) AS copies, count(*) FILTER (WHERE {differs}) AS differ\n{joined};",
        mends=f"-- Once nothing reads it any more:\nALTER TABLE {table.sql} DROP COLUMN {quoted(column.name)};",
        note="Readers take it from the other table by a join first; a view can keep the old shape for them.",
    )


def _entities(database: Database, table: Table, copied: frozenset[str]) -> Iterator[Finding]:
    """`doctor_name`, `doctor_phone` with no key of a doctor: something of its own lives in here."""
    groups: dict[str, list[str]] = {}
    for column in table.columns:
        begin, _, rest = column.name.partition("_")
        if (
            naming.DESCRIPTIVE.fullmatch(rest)
            and not naming.ROLES.fullmatch(begin)
            and column.name not in copied
        ):
            groups.setdefault(begin, []).append(column.name)
    for begin, names in groups.items():
        told = {name.partition("_")[2] for name in names}
        is_linked = any(naming.stem(one.name) == begin for one in table.columns)
        named = told & {"name", "first_name", "last_name", "full_name", "title"}
        if len(names) > 1 and named and not is_linked and not naming.singular(table.name).endswith(begin):
            yield _entity(database, table, begin, names)


def _entity(database: Database, table: Table, begin: str, names: list[str]) -> Finding:
    alike = [other for other in database.tables if set(names) <= other.by_name.keys()]
    others = [other.title for other in alike if other is not table]
    also = f" The same stands in {', '.join(others)}." if others else ""
    listed = ", ".join(map(quoted, names))
    return Finding(
        rule=Rule.GROUP,
        severity=Severity.MEDIUM,
        table=table,
        columns=tuple(names),
        said=f"Describes a {begin}, not what the table is about: the same {begin} is written again in each row, and "
        f"differently by and by.{also}",
        shows=(f"SELECT count(*) AS rows, count(DISTINCT ({listed})) AS different\nFROM {table.sql};"),
        mends=mending.own_table(table, begin, names, is_first=_is_first(database, table, begin, alike)),
        note="A change for whatever writes here: do it in steps, the old columns last.",
    )


def _is_first(database: Database, table: Table, begin: str, alike: list[Table]) -> bool:
    """Whether the table that these columns belong in is neither there nor made for another one before."""
    there = database.table(table.schema, naming.plural(begin))
    return there is None and next(one for one in alike if one.schema == table.schema) is table


def _numbered(table: Table) -> Iterator[Finding]:
    groups: dict[str, dict[int, str]] = {}
    for column in table.columns:
        found = _NUMBERED.match(column.name)
        if found and not _LINES.search(found["base"]):
            groups.setdefault(found["base"] + (found["rest"] or ""), {})[int(found["number"])] = column.name
    for base, members in groups.items():
        if len(members) > 1 and sorted(members) == list(range(1, len(members) + 1)):
            yield _repeated(table, base, [members[at] for at in sorted(members)])


def _repeated(table: Table, base: str, names: list[str]) -> Finding:
    return Finding(
        rule=Rule.NUMBERED,
        severity=Severity.MEDIUM,
        table=table,
        columns=tuple(names),
        said=f"The same thing {len(names)} times, by number: one more needs a new column, and each search looks into "
        "all of them.",
        shows=column_shown(table, *names),
        mends=mending.rows_of(table, base, names),
        note="A change for whatever reads or writes here: do it in steps, the old columns last.",
    )


def _polymorphic(table: Table) -> Iterator[Finding]:
    for column in table.columns:
        kind = column.name.removesuffix("id") + "type"
        if column.name.endswith("_id") and kind in table.by_name and column.name not in table.linked:
            yield Finding(
                rule=Rule.POLYMORPHIC,
                severity=Severity.LOW,
                table=table,
                columns=(kind, column.name),
                said="Points at one table or another, as the type beside it says: no foreign key can hold it to that.",
                shows=f"SELECT {quoted(kind)}, count(*) FROM {table.sql} GROUP BY {quoted(kind)}\nUNION ALL "
                f"SELECT NULL, count(*) FROM {table.sql};",
                mends="-- One column and foreign key for each table that it may point at, and then:\n"
                f"-- ALTER TABLE {table.sql} ADD CHECK (num_nonnulls(…) = 1);",
                note="A change for whatever reads or writes here.",
            )


def _derived(table: Table) -> Iterator[Finding]:
    born = next((name for name in _BIRTHS if name in table.by_name), "")
    if born and "age" in table.by_name:
        yield _derivable(
            table, ("age", born), f"It follows from `{born}`, and is wrong from the next birthday on."
        )
    factors = [next((n for n in some if n in table.by_name), "") for some in (_COUNTS, _PRICES)]
    total = next((n for n in _SUMS if n in table.by_name and not table.by_name[n].is_generated), "")
    if total and all(factors):
        said = f"It is `{factors[0]}` times `{factors[1]}`, kept a second time: the two can differ."
        yield _derivable(table, (total, *factors), said)


def _derivable(table: Table, columns: tuple[str, ...], said: str) -> Finding:
    return Finding(
        rule=Rule.DERIVED,
        severity=Severity.LOW,
        table=table,
        columns=columns,
        said=said,
        shows=column_shown(table, *columns),
        mends=f"-- Once nothing reads it any more (a view, or GENERATED ALWAYS AS, can give it):\n"
        f"ALTER TABLE {table.sql} DROP COLUMN {quoted(columns[0])};",
        note="Locks the table for an instant.",
    )


def _dependent(table: Table) -> Iterator[Finding]:
    """Where a postal code stands the town follows: beside an address that is no wonder, elsewhere it is a copy."""
    for code in (column.name for column in table.columns if column.name.endswith(_CODES)):
        begin = next(code.removesuffix(end) for end in _CODES if code.endswith(end))
        town = next((begin + one for one in _TOWNS if begin + one in table.by_name), "")
        if town and not naming.is_about(table, _PLACES) and not _PLACES.fullmatch(begin.strip("_")):
            yield Finding(
                rule=Rule.DEPENDENT,
                severity=Severity.LOW,
                table=table,
                columns=(code, town),
                said=f"`{town}` follows from `{code}`, not from the row: an address is a thing of its own, and is "
                "written again wherever it is used.",
                shows=column_shown(table, code, town),
                mends=mending.own_table(table, "address", _address(table, begin, code, town)),
                note="A change for whatever writes here: do it in steps, the old columns last.",
            )
            return


def _address(table: Table, begin: str, code: str, town: str) -> list[str]:
    others = [begin + one for one in ("address", "street", "country", "state")]
    return [*(one for one in others if one in table.by_name), code, town]


def _arrays(database: Database, table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if column.type.endswith("[]") and column.name.endswith("_ids"):
            yield mending.listed(
                table, column, "Keys in an array: no foreign key can hold them to what they name."
            )
