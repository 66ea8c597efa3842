"""Kill the process at every point where something outlives it: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

import bot
from tests.kill import plans
from tests.kill.stage import Played, Stage
from tests.kill.stories import STOP, SUFFER, TIDY
from tests.kill.victim import Crossed
from tests.store import databases

REHEARSALS = 2
SIDE_BY_SIDE = 4
EVERY = os.environ.get("COWORK_KILLS") == "every"
"""Kill at every point, and not only at the first, the second and the last of every name."""

_NAMED = re.compile(r'(?:\.write|\boutside|_(writing))\(\s*"([\w.]+)"')
"""As the product names its writes and its calls outside; those of a journal begin with its name."""


@pytest.mark.timeout(900)
def test_wherever_the_process_is_killed_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    stage = Stage(tmp_path, databases.sqlite_url, side_by_side=SIDE_BY_SIDE)
    known: list[Crossed] = []
    played: list[Played] = []
    for story in (TIDY, STOP, SUFFER):
        rehearsals = stage.play(story, [()] * REHEARSALS)
        assert_nothing_went_wrong(rehearsals)
        points = plans.unknown(plans.steady(rehearsals), known)
        played += stage.play(story, [[at] for at in (points if EVERY else plans.some(points))])
        known += points
    for story, deaths in plans.recoveries(played, known).items():
        played += stage.play(story, deaths)

    say(summary("sqlite", played))
    say(f"  no story reaches {', '.join(out_of_reach(played))}")
    assert_nothing_went_wrong(played)


def summary(where: str, *by_role: Sequence[Played]) -> str:
    """What came of all that was played; the same point of another role is another point."""
    played = [one for of_role in by_role for one in of_role]
    points = [at for of_role in by_role for at in {at for one in of_role for at in one.deaths}]
    kills = sum(len(one.deaths) for one in played)
    lost, doubled = sum(one.lost for one in played), sum(one.doubled for one in played)
    return (
        f"kill harness: {where}, {len(points)} points, {kills} kills, {lost} lost, {doubled} doubled, "
        f"{sum(one.questions for one in played)} questions"
    )


def out_of_reach(played: Iterable[Played]) -> list[str]:
    """Names in the source that no process was killed at."""
    sources = (file.read_text() for file in Path(bot.__path__[0]).rglob("*.py"))
    named = {
        f"journal.{name}" if is_journal else name
        for source in sources
        for is_journal, name in _NAMED.findall(source)
    }
    return sorted(named - {at.point for one in played for at in one.deaths})


def assert_nothing_went_wrong(played: Iterable[Played]) -> None:
    if faulty := [str(one) for one in played if one.faults]:
        pytest.fail("\n".join(faulty), pytrace=False)
