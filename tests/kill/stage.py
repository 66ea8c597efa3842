"""A story is played again and again, each time in a world of its own, with the deaths that are planned for it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.kill import truths
from tests.kill.lives import Lives
from tests.kill.stories import Story
from tests.kill.victim import Crossed
from tests.kill.world import World

TRIES = 8
"""A point may be out of reach where two updates of a message were sent as one: then the story is played again."""

_BY_CHANCE = ("outbox.", "slack.", "intake.")

Plan = Sequence[Crossed]


@dataclass(frozen=True, kw_only=True)
class Played:
    """`deaths` are those that happened, one a life; `crossed` is what each life reached, the last one to its end."""

    story: Story
    deaths: tuple[Crossed, ...]
    crossed: tuple[tuple[Crossed, ...], ...]
    faults: tuple[str, ...]
    lost: int
    doubled: int
    questions: int

    def __str__(self) -> str:
        killed = ", then at ".join(map(str, self.deaths)) or "nothing"
        return "\n  ".join([f"{self.story.name}, killed at {killed}:", *self.faults])


class Stage:
    """`new_database` gives the address of an empty one; `lives` says which processes there are."""

    def __init__(
        self,
        folder: Path,
        new_database: Callable[[Path], str],
        *,
        side_by_side: int,
        lives: Callable[[World], Lives] = Lives,
    ) -> None:
        self._folder = folder
        self._new_database = new_database
        self._lives = lives
        self._side_by_side = side_by_side
        self._numbers = itertools.count(1)
        self._turn = threading.Lock()

    def play(self, story: Story, plans: Iterable[Plan]) -> list[Played]:
        """The story once for each plan of deaths."""
        return self.play_all((story, plan) for plan in plans)

    def play_all(self, plans: Iterable[tuple[Story, Plan]]) -> list[Played]:
        """Some of them at a time: they wait more than they work."""
        with ThreadPoolExecutor(self._side_by_side) as pool:
            return list(pool.map(lambda one: self._played(*one), plans))

    def _played(self, story: Story, plan: Plan) -> Played:
        for _ in range(TRIES):
            played = self._once(story, plan)
            if played.faults or played.deaths == tuple(plan):
                return played
        if any(at.point.startswith(_BY_CHANCE) for at in plan):
            return (
                played  # two of its updates went as one each time: nothing was killed, and nothing went wrong
            )
        return replace(played, deaths=tuple(plan), faults=(f"this was not reached in {TRIES} tries",))

    def _once(self, story: Story, plan: Plan) -> Played:
        with self._turn:
            place = self._folder / f"world-{next(self._numbers)}"
            place.mkdir()
            url = self._new_database(place)
        with World(place, story, database_url=url) as world:
            lives = self._lives(world)
            faults = lives.live(plan) or truths.faults(lives)
            return Played(
                story=story,
                deaths=tuple(lives.deaths),
                crossed=tuple(map(tuple, lives.crossed)),
                faults=(*faults, *_log(place)) if faults else (),
                lost=truths.lost(lives),
                doubled=truths.doubled(lives),
                questions=truths.questions(lives),
            )


def _log(place: Path) -> list[str]:
    """The last that the processes said, for whoever looks into a fault."""
    return [f"| {line}" for line in (place / "log").read_text().splitlines()[-15:]]
