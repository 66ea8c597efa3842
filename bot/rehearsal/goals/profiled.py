"""The report on a table: its columns with types and ranges, gaps, outliers, three charts, and every query used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rehearsal.goals.questions import Extremes, Question
from bot.rehearsal.goals.steps import figure
from bot.rehearsal.goals.tables import Column, Profile
from bot.rehearsal.goals.words import counted

Block = dict[str, Any]
Answered = Sequence[tuple[Question, list[list[str]]]]
Found = Sequence[tuple[Extremes, list[list[str]]]]
_MOST_NAMED = 8
_LONGEST = 40
_TYPES = {
    "varchar": "text",
    "date": "date",
    "time": "time",
    "boolean": "yes or no",
    "uuid": "identifier",
    "blob": "bytes",
}
_RULE = "more than 1.5 interquartile ranges beyond the quartiles of"


def content(name: str, profile: Profile, asked: Answered, extremes: Found) -> Mapping[str, Any]:
    """As `make_document` takes it. Each question comes with the rows of its answer."""
    blocks = [
        *_overview(name, profile),
        *_gaps(profile),
        *_outliers(profile, extremes),
        *_charts(name, asked),
        *_queries(name, asked, extremes),
    ]
    return {"title": f"Profile of {name}", "blocks": blocks}


def outcome(name: str, target: str, profile: Profile) -> str:
    """The last words to the requester."""
    missing = [f"`{one.name}`: {one.missing:,} missing ({one.part_missing})." for one in _missing(profile)]
    outliers = [f"`{one.name}`: {counted(one.outliers, 'outlier')}." for one in _outlying(profile)]
    gaps = [f"`{one.name}`: {one.gaps} without a row in between." for one in profile.columns if one.gaps]
    lines = [
        f"{counted(profile.rows, 'row')}, {counted(profile.width, 'column')}, "
        f"{counted(profile.repeated, 'repeated row')}.",
        *_some(missing, "with missing values."),
        *_some(outliers, "with outliers."),
        *_some(gaps, "with days or months without a row."),
        *_told_of(profile),
    ]
    return f"Done: `{target}` is the profile of `{name}`.\n{_listed(lines)}"


def _overview(name: str, profile: Profile) -> Iterator[Block]:
    repeated = (
        f"{counted(profile.repeated, 'row')} repeat others" if profile.repeated else "no row repeats another"
    )
    size = f"{counted(profile.rows, 'row')} and {counted(profile.width, 'column')}"
    yield _heading("Overview")
    yield _text(" ".join([f"{name} has {size}; {repeated}.", *_told_of(profile)]))
    yield {
        "type": "table",
        "columns": ["Column", "Type", "From", "To", "Different", "Missing", "Mean"],
        "rows": [_row(profile, one) for one in profile.columns],
    }


def _told_of(profile: Profile) -> Iterator[str]:
    if profile.note:
        yield profile.note
    if profile.width > len(profile.columns):
        told = len(profile.columns)
        yield f"Only its first {f'{told} columns are' if told > 1 else 'column is'} described."


def _row(profile: Profile, one: Column) -> list[str]:
    return [
        one.name,
        _type(one),
        _shown(one.least),
        _shown(one.most),
        one.different,
        f"{one.missing:,}",
        "" if profile.counts_rows(one) else one.mean,
    ]


def _gaps(profile: Profile) -> Iterator[Block]:
    yield _heading("Gaps and oddities")
    gaps = [
        f"{one.name}: {counted(one.missing, 'value')} missing ({one.part_missing})"
        for one in _missing(profile)
    ]
    gaps += [f"{one.name}: no value at all" for one in profile.columns if one.is_empty]
    odd = [line for one in profile.columns for line in _oddities(profile, one)]
    yield _text(_listed([*(gaps or ["No value is missing"]), *odd]))


def _oddities(profile: Profile, one: Column) -> Iterator[str]:
    if one.gaps:
        yield f"{one.name}: {one.gaps} without a row in between"
    if one.padded:
        yield f"{one.name}: {counted(one.padded, 'value')} with blanks before or after"
    if one.distinct == 1 and profile.rows - one.missing > 1:
        yield f"{one.name}: nothing but {_shown(one.least)}"
    if one.endless:
        yield f"{one.name}: {counted(one.endless, 'value')} infinite or not a number, left out of its figures"


def _outliers(profile: Profile, extremes: Found) -> Iterator[Block]:
    if not any(one.quartiles for one in profile.columns):
        return
    yield _heading("Outliers")
    found = [f"{one.name}: {counted(one.outliers, 'value')} {_beyond(one)}" for one in _outlying(profile)]
    if not found:
        yield _text(f"No number lies {_RULE} its column.")
        return
    yield _text(f"These lie {_RULE} their column:\n\n{_listed([*_some(found, 'with outliers')])}")
    for one, rows in extremes:
        if len(rows) > 1:
            caption = f"Most extreme values of {one.column.name}"
            cells = [[_shown(cell) for cell in row] for row in rows[1:]]
            yield {"type": "table", "columns": rows[0], "rows": cells, "caption": caption}


def _beyond(one: Column) -> str:
    """Which, as far as it has any on a side."""
    (least, most), (low, high) = one.ends, one.fences
    sides = [f"below {_about(low)}"] if least < low else []
    return " or ".join([*sides, *([f"above {_about(high)}"] if most > high else [])])


def _about(fence: float) -> str:
    return figure(f"{fence:.4g}")


def _charts(name: str, asked: Answered) -> Iterator[Block]:
    if asked:
        yield _heading("Charts")
    for question, rows in asked:
        note = f" ({question.note})" if question.note else ""
        caption = f"{question.title}{note}. Source: {name}"
        yield {"type": "chart", "chart": question.chart(rows[1:]), "caption": caption}


def _queries(name: str, asked: Answered, extremes: Found) -> Iterator[Block]:
    found = [(question.title, question.sql) for question, _ in asked if question.sql]
    found += [(f"Most extreme values of {one.column.name}", one.sql) for one, _ in extremes]
    behind = " The queries behind the charts and the outliers:" if found else ""
    charts = "" if asked else " No column lends itself to a chart."
    yield _heading("How this was worked out")
    yield _text(f"By fixed rules, of all rows of {name}.{charts}{behind}")
    for title, sql in found:
        yield {"type": "code", "code": f"-- {' '.join(title.split())}\n{sql}", "language": "sql"}


def _missing(profile: Profile) -> list[Column]:
    return [one for one in profile.columns if one.missing]


def _outlying(profile: Profile) -> list[Column]:
    return [one for one in profile.columns if one.outliers]


def _type(one: Column) -> str:
    if one.is_number:
        return "whole number" if one.is_whole else "number"
    return "date and time" if one.type.startswith("timestamp") else _TYPES.get(one.type, one.type)


def _shown(cell: str) -> str:
    return figure(cell) if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…"


def _some(lines: Sequence[str], what: str) -> Iterator[str]:
    """As many as anybody reads, and how many more there are."""
    yield from lines[:_MOST_NAMED]
    if len(lines) > _MOST_NAMED:
        yield f"{counted(len(lines) - _MOST_NAMED, 'more column')} {what}"


def _heading(text: str) -> Block:
    return {"type": "heading", "text": text}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
