"""One story over the lives of its processes: each death is a real SIGKILL, and the next life goes on from the disk."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from tests.kill import kept, member
from tests.kill.kept import Kept
from tests.kill.member import Crossed, Strike
from tests.kill.world import World

PATIENCE = 60.0
FOR_EACH_DEATH = 10.0
LOOK = 0.05

_KILLED = (-signal.SIGKILL, 255)
"""255: the fork server could not tell how it ended."""


class Lives:
    """`deaths` are those that happened, in order; `kept` is what each left behind, and at last what the end did.

    `crossed` is every point that was reached, kind by kind. Whoever dies is started again.
    """

    crew: tuple[str, ...] = ("up-1",)

    def __init__(self, world: World) -> None:
        self.world = world
        self.deaths: list[Crossed] = []
        self.crossed: list[Crossed] = []
        self.kept: list[Kept] = []
        self._members: dict[str, BaseProcess] = {}
        self._plan: Sequence[Crossed] = ()

    @property
    def end(self) -> Kept:
        return self.kept[-1]

    def live(self, plan: Sequence[Crossed]) -> list[str]:
        """Until the story is over, with these deaths in store. What went wrong with living."""
        self._plan = plan
        with ExitStack() as stack:
            stack.callback(self._close)
            stack.callback(self._end)
            for name in self.crew:
                self._start(name)
            trouble = self._lived()
            self._end()
            self.kept.append(kept.left_behind(self.world))
        verbs = dict.fromkeys(map(_verb, self.crew))
        self.crossed = [
            one.at for verb in verbs for one in member.passed(member.ledger(self.world.place, verb))
        ]
        return trouble

    def _environment(self) -> dict[str, str]:
        return self.world.environment

    def _time_passes(self) -> None:
        """At every look."""

    def _buried(self, verb: str, process: int) -> None:
        """Nobody waits for what one that stands still could do: this one is dead for certain."""

    def _close(self) -> None:
        """What the world needs no more."""

    def _lived(self) -> list[str]:
        """The person does their part until the story is over."""
        deadline = time.monotonic() + PATIENCE + FOR_EACH_DEATH * len(self._plan)
        while time.monotonic() < deadline:
            wait([one.sentinel for one in self._members.values()], LOOK)
            for name in [name for name, one in self._members.items() if not one.is_alive()]:
                if not self._bury(name):
                    return [f"{name} ended by itself"]
            self.world.act()
            self._time_passes()
            if self.world.is_pondering():
                kept.grow_stale(self.world.database_url)
            if self._is_over():
                return []
        return [f"the story does not end; in the thread stand {dict(self.world.kinds())}"]

    def _bury(self, name: str) -> bool:
        """False when it did not die at a point where a death was planned."""
        verb, process = _verb(name), self._members.pop(name)
        reached = member.passed(member.ledger(self.world.place, verb))
        last = [one for one in reached if one.process == process.pid][-1:]
        died = [at for one in last for at in one.names if at in self._plan]
        if not died or process.exitcode not in _KILLED:
            return False
        self.deaths += died
        self.kept.append(kept.left_behind(self.world))
        self._buried(verb, process.pid or 0)
        self._start(name)
        return True

    def _start(self, name: str) -> None:
        verb = _verb(name)
        strikes = [Strike(at=at) for at in self._plan if at.verb == verb]
        self._members[name] = member.start(verb, self.world.place, self._environment(), strikes)

    def _end(self) -> None:
        for one in self._members.values():
            one.kill()
            one.join()

    def _is_over(self) -> bool:
        """All that was to be shown is shown: whatever came now would come on top of it."""
        return self.world.is_told() and not kept.is_unsent(self.world.database_url)


def _verb(name: str) -> str:
    return name.partition("-")[0]
