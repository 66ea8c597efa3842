"""Where to kill: the points of every story as its rehearsals reached them, several deaths a world or one in each."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.kill.member import Crossed
from tests.kill.stage import Plan, Played, Stage
from tests.kill.stories import Story

EVERY = os.environ.get("COWORK_KILLS") == "every"
"""Kill at every point, each in a world of its own, and not only at the first of every name."""

DEATHS = 8
"""Of a kind of process in one world, at most."""

ON_THE_SPOT = 3
"""Slack brings a delivery again three times, and a task that dies five times without getting on is let be."""

_PACED = ("outbox.", "slack.", "intake.", "fleet.")
"""How often these are reached depends on how fast everybody is: only the first of a stretch is sure."""

_TRIES = 3

Name = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """`by_chance`: they were planned and not reached again, as when two updates of a message were sent as one."""

    played: tuple[Played, ...]
    by_chance: tuple[Crossed, ...]

    @property
    def points(self) -> set[Crossed]:
        """Where somebody was killed."""
        return {at for one in self.played for at in one.deaths}

    @property
    def reached(self) -> set[str]:
        return {at.point for one in self.played for at in one.crossed}

    def summary(self, where: str) -> list[str]:
        kills = sum(len(one.deaths) for one in self.played)
        lost, doubled = sum(one.lost for one in self.played), sum(one.doubled for one in self.played)
        asked = sum(one.questions for one in self.played)
        said = f"{len(self.points)} points, {kills} kills, {lost} lost, {doubled} doubled, {asked} questions"
        missed = ", ".join(map(str, self.by_chance)) or "none"
        return [
            f"kill harness: {where}, {said}",
            f"  reached by chance only, and not killed there this time: {len(self.by_chance)} ({missed})",
        ]


def waged(stage: Stage, stories: Sequence[Story], *, every: bool = EVERY) -> Campaign:
    """Rehearse every story, and kill where no story before it came; then what was missed, and what deaths led to."""
    rehearsals = stage.play((story, ()) for story in stories for _ in range(2 if every else 1))
    played = stage.play(_deaths(rehearsals, stories, every=every))
    known = {_name(at) for one in rehearsals for at in one.crossed}
    played += stage.play(_recoveries(played, known))
    for _ in range(_TRIES):
        played += stage.play([(story, [at]) for at, story in _missed(played).items()])
    return Campaign(played=(*rehearsals, *played), by_chance=tuple(_missed(played)))


def _deaths(
    rehearsals: Sequence[Played], stories: Sequence[Story], *, every: bool
) -> Iterator[tuple[Story, Plan]]:
    known: set[Name] = set()
    for story in stories:
        points = [
            at for at in _steady([one for one in rehearsals if one.story is story]) if _name(at) not in known
        ]
        known |= {_name(at) for at in points}
        plans = [[at] for at in points] if every else _chains(_firsts(points))
        yield from ((story, plan) for plan in plans)


def _steady(rehearsals: Sequence[Played]) -> list[Crossed]:
    """What every rehearsal reaches, in the order of the first."""
    always = set.intersection(*(set(one.crossed) for one in rehearsals))
    return [at for at in rehearsals[0].crossed if at in always and (at.number == 1 or not _is_paced(at))]


def _firsts(points: Iterable[Crossed]) -> list[Crossed]:
    """Of every name the first, in whatever stretch."""
    return list(dict.fromkeys(_first(at) for at in points))


def _chains(points: Sequence[Crossed]) -> list[Plan]:
    """Each kind dies at points that lie as far apart as can be."""
    of_kind = [[at for at in points if at.verb == verb] for verb in dict.fromkeys(at.verb for at in points)]
    spread = [[own[at :: _worlds(own)] for at in range(_worlds(own))] for own in of_kind]
    return [
        [at for own in together for at in own] for together in itertools.zip_longest(*spread, fillvalue=())
    ]


def _worlds(points: Sequence[Crossed]) -> int:
    """How many the deaths of one kind need."""
    return max(math.ceil(len(points) / DEATHS), 2 if len(points) > ON_THE_SPOT else 1)


def _recoveries(played: Iterable[Played], known: Iterable[Name]) -> Iterator[tuple[Story, Plan]]:
    """For names that only deaths lead to: die as before, and then there."""
    names = set(known)
    for one in played:
        new = [at for at in _firsts(one.crossed) if _name(at) not in names]
        names |= {_name(at) for at in new}
        if new:
            yield one.story, (*one.deaths, *new)


def _missed(played: Sequence[Played]) -> dict[Crossed, Story]:
    killed = {at for one in played for at in one.deaths}
    return {at: one.story for one in played for at in one.missed if at not in killed}


def _first(at: Crossed) -> Crossed:
    return Crossed(verb=at.verb, point=at.point)


def _name(at: Crossed) -> Name:
    return at.verb, at.point


def _is_paced(at: Crossed) -> bool:
    return at.point.startswith(_PACED)
