"""One story over the lives of its processes: each death is a real SIGKILL, and the next life goes on from the disk."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.kill import kept, victim
from tests.kill.kept import Kept
from tests.kill.victim import Crossed
from tests.kill.world import World

PATIENCE = 60.0
LOOK = 0.05


class Lives:
    """`deaths` are those that happened; `crossed` and `kept` are what each life reached, and what it left behind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deaths: list[Crossed] = []
        self.crossed: list[list[Crossed]] = []
        self.kept: list[Kept] = []

    @property
    def end(self) -> Kept:
        return self.kept[-1]

    def live(self, plan: Sequence[Crossed]) -> list[str]:
        """Until the story is over, each life but the last with a death in store. What went wrong with living."""
        for death in [*plan, None]:
            trouble = self._life(death)
            self.kept.append(kept.left_behind(self.world))
            if trouble or death not in self.deaths:
                return trouble
        return []

    def _life(self, death: Crossed | None) -> list[str]:
        ledger = self.world.place / f"life-{len(self.kept) + 1}"
        with _process(self.world, ledger, death) as process:
            trouble = self._accompanied(process)
        self.crossed.append(victim.crossed(ledger))
        if process.exitcode == -signal.SIGKILL and death is not None and death in self.crossed[-1]:
            self.deaths.append(death)
        return trouble

    def _accompanied(self, process: BaseProcess) -> list[str]:
        """The person does their part until the process is dead, or the story is over."""
        deadline = time.monotonic() + PATIENCE
        while not wait([process.sentinel], LOOK):
            self.world.act()
            if self._is_over():
                return []
            if time.monotonic() > deadline:
                return [f"the story does not end; in the thread stand {dict(self.world.kinds())}"]
        process.join()
        killed = process.exitcode == -signal.SIGKILL
        return [] if killed else [f"the process ended by itself, with code {process.exitcode}"]

    def _is_over(self) -> bool:
        """All that was to be shown is shown: whatever came now would come on top of it."""
        is_told = self.world.kinds()["result"] >= self.world.story.posts["result"]
        return is_told and not kept.is_unsent(self.world.database_url)


@contextlib.contextmanager
def _process(world: World, ledger: Path, death: Crossed | None) -> Iterator[BaseProcess]:
    process = victim.start("up", world.place, world.environment, ledger, death)
    try:
        yield process
    finally:
        process.kill()
        process.join()
