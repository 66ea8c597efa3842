"""Cells that a function is given at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.reckoning.values import Failed, NotReckoned, Problem, Value


@dataclass(frozen=True)
class Area:
    """Cells row by row, as wide as anything stands in them; `full_*` is what was named."""

    cells: list[Value]
    width: int
    full_width: int
    full_height: int

    @property
    def is_whole(self) -> bool:
        return len(self.cells) == self.full_width * self.full_height


def single(given: Value | Area) -> Value:
    """The one value of an argument that is to be one."""
    if not isinstance(given, Area):
        return given
    if given.full_width * given.full_height != 1:
        raise NotReckoned
    return given.cells[0]


def refuse_problems(cells: Sequence[Value]) -> None:
    for cell in cells:
        if isinstance(cell, Problem):
            raise Failed(cell)


def numbers(cells: Sequence[Value]) -> list[float]:
    """Those among them. One spreadsheet counts what is true as 1, the other not at all."""
    refuse_problems(cells)
    if any(isinstance(cell, bool) for cell in cells):
        raise NotReckoned
    return [float(cell) for cell in cells if isinstance(cell, int | float)]
