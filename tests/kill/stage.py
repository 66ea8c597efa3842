"""A story is played again and again, each time in a world of its own, with the deaths that are planned for it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.kill import truths
from tests.kill.lives import Lives
from tests.kill.member import Crossed
from tests.kill.stories import Story
from tests.kill.world import World

Plan = Sequence[Crossed]


@dataclass(frozen=True, kw_only=True)
class Played:
    """`deaths` are those that happened, in order; `crossed` is what was reached, kind by kind."""

    story: Story
    plan: tuple[Crossed, ...]
    deaths: tuple[Crossed, ...]
    crossed: tuple[Crossed, ...]
    faults: tuple[str, ...]
    lost: int
    doubled: int
    questions: int

    @property
    def missed(self) -> list[Crossed]:
        """Deaths that were planned and did not happen."""
        return [at for at in self.plan if at not in self.deaths]

    def __str__(self) -> str:
        killed = ", then at ".join(map(str, self.deaths)) or "nothing"
        return "\n  ".join([f"{self.story.name}, killed at {killed}:", *self.faults])


class Stage:
    """`new_database` gives the address of a migrated one; `lives` says which processes there are."""

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

    def play(self, plans: Iterable[tuple[Story, Plan]]) -> list[Played]:
        """Some of them at a time: they wait more than they work."""
        with ThreadPoolExecutor(self._side_by_side) as pool:
            return list(pool.map(lambda one: self._played(*one), plans))

    def _played(self, story: Story, plan: Plan) -> Played:
        with self._turn:
            place = self._folder / f"world-{next(self._numbers)}"
            place.mkdir()
            url = self._new_database(place)
        with World(place, story, database_url=url) as world:
            lives = self._lives(world)
            faults = lives.live(plan) or truths.faults(lives)
            return Played(
                story=story,
                plan=tuple(plan),
                deaths=tuple(lives.deaths),
                crossed=tuple(lives.crossed),
                faults=(*faults, *_log(place)) if faults else (),
                lost=truths.lost(lives),
                doubled=truths.doubled(lives),
                questions=truths.questions(lives),
            )


def _log(place: Path) -> list[str]:
    """The last that the processes said, for whoever looks into a fault."""
    return [f"| {line}" for line in (place / "log").read_text().splitlines()[-15:]]
