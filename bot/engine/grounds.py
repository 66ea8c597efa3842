"""What the figures of a task may rest on: what it read and was told, and what is commonly reckoned from that.

Whatever is reckoned also bears out figures that were made up and happen to be near, the more so the more there is of
it. So only what belongs together is: what stands in one row, one column, or a few words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise, permutations

from bot.engine.figures import NUMBER, Figure, numbers, scaled

_PATH = re.compile(r"[\w.~-]*/[\w.-]+/[\w./-]+")
_MOMENT = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?)?\b|\b\d{1,2}:\d\d(?::\d\d)?\b")
_IN_TIME = re.compile(
    r"\W*(?:\d{4}\b|q[1-4]\b|h[12]\b|(?:week|kw|day|month|year)\b|\d{1,2}[./]\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|"
    r"oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b)",
    re.I,
)
_DAY = "day"
_COMMA = re.compile(r"[^\s\d],\S|\d\.\d+,\S|\d{4},\S|\S,(?!\d{3}(?!\d))\S")
_SMALL = 12
_LISTED = 50
_FEW, _SOME = 6, 24
_ALONE = 2
_MOST_POOLED = 10
_MOST_CELLS = 5_000
_MOST_ACROSS, _MOST_DOWN = 8, 14
_ALIKE = 4

Row = list[float | None]


@dataclass(frozen=True)
class _Reckoned:
    """`amounts` are of the kind of what was read: sums, means, differences. `parts` are shares, changes and ratios."""

    amounts: set[float] = field(default_factory=set)
    parts: set[float] = field(default_factory=set)

    def differ(self, one: float, other: float) -> None:
        """From the other to the one: by how much, by which part of it, and how many times the larger is."""
        self.amounts.add(abs(one - other))
        if other:
            self.parts.add(abs((one - other) / other))
        if one and other:
            self.parts.add(max(abs(one / other), abs(other / one)))

    def compare_all(self, found: Sequence[float]) -> None:
        self.sum_up(found)
        for one, other in permutations(dict.fromkeys(found), 2):
            self.amounts.add(one + other)
            self.differ(one, other)
            if other:
                self.parts.add(abs(one / other))

    def sum_up(self, found: Sequence[float]) -> None:
        if found:
            self.amounts.update((sum(found), sum(found) / len(found)))


class Grounds:
    """The results of a task and what it was told."""

    def __init__(self, told: Iterable[str]) -> None:
        told = [_MOMENT.sub(_DAY, _PATH.sub(" ", text)) for text in told]
        tables = [_as_tables(text) for text in told]
        reckoned = _reckoned(tables)
        lines = [text.count("\n") + 1 for text in told]
        self._listed = min(max(lines, default=0), _LISTED)
        read = {value for text in {*told, *tables} for value in scaled(text)}
        self._amounts = sorted(read | reckoned.amounts | set(map(float, lines)))
        self._parts = sorted(reckoned.parts)

    def bear(self, figure: Figure) -> bool:
        """A whole number without a unit may also count what is listed, or small things that nobody lists."""
        if figure.is_count and figure.readings[0][0] <= max(_SMALL, self._listed):
            return True
        return any(self._bears(figure, value, within) for value, within in figure.readings)

    def _bears(self, figure: Figure, value: float, within: float) -> bool:
        if _is_near(self._parts, value, within, 0.01 if figure.is_percent else 1.0):
            return True
        factors = (
            (1.0, 0.01) if figure.is_percent else (1.0, 100.0, 0.01, 1e3, 1e6) if figure.is_exact else (1.0,)
        )
        return any(_is_near(self._amounts, value, within, factor) for factor in factors)


def _is_near(found: list[float], value: float, within: float, factor: float) -> bool:
    reach = within * factor + 1e-9 * max(1.0, abs(value * factor))
    at = bisect_left(found, value * factor - reach)
    return at < len(found) and found[at] <= value * factor + reach


def _as_tables(text: str) -> str:
    """Lines of as many values each, with commas between them, as the rows of a table."""
    told = []
    for count, group in groupby(text.splitlines(), key=_values_between_commas):
        lines = list(group)
        is_table = count > 1 and len(lines) > 1
        told += [f"|{line.replace(',', '|')}|" for line in lines] if is_table else lines
    return "\n".join(told)


def _values_between_commas(line: str) -> int:
    """None where each comma is one of a sentence or within a number."""
    return len(line.split(",")) if _COMMA.search(line) else 0


def _reckoned(told: Sequence[str]) -> _Reckoned:
    found, alone = _Reckoned(), list[float]()
    for text in told:
        for paragraph in re.split(r"\n\s*\n", text):
            _of_paragraph(paragraph, found)
        cells = [line for line in text.splitlines() if line.lstrip().startswith("|")]
        few = list(numbers("\n".join(cells) if cells else text))
        if len(few) <= _ALONE:
            alone += few
    found.compare_all(alone[-_MOST_POOLED:])
    return found


def _of_paragraph(text: str, found: _Reckoned) -> None:
    """A table by its cells; other lines with as many numbers each are one too, and else what is in few words."""
    lines = text.splitlines()
    cells = [line.strip().strip("|").split("|") for line in lines if line.lstrip().startswith("|")]
    _of_table([[_cell(cell) for cell in row] for row in cells], [row[0] for row in cells], found)
    others = [line for line in lines if not line.lstrip().startswith("|")]
    together = list(numbers("\n".join(others)))
    if len(together) <= _FEW:
        found.compare_all(together)
        return
    if len(together) <= _SOME:
        found.parts.update(one / max(together) for one in together if max(together))
    for _, group in groupby(others, key=lambda line: len(list(numbers(line)))):
        same = list(group)
        _of_table([list(numbers(line)) for line in same], same, found)


def _of_table(rows: Sequence[Row], heads: Sequence[str], found: _Reckoned) -> None:
    if sum(map(len, rows)) > _MOST_CELLS:
        return
    in_time = sum(1 for head in heads if _IN_TIME.match(head)) > len(heads) / 2
    totals = []
    for at in range(max(map(len, rows), default=0)):
        column = [value for row in rows if at < len(row) and (value := row[at]) is not None]
        if len(column) > 1:
            totals.append(sum(column))
            _of_column(column, found, in_time=in_time)
    found.compare_all(totals[:_MOST_ACROSS])
    for row in rows if len(rows) <= _MOST_DOWN else ():
        _of_row([value for value in row if value is not None][:_MOST_ACROSS], found)


def _of_column(column: list[float], found: _Reckoned, *, in_time: bool) -> None:
    """What follows each other is compared where time passes, or there is little; else the outermost."""
    found.sum_up(column)
    if total := sum(column):
        found.parts.update(abs(value / total) for value in column)
    ranked = sorted(column)
    pairs = {
        (column[0], column[-1]),
        (ranked[0], ranked[-1]),
        (ranked[-1], ranked[0]),
        (ranked[-2], ranked[-1]),
    }
    if len(column) <= (2 * _MOST_DOWN if in_time else _FEW):
        pairs |= set(pairwise(column))
    for before, after in pairs:
        found.differ(after, before)


def _of_row(row: list[float], found: _Reckoned) -> None:
    """What is not of one size is a part or a multiple; nobody tells by how many percent it differs."""
    found.sum_up(row)
    for one, other in permutations(dict.fromkeys(row), 2):
        if not other or 1 / _ALIKE < abs(one / other) < _ALIKE:
            found.differ(one, other)
        else:
            found.parts.add(abs(one / other))


def _cell(text: str) -> float | None:
    match = re.fullmatch(rf"\W*({NUMBER})\W*", text)
    return next(numbers(match[1])) if match else None
