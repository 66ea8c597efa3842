"""A draft of an order: for every file where it goes, and what the requester's words changed about that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from bot.rehearsal.goals.filing import Filing
from bot.rehearsal.goals.naming import Convention
from bot.rehearsal.goals.words import key


@dataclass(frozen=True, kw_only=True)
class Placement:
    """What is to become of one file. `kept` leaves it where it is; `own_name` only its name."""

    filing: Filing
    department: str
    type: str
    kept: bool = False
    own_name: bool = False
    renamed: str = ""

    @property
    def period(self) -> str:
        """The file's month, or nothing."""
        return self.filing.period

    def group(self, by: str) -> str:
        """The name of the folder it belongs in when files are grouped so; empty when that is not known."""
        year = self.period[:4]
        return {"department": self.department, "type": self.type, "year": year, "period": self.period}[by]

    def lacks(self, needs: Iterable[str]) -> list[str]:
        """Which of the needed facts were not found."""
        known = {"department": self.department, "type": self.type, "period": self.period}
        return [need for need in ("department", "period", "type") if need in needs and not known[need]]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Every file's placement and the rules for all of them."""

    placements: tuple[Placement, ...]
    convention: Convention
    grouping: str = "department"
    flat: bool = False

    def changed(self, chosen: Iterable[Placement], change: Callable[[Placement], Placement]) -> Draft:
        """The draft with a change to the chosen placements."""
        paths = {placement.filing.path for placement in chosen}
        return replace(
            self,
            placements=tuple(change(p) if p.filing.path in paths else p for p in self.placements),
        )


def drafted(filings: Iterable[Filing], convention: Convention) -> Draft:
    """The draft before anyone said anything about it."""
    known = [_from_name(filing, convention) if filing.problem else filing for filing in filings]
    return Draft(
        placements=tuple(Placement(filing=f, department=f.department, type=f.type) for f in known),
        convention=convention,
    )


def _from_name(filing: Filing, convention: Convention) -> Filing:
    """An unread file that already lies in its folder, under a name that follows the convention, stays there."""
    said = convention.parsed(PurePosixPath(filing.name).stem)
    if not said or key(said.get("department", filing.folder)) != key(filing.folder):
        return filing
    period = f"{said.get('year', '')}-{said.get('month', '')}".strip("-")
    return replace(filing, department=filing.folder, period=period, type=said.get("type", ""))
