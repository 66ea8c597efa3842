"""The job of looking through tables: of all rows, what each column holds, and what stands out in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from bot.documents.inspected import counted
from bot.documents.loading import MEMORY as MEMORY
from bot.documents.loading import File, answered, converted, quoted, said
from bot.errors import ToolError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_COLUMNS = 200
_MOST_COUNTED = 5_000_000
_AT_ONCE = 1_000_000
_MOST_TOP = 5
_FIGURES = 7
_FLOATS = ("FLOAT", "DOUBLE")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = (*_WHOLE, *(f"U{one}" for one in _WHOLE), *_FLOATS, "DECIMAL")
_TIMES = ("DATE", "TIMESTAMP")
_FENCE = 1.5
"""Beyond so many interquartile ranges from the quartiles a number stands out (Tukey's fences)."""


class Order(BaseModel):
    files: list[File]


class Top(BaseModel):
    value: str
    count: int


class Column(BaseModel):
    """`distinct` is exact where it `is_counted`, else about right (HyperLogLog, within some percent); the rest is exact
    but for the quartiles of numbers.

    `endless` counts what is not a number or has no end (nan, inf): it is in none of the other figures of numbers.
    `outliers` are numbers beyond Tukey's fences. `gaps` are days without a row between the first and the last, of dates
    that are otherwise nearly daily, else months.
    """

    name: str
    type: str
    missing: int
    distinct: int
    is_counted: bool = True
    least: str = ""
    most: str = ""
    mean: float | None = None
    quartiles: list[float] = Field(default_factory=list)
    endless: int = 0
    outliers: int = 0
    gaps: int = 0
    gap_unit: str = ""
    padded: int = 0
    top: list[Top] = Field(default_factory=list)


class Profile(BaseModel):
    """`repeated` counts rows that stand there once more than they need to; `left_out` are the columns of which no more
    is known than that."""

    table: str
    rows: int
    repeated: int
    columns: list[Column]
    left_out: list[str] = Field(default_factory=list)


class Told(BaseModel):
    """`notes` is what whoever reads the profiles should know of how the file was read."""

    tables: list[Profile]
    notes: list[str] = Field(default_factory=list)


def done(order: Order) -> Told:
    import duckdb

    def ask(database: DuckDBPyConnection, names: list[str]) -> Told:
        profiles = [_profile(database, name) for name in names]
        return Told(tables=profiles, notes=converted(order.files, Path.cwd()))

    try:
        return answered(order.files, Path.cwd(), ask)
    except duckdb.Error as error:
        raise ToolError(f"The file could not be looked through to its end: {said(error)}") from None


def words(profile: Profile) -> str:
    """For whoever reads it, a model or a person."""
    repeated = f", {profile.repeated:,} of them repeats of others" if profile.repeated else ""
    width = len(profile.columns) + len(profile.left_out)
    head = f"{profile.table}: {counted(profile.rows, 'row')}{repeated}, {counted(width, 'column')}"
    lines = [head, *(f"- {_told(column, profile.rows)}" for column in profile.columns)]
    if profile.left_out:
        lines.append(
            f"[only the first {len(profile.columns)} columns are told; {len(profile.left_out):,} more, "
            f"from {profile.left_out[0]} to {profile.left_out[-1]}: ask query_data about them]"
        )
    return "\n".join(lines)


def _told(column: Column, rows: int) -> str:
    parts = [f"{column.name} ({column.type.lower()})"]
    if column.missing == rows:
        return f"{parts[0]}: empty"
    if column.missing + column.endless < rows:
        parts.append(f"{column.least} to {column.most}")
    parts.append(f"{'' if column.is_counted else 'about '}{column.distinct:,} distinct")
    if column.missing:
        parts.append(f"{column.missing:,} missing ({column.missing / rows:.1%})")
    parts += _of_numbers(column)
    if column.gaps:
        parts.append(f"{column.gaps:,} {column.gap_unit}s without a row in between")
    if column.padded:
        parts.append(f"{column.padded:,} with blanks at an end")
    if column.top:
        parts.append("most often " + ", ".join(f"{one.value!r} ({one.count:,})" for one in column.top))
    return "; ".join(parts)


def _of_numbers(column: Column) -> Iterator[str]:
    if column.mean is not None:
        yield f"mean {_figure(column.mean)}, quartiles {', '.join(map(_figure, column.quartiles))}"
    if column.endless:
        yield f"{column.endless:,} nan or infinite, left out of the figures"
    if column.outliers:
        yield f"{column.outliers:,} outliers (more than 1.5 interquartile ranges beyond the quartiles)"


def _figure(value: float) -> str:
    """In full where it is large: nobody reads 5.0005e+09."""
    return f"{value:,.0f}" if 1e5 <= abs(value) < 1e15 else f"{value:,.6g}"


def _profile(database: DuckDBPyConnection, table: str) -> Profile:
    source = quoted(table)
    described = database.execute(f"describe {source}").fetchall()
    every = [str(name) for name, *_ in described]
    kinds = {str(name): str(kind) for name, kind, *_ in described[:_MOST_COLUMNS]}
    counted = ", ".join(part for name, kind in kinds.items() for part in _counted(quoted(name), kind))
    rows, *values = _row(database, f"select count(*), {counted} from {source}")
    groups = [values[at : at + _FIGURES] for at in range(0, len(values), _FIGURES)]
    exact = _different(database, source, kinds, rows)
    columns = [
        _column(database, source, name, kind, rows, [*group, exact.get(name)])
        for (name, kind), group in zip(kinds.items(), groups, strict=True)
    ]
    hashed = f"select hash({', '.join(map(quoted, every))}) as h from {source} group by h"
    (different,) = _row(database, f"select count(*) from ({hashed})")
    left_out = every[_MOST_COLUMNS:]
    return Profile(table=table, rows=rows, repeated=rows - different, columns=columns, left_out=left_out)


def _different(database: DuckDBPyConnection, source: str, names: Iterable[str], rows: int) -> dict[str, int]:
    """How many different values each column has, exactly, where the table is small enough to count them."""
    import duckdb

    names = list(names)
    found: dict[str, int] = {}
    if not rows or rows * len(names) > _MOST_COUNTED:
        return {}
    step = max(1, min(10, _AT_ONCE // rows))
    for part in (names[at : at + step] for at in range(0, len(names), step)):
        counts = ", ".join(f"count(distinct {quoted(name)})" for name in part)
        with suppress(duckdb.OutOfMemoryException):  # of long texts: it stays with about
            found.update(zip(part, _row(database, f"select {counts} from {source}"), strict=True))
    return found


def _counted(column: str, kind: str) -> list[str]:
    """So many figures of a column, all in the one pass over the file."""
    is_number, is_text, is_float = _is(kind, _NUMBERS), kind == "VARCHAR", _is(kind, _FLOATS)
    finite = f" filter (where isfinite({column}))" if is_float else ""
    quartiles = f"approx_quantile({column}::double, [0.25, 0.5, 0.75]){finite}"
    return [
        f"count({column})",
        f"approx_count_distinct({column})",
        f"min({column}){finite}::varchar",
        f"max({column}){finite}::varchar",
        f"[avg({column}){finite}] || {quartiles}" if is_number else "null",
        f"count_if({column} <> trim({column}))" if is_text else "null",
        f"count_if(not isfinite({column}))" if is_float else "null",
    ]


def _column(
    database: DuckDBPyConnection, source: str, name: str, kind: str, rows: int, group: list[Any]
) -> Column:
    there, about, least, most, middle, padded, endless, exact = group
    distinct = min(there, int(float(f"{about:.3g}"))) if exact is None else exact
    gaps, unit = _gaps(database, source, name) if there and kind.startswith(_TIMES) else (0, "")
    mean, *quartiles = middle if middle and middle[0] is not None else (None,)
    return Column(
        name=name,
        type=kind,
        missing=rows - there,
        distinct=distinct,
        is_counted=exact is not None,
        least=_short(least),
        most=_short(most),
        mean=mean,
        quartiles=quartiles,
        endless=endless or 0,
        outliers=_outliers(database, source, name, quartiles) if quartiles else 0,
        gaps=gaps,
        gap_unit=unit,
        padded=padded or 0,
        top=_top(database, source, name) if distinct < rows / 2 and distinct <= 10_000 else [],
    )


def _outliers(database: DuckDBPyConnection, source: str, name: str, quartiles: list[float]) -> int:
    low, _, high = quartiles
    reach = _FENCE * (high - low)
    column = quoted(name)
    is_within = f"{column} between '{low - reach!r}'::double and '{high + reach!r}'::double"
    return int(
        _row(
            database, f"select count(*) from {source} where not ({is_within}) and isfinite({column}::double)"
        )[0]
    )


def _gaps(database: DuckDBPyConnection, source: str, name: str) -> tuple[int, str]:
    column = quoted(name)
    days, span, months, month_span = _row(
        database,
        f"select count(distinct {column}::date), date_diff('day', min({column})::date, max({column})::date) + 1, "
        f"count(distinct date_trunc('month', {column}::date)), "
        f"date_diff('month', min({column})::date, max({column})::date) + 1 from {source} where isfinite({column})",
    )
    if span is None:  # without an end, all of them
        return 0, ""
    if days >= 0.6 * span:
        return span - days, "day"
    return month_span - months, "month"


def _top(database: DuckDBPyConnection, source: str, name: str) -> list[Top]:
    column = quoted(name)
    found = database.execute(
        f"select {column}::varchar, count(*) from {source} where {column} is not null "
        f"group by 1 order by 2 desc, 1 limit {_MOST_TOP}"
    ).fetchall()
    return [Top(value=_short(value), count=count) for value, count in found]


def _row(database: DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = database.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _short(value: str | None) -> str:
    text = " ".join((value or "").split())
    return text if len(text) <= 80 else f"{text[:80]}…"


def _is(kind: str, kinds: tuple[str, ...]) -> bool:
    return kind.startswith(kinds) and not kind.endswith("[]")
