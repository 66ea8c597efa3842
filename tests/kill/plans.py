"""Where to kill: the points of a story as its rehearsals reached them, every name of them, and how often each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.kill.stage import Plan, Played
from tests.kill.stories import Story
from tests.kill.victim import Crossed

PACED = ("outbox.", "slack.", "intake.")
"""How often these are reached depends on how fast Slack and the person are: only the first of a stretch is sure."""


def steady(rehearsals: Sequence[Played]) -> list[Crossed]:
    """What is reached every time, in the order of the first."""
    always = set.intersection(*(set(one.crossed[0]) for one in rehearsals))
    return [at for at in rehearsals[0].crossed[0] if at in always and (at.number == 1 or not _is_paced(at))]


def some(points: Iterable[Crossed]) -> list[Crossed]:
    """Of every name the first."""
    by_name: dict[str, list[Crossed]] = {}
    for at in points:
        by_name.setdefault(at.point, []).append(at)
    return [at for found in by_name.values() for at in found[:1]]


def unknown(points: Iterable[Crossed], known: Iterable[Crossed]) -> list[Crossed]:
    """Those whose names are not among the known."""
    names = {at.point for at in known}
    return [at for at in points if at.point not in names]


def recoveries(played: Iterable[Played], known: Iterable[Crossed]) -> dict[Story, list[Plan]]:
    """For names that only a life after a death reaches: where to die first, and then there."""
    names = {at.point for at in known}
    plans: dict[Story, list[Plan]] = {}
    for one in played:
        for at in one.crossed[-1] if len(one.deaths) == 1 else ():
            if at.point not in names:
                names.add(at.point)
                plans.setdefault(one.story, []).append((one.deaths[0], at))
    return plans


def _is_paced(at: Crossed) -> bool:
    return at.point.startswith(PACED)
