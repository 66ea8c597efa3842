"""A fleet of real processes in a world, each of them by its name: "web-1", "worker-2"."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

import psutil
from sqlalchemy import TextClause

from bot.store.database import Database
from tests.kill import kept, member, truths
from tests.kill.lives import Lives
from tests.kill.member import Passed, Strike
from tests.kill.world import World

PATIENCE = 60.0
LOOK = 0.05


class Staff:
    """Use as a context manager. `chosen` are the operator's settings, `COWORK_` left out."""

    def __init__(self, world: World, **chosen: object) -> None:
        self.world = world
        self._chosen = {f"COWORK_{name}": str(value) for name, value in chosen.items()}
        self._members: dict[str, BaseProcess] = {}

    def __enter__(self) -> Staff:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._members.values():
            process.kill()
            process.join()

    @property
    def environment(self) -> dict[str, str]:
        return self.world.environment | {"COWORK_LEASE_SECONDS": "2"} | self._chosen

    def start(self, *names: str, strike: Strike | None = None) -> None:
        """Of those started with a strike the first that comes there is struck."""
        for name in names:
            verb = name.partition("-")[0]
            strikes = [strike] if strike else []
            self._members[name] = member.start(verb, self.world.place, self.environment, strikes)

    def keep_up(self, name: str) -> None:
        """As a supervisor does: what has ended is started anew."""
        if not self._members[name].is_alive():
            self.start(name)

    def passed(self, verb: str) -> list[Passed]:
        """What the processes of this kind reached, in order."""
        return member.passed(member.ledger(self.world.place, verb))

    def reached(self, verb: str, point: str) -> list[Passed]:
        return [one for one in self.passed(verb) if one.at.point == point]

    def name(self, passed: Passed) -> str:
        """Whose it was."""
        return next(name for name, one in self._members.items() if one.pid == passed.process)

    def signal(self, name: str, number: int) -> None:
        pid = self._members[name].pid
        assert pid is not None
        os.kill(pid, number)

    def ended(self, name: str) -> int | None:
        """The exit code of a process that was asked to end."""
        self._members[name].join(PATIENCE)
        return self._members[name].exitcode

    def paused(self) -> str:
        """Who stands still; "" while nobody does."""
        stopped = (name for name, one in self._members.items() if _stands_still(one))
        return next(stopped, "")

    def go_on(self, name: str) -> None:
        self.signal(name, signal.SIGCONT)

    def log(self) -> str:
        return (self.world.place / "log").read_text()

    def until(
        self, happened: Callable[[], object], *, acting: bool = True, patience: float = PATIENCE
    ) -> None:
        """The person does their part meanwhile, unless they are not `acting`."""
        deadline = time.monotonic() + patience
        while not happened():
            if time.monotonic() > deadline:
                said = "\n".join(self.log().splitlines()[-20:])
                raise AssertionError(f"in the thread stand {dict(self.world.kinds())}\n{said}")
            if acting:
                self.world.act()
            threading.Event().wait(LOOK)

    def is_over(self) -> bool:
        """All that was to be shown is shown."""
        return self.world.is_told() and not kept.is_unsent(self.world.database_url)

    def passes(self, time_of: TextClause) -> None:
        """As if time had passed."""
        database = Database(self.world.database_url)
        with database.write("test") as session:
            session.execute(time_of)
        database.close()


def faults(world: World) -> list[str]:
    """Every way in which the world, and what is on record, are not as the story wants them."""
    return truths.faults(_lives(world))


def questions(world: World) -> int:
    """How often the person was asked whether something had already happened."""
    return truths.questions(_lives(world))


def recorded(world: World) -> kept.Kept:
    return kept.left_behind(world)


def _lives(world: World) -> Lives:
    lives = Lives(world)
    lives.kept.append(recorded(world))
    return lives


def _stands_still(process: BaseProcess) -> bool:
    return process.is_alive() and psutil.Process(process.pid).status() == psutil.STATUS_STOPPED
