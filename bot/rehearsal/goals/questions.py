"""Which questions to a table make three charts of it, and which rows stand out: each with its SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.rehearsal.goals.steps import figure, round_steps
from bot.rehearsal.goals.tables import Column, Profile
from bot.rehearsal.goals.words import counted

CHARTS = 3
_STEPS = 16
_MOST_GROUPS = 50
_MOST_SHOWN = 12
_MOST_DAYS = 62
_MOST_OUTLIERS = 5
_MOST_TABLES = 3
_MOST_BESIDE, _MOST_MEASURED = 5, 3
_MEASURES = 3
_PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class Question:
    """`sql` gives a name and a number in each row, "" where the profile itself has them in `rows`."""

    title: str
    kind: Literal["area", "column", "bar"]
    sql: str = ""
    x_title: str = ""
    y_title: str = "rows"
    rows: tuple[tuple[str, int], ...] = ()
    note: str = ""

    def chart(self, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
        """As `make_document` takes it, from the rows that came back."""
        found = [(str(name), float(value)) for name, value in (rows or self.rows)]
        found = _without_empty_ends(found) if self.kind == "column" else found
        values = [int(value) if value.is_integer() else value for _, value in found]
        return {
            "kind": self.kind,
            "title": self.title,
            "categories": [figure(name) if self.kind == "column" else name for name, _ in found],
            "series": [{"name": self.y_title, "values": values}],
            "x_title": self.x_title,
            "y_title": "" if self.kind == "bar" else self.y_title,
        }


@dataclass(frozen=True, kw_only=True)
class Extremes:
    """A column with outliers, and the query of the rows that have the most extreme of them."""

    column: Column
    sql: str


def questions(profile: Profile) -> list[Question]:
    """Three at most: over time, by group and how numbers are spread first, then more of what there is."""
    times = [_over_time(profile, one) for one in profile.columns if one.is_time and _DAY.match(one.least)]
    spread = [one for one in profile.columns if len(one.quartiles) == 3 and one.least != one.most]
    spread.sort(key=reach, reverse=True)
    numbers = [_spread(profile, one) for one in spread if not profile.names_rows(one)]
    names = [_spread(profile, one) for one in spread if profile.names_rows(one)]
    groups = [
        _by_group(profile, one)
        for one in profile.columns
        if one.type == "varchar" and 1 < one.distinct <= min(_MOST_GROUPS, profile.rows / 2)
    ]
    first = [*times[:1], *groups[:1], *numbers[:1], *_gaps(profile)]
    return [*first, *numbers[1:], *groups[1:], *times[1:], *names][:CHARTS]


def standing_out(profile: Profile) -> list[Extremes]:
    """Of the columns with outliers, those that reach the furthest."""
    found = sorted((one for one in profile.columns if one.outliers), key=reach, reverse=True)
    return [_extremes(profile, column) for column in found[:_MOST_TABLES]]


def reach(column: Column) -> float:
    """How many interquartile ranges its most extreme outlier lies beyond the quartiles; 0 without any."""
    low, _, high = column.quartiles
    if not column.outliers or high <= low:
        return 0.0
    least, most = column.ends
    return max(most - high, low - least) / (high - low)


def _extremes(profile: Profile, column: Column) -> Extremes:
    low, high = column.fences
    name = _quoted(column.name)
    finite = f"isfinite({name}::DOUBLE) AND " if column.endless else ""
    shown = ", ".join(_quoted(one.name) for one in _beside(profile, column))
    return Extremes(
        column=column,
        sql=(
            f"SELECT {shown}\nFROM {_quoted(profile.table)}\n"
            f"WHERE {finite}({name} < {_exact(low)} OR {name} > {_exact(high)})\n"
            f"ORDER BY abs({name} - {_exact(column.quartiles[1])}) DESC LIMIT {_MOST_OUTLIERS}"
        ),
    )


def _beside(profile: Profile, column: Column) -> list[Column]:
    """The column, and those by which a person finds the row: its number, its time, its groups first."""

    def rank(one: Column) -> int:
        if profile.names_rows(one):
            return 0
        return 1 if one.is_time else 2 if one.type == "varchar" and not one.missing else _MEASURES

    others = sorted((one for one in profile.columns if one != column and not one.is_empty), key=rank)
    telling = [one for one in others if rank(one) < _MEASURES][:_MOST_BESIDE]
    taken = (column, *telling, *others[len(telling) : _MOST_MEASURED])
    return [one for one in profile.columns if one in taken]


def _over_time(profile: Profile, column: Column) -> Question:
    """Also the periods without a row are there."""
    unit = _unit(column)
    name, first, last = _quoted(column.name), column.least[:10], column.most[:10]
    sql = (
        f"SELECT strftime(one, '{_PERIODS[unit]}') AS period, count({name}) AS rows\n"
        f"FROM generate_series(date_trunc('{unit}', TIMESTAMP '{first}'), TIMESTAMP '{last}', INTERVAL 1 {unit})\n"
        "  AS periods(one)\n"
        f"LEFT JOIN {_quoted(profile.table)} ON date_trunc('{unit}', {name}::DATE) = one\n"
        "GROUP BY one ORDER BY one"
    )
    return Question(title=f"Rows by {unit} of {column.name}", kind="area", sql=sql, x_title=unit)


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
        f"SELECT {name} AS name, count(*) AS rows\nFROM {_quoted(profile.table)}\nWHERE {name} IS NOT NULL\n"
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_SHOWN}"
    )
    note = f"the {_MOST_SHOWN} most frequent" if column.distinct > _MOST_SHOWN else ""
    return Question(title=f"Rows by {column.name}", kind="bar", sql=sql, note=note)


def _spread(profile: Profile, column: Column) -> Question:
    """In round steps, also those that hold nothing; what stands out is left aside, or they would show nothing else."""
    (least, most), (low, high) = column.ends, column.fences
    low, high = max(low, least), min(high, most)
    name = _quoted(column.name)
    is_part = column.outliers or column.endless
    within = f"\n    FILTER ({name} BETWEEN {_exact(low)} AND {_exact(high)})" if is_part else ""
    steps = round_steps(low, high, _STEPS, is_whole=column.is_whole)
    sql = (
        "SELECT unnest(map_keys(spread)) AS up_to, unnest(map_values(spread)) AS rows\n"
        f"FROM (\n  SELECT histogram({name}::DOUBLE, [{', '.join(steps)}]){within} AS spread\n"
        f"  FROM {_quoted(profile.table)}\n)"
    )
    note = f"without {counted(column.outliers, 'outlier')}" if column.outliers else ""
    is_each = column.is_whole and len(steps) > 1 and int(steps[1]) - int(steps[0]) == 1
    x_title = column.name if is_each else f"{column.name}, up to"
    return Question(title=f"Spread of {column.name}", kind="column", sql=sql, x_title=x_title, note=note)


def _gaps(profile: Profile) -> Iterator[Question]:
    missing = sorted(
        ((one.name, one.missing) for one in profile.columns if one.missing), key=lambda one: -one[1]
    )
    if missing:
        note = f"the {_MOST_SHOWN} with the most" if len(missing) > _MOST_SHOWN else ""
        yield Question(
            title="Missing values by column",
            kind="bar",
            rows=tuple(missing[:_MOST_SHOWN]),
            y_title="missing",
            note=note,
        )


def _without_empty_ends(found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Nothing lies before the first step that holds something, and after the last."""
    filled = [place for place, (_, value) in enumerate(found) if value]
    return found[filled[0] : filled[-1] + 1] if filled else found


def _exact(value: float) -> str:
    """As SQL reads it, and no other number."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
