"""Which questions to a table make three charts of it, and which rows stand out: each with its SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bot.rehearsal.goals.tables import Column, Profile
from bot.rehearsal.goals.words import counted

CHARTS = 3
_BINS = 10
_MOST_GROUPS = 50
_MOST_SHOWN = 12
_MOST_DAYS = 62
_MOST_OUTLIERS = 5
_PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """`sql` gives a name and a number in each row, "" where the profile itself has them in `rows`."""

    title: str
    kind: Literal["line", "column", "bar"]
    sql: str = ""
    x_title: str = ""
    y_title: str = "rows"
    rows: tuple[tuple[str, int], ...] = ()
    note: str = ""

    def chart(self, rows: list[list[str]]) -> dict[str, Any]:
        """As `make_document` takes it, from the rows that came back."""
        found = [(name, float(value)) for name, value in (rows or self.rows)]
        values = [int(value) if value.is_integer() else value for _, value in found]
        return {
            "kind": self.kind,
            "title": self.title,
            "categories": [name for name, _ in found],
            "series": [{"name": self.y_title, "values": values}],
            "x_title": self.x_title,
            "y_title": "" if self.kind == "bar" else self.y_title,
        }


def questions(profile: Profile) -> list[Question]:
    """Three at most: over time, by group and how numbers are spread first, then more of what there is."""
    times, numbers, groups = [], [], []
    for column in profile.columns:
        if column.is_time and column.least:
            times.append(_over_time(profile, column))
        elif column.is_number and len(column.quartiles) == 3 and column.least != column.most:
            numbers.append(_spread(profile, column))
        elif column.type == "varchar" and 1 < column.distinct <= _MOST_GROUPS:
            groups.append(_by_group(profile, column))
    first = [*times[:1], *groups[:1], *numbers[:1], *_gaps(profile)]
    return [*first, *numbers[1:], *groups[1:], *times[1:]][:CHARTS]


def standing_out(profile: Profile) -> tuple[Column, str] | None:
    """The column with the most outliers, and the query of the rows that have them."""
    column = max(profile.columns, key=lambda one: one.outliers, default=None)
    if column is None or not column.outliers:
        return None
    low, high = column.fences
    name = _quoted(column.name)
    return column, (
        f"SELECT * FROM {_quoted(profile.table)} WHERE {name} < {low!r} OR {name} > {high!r} "
        f"ORDER BY abs({name} - {column.quartiles[1]!r}) DESC LIMIT {_MOST_OUTLIERS}"
    )


def _over_time(profile: Profile, column: Column) -> Question:
    unit = _unit(column)
    name = _quoted(column.name)
    sql = (
        f"SELECT strftime({name}, '{_PERIODS[unit]}') AS period, count(*) AS rows FROM {_quoted(profile.table)} "
        f"WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return Question(title=f"Rows by {unit} of {column.name}", kind="line", sql=sql, x_title=unit)


def _unit(column: Column) -> str:
    """By how far apart the first and the last are."""
    years = int(column.most[:4]) - int(column.least[:4])
    months = 12 * years + int(column.most[5:7]) - int(column.least[5:7])
    if months * 31 < _MOST_DAYS:
        return "day"
    return "month" if months <= _MOST_DAYS else "year"


def _by_group(profile: Profile, column: Column) -> Question:
    name = _quoted(column.name)
    sql = (
        f"SELECT {name} AS name, count(*) AS rows FROM {_quoted(profile.table)} WHERE {name} IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_SHOWN}"
    )
    note = f"the {_MOST_SHOWN} most frequent" if column.distinct > _MOST_SHOWN else ""
    return Question(title=f"Rows by {column.name}", kind="bar", sql=sql, note=note)


def _spread(profile: Profile, column: Column) -> Question:
    """In ten steps of the range; what stands out of it is left aside, or the steps would show nothing else."""
    least, most = (float(one.replace(",", "")) for one in (column.least, column.most))
    low, high = column.fences
    low, high = max(low, least), min(high, most)
    name = f"{_quoted(column.name)}::DOUBLE"
    step = (high - low) / _BINS or 1.0
    at = f"{low!r} + {step!r} * least(floor(({name} - {low!r}) / {step!r}), {_BINS - 1})"
    sql = (
        f"SELECT printf('%.4g', {at}) AS from_value, count(*) AS rows FROM {_quoted(profile.table)} "
        f"WHERE {name} BETWEEN {low!r} AND {high!r} GROUP BY 1, {at} ORDER BY {at}"
    )
    note = f"without {counted(column.outliers, 'outlier')}" if column.outliers else ""
    return Question(
        title=f"How {column.name} is spread", kind="column", sql=sql, x_title=f"{column.name} from", note=note
    )


def _gaps(profile: Profile) -> Iterator[Question]:
    missing = tuple((one.name, one.missing) for one in profile.columns if one.missing)
    if missing:
        yield Question(title="Missing values by column", kind="bar", rows=missing, y_title="missing")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
