"""Kill a front or a worker of a fleet wherever something outlives it: the others lose nothing, and double nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.kill import plans
from tests.kill.fleet import FRONT, WORKER, FleetLives
from tests.kill.stage import Plan, Played, Stage
from tests.kill.stories import STOP, SUFFER, TIDY, Story
from tests.kill.test_every_point import EVERY, assert_nothing_went_wrong, summary
from tests.kill.victim import Crossed
from tests.store import databases

STORIES = (TIDY, STOP, SUFFER)
REHEARSALS = 2
SIDE_BY_SIDE = 6

_TIMED = ("fleet.", "slack.chat.update", "outbox.", "slack.agents", "intake.")
"""How often these are reached depends on how fast everybody is: only the first is sure."""


@pytest.mark.timeout(900)
def test_whoever_of_a_fleet_is_killed_wherever_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    played: list[list[Played]] = []
    for role in (WORKER, FRONT):
        folder = tmp_path / role
        folder.mkdir()
        stage = Stage(folder, _database, side_by_side=SIDE_BY_SIDE, lives=partial(FleetLives, role=role))
        rehearsals = stage.play_all([(story, ()) for story in STORIES] * REHEARSALS)
        assert_nothing_went_wrong(rehearsals)
        played.append(stage.play_all(_deaths(rehearsals)))

    say(summary("postgresql, one front and two workers", *played))
    for of_role in played:
        assert_nothing_went_wrong(of_role)


def _deaths(rehearsals: Sequence[Played]) -> Iterator[tuple[Story, Plan]]:
    """Of every story those of names that no story before it reaches."""
    known: list[Crossed] = []
    for story in STORIES:
        points = plans.unknown(_sure([one for one in rehearsals if one.story is story]), known)
        yield from ((story, [at]) for at in (points if EVERY else _firsts(points)))
        known += points


def _sure(rehearsals: Sequence[Played]) -> list[Crossed]:
    """What is reached every time, in order."""
    always = set.intersection(*(set(one.crossed[0]) for one in rehearsals))
    return [at for at in rehearsals[0].crossed[0] if at in always and not _is_by_chance(at)]


def _is_by_chance(at: Crossed) -> bool:
    return at.point.startswith(_TIMED) and (at.stretch, at.number) != (1, 1)


def _firsts(points: Iterable[Crossed]) -> list[Crossed]:
    """Of every eighth name the first: three processes a kill take their time. COWORK_KILLS=every takes all."""
    by_name: dict[str, Crossed] = {}
    for at in points:
        by_name.setdefault(at.point, at)
    return list(by_name.values())[::8]


def _database(_: Path) -> str:
    return databases.migrated_postgres().render_as_string(hide_password=False)
