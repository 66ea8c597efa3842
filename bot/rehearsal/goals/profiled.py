"""The report on a table: its columns with types and ranges, gaps, outliers, three charts, and every query used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rehearsal.goals.questions import Question
from bot.rehearsal.goals.tables import Column, Profile
from bot.rehearsal.goals.words import counted

Block = dict[str, Any]
_MOST_COLUMNS = 8


def content(
    name: str,
    profile: Profile,
    asked: Sequence[tuple[Question, list[list[str]]]],
    outliers: tuple[Column, str, list[list[str]]] | None,
) -> Mapping[str, Any]:
    """As `make_document` takes it. Each question comes with the rows of its answer."""
    blocks = [
        *_overview(name, profile),
        *_gaps(profile),
        *_outliers(outliers),
        *_charts(name, asked),
        *_queries(name, asked, outliers),
    ]
    return {"title": f"Profile of {name}", "blocks": blocks}


def outcome(name: str, target: str, profile: Profile) -> str:
    """The last words to the requester."""
    missing = [one for one in profile.columns if one.missing]
    standing_out = [one for one in profile.columns if one.outliers]
    lines = [
        f"Done: `{target}` is the profile of `{name}`.",
        f"- {counted(profile.rows, 'row')}, {counted(len(profile.columns), 'column')}, "
        f"{counted(profile.repeated, 'repeated row')}.",
        *(
            f"- `{one.name}`: {one.missing:,} missing ({one.part_missing})."
            for one in missing[:_MOST_COLUMNS]
        ),
        *(f"- `{one.name}`: {counted(one.outliers, 'outlier')}." for one in standing_out[:_MOST_COLUMNS]),
        *(f"- `{one.name}`: {one.gaps} without a row in between." for one in profile.columns if one.gaps),
    ]
    return "\n".join(lines)


def _overview(name: str, profile: Profile) -> Iterator[Block]:
    repeated = (
        f"{counted(profile.repeated, 'row')} repeat others" if profile.repeated else "no row repeats another"
    )
    yield _heading("Overview")
    yield _text(
        f"{name} has {counted(profile.rows, 'row')} and {counted(len(profile.columns), 'column')}; {repeated}."
    )
    yield {
        "type": "table",
        "columns": ["Column", "Type", "From", "To", "Distinct (about)", "Missing", "Mean"],
        "rows": [
            [one.name, one.type, one.least, one.most, one.distinct, one.missing, one.mean]
            for one in profile.columns
        ],
    }


def _gaps(profile: Profile) -> Iterator[Block]:
    yield _heading("Gaps")
    lines = [
        f"{one.name}: {counted(one.missing, 'value')} missing ({one.part_missing})"
        for one in profile.columns
        if one.missing
    ]
    lines += [f"{one.name}: no value at all" for one in profile.columns if one.is_empty]
    lines += [f"{one.name}: {one.gaps} without a row in between" for one in profile.columns if one.gaps]
    yield _text(_listed(lines) or "No value is missing.")


def _outliers(found: tuple[Column, str, list[list[str]]] | None) -> Iterator[Block]:
    yield _heading("Outliers")
    if found is None:
        yield _text("No number lies more than 1.5 interquartile ranges beyond the quartiles of its column.")
        return
    column, _, rows = found
    yield _text(
        f"{column.name} has the most: {counted(column.outliers, 'value')} of it more than 1.5 interquartile ranges "
        "beyond its quartiles."
    )
    if len(rows) > 1:
        yield {
            "type": "table",
            "columns": rows[0],
            "rows": rows[1:],
            "caption": f"The furthest of {column.name}",
        }


def _charts(name: str, asked: Sequence[tuple[Question, list[list[str]]]]) -> Iterator[Block]:
    yield _heading("Charts")
    if not asked:
        yield _text("No column lends itself to a chart.")
    for question, rows in asked:
        note = f" ({question.note})" if question.note else ""
        caption = f"{question.title}{note}. Source: {name}"
        yield {"type": "chart", "chart": question.chart(rows[1:]), "caption": caption}


def _queries(
    name: str,
    asked: Sequence[tuple[Question, list[list[str]]]],
    outliers: tuple[Column, str, list[list[str]]] | None,
) -> Iterator[Block]:
    yield _heading("How it was reckoned")
    yield _text(f"By fixed rules, of all rows of {name}. The queries behind the charts and the outliers:")
    found = [(question.title, question.sql) for question, _ in asked if question.sql]
    if outliers is not None:
        found.append((f"The furthest of {outliers[0].name}", outliers[1]))
    for _, sql in found:
        yield {"type": "code", "code": sql, "language": "sql"}


def _heading(text: str) -> Block:
    return {"type": "heading", "text": text}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
