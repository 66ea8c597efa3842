"""One story over a fleet of one front and two workers: one of them is killed, and the others go on."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import TextClause, text

from bot.store.database import Database
from tests.kill import kept, member
from tests.kill.lives import LOOK, Lives
from tests.kill.member import Strike
from tests.kill.victim import Crossed
from tests.kill.world import World
from tests.store import databases

FRONT, WORKER = "web", "worker"
LEASE = "4"
PATIENCE = 120.0

LONG_BEGUN = text(
    "UPDATE call SET begun_at = begun_at - interval '1 hour' "
    "WHERE state = 'held' AND begun_at > clock_timestamp() - interval '30 minutes'"
)
LONG_BEING_SENT = text(
    "UPDATE outbox SET next_at = clock_timestamp() "
    "WHERE wanted > sent AND next_at > clock_timestamp() + interval '5 seconds'"
)


class FleetLives(Lives):
    """`role` says who is killed: the front, which is then started again, or a worker, which is not.

    The dead are dead for certain, so nobody waits for what a paused process could still do: that time passes at once.
    """

    def __init__(self, world: World, *, role: str) -> None:
        super().__init__(world)
        self._role = role
        self._members: dict[str, BaseProcess] = {}
        self._database = Database(world.database_url)

    def live(self, plan: Sequence[Crossed]) -> list[str]:
        strikes = [Strike(at=at) for at in plan]
        with ExitStack() as stack:
            stack.callback(databases.drop_postgres, self.world.database_url)
            stack.callback(self._database.close)
            stack.callback(self._end)
            for name in (FRONT, f"{WORKER}-1", f"{WORKER}-2"):
                self._start(name, strikes)
            trouble = self._lived(plan)
            self.kept.append(kept.left_behind(self.world))
        self.crossed.append([one.at for one in member.passed(self._ledger(self._role))])
        return trouble

    def _lived(self, plan: Sequence[Crossed]) -> list[str]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            wait([one.sentinel for one in self._members.values()], LOOK)
            for name in [name for name, one in self._members.items() if not one.is_alive()]:
                if (code := self._members.pop(name).exitcode) != -signal.SIGKILL:
                    return [f"{name} ended by itself, with code {code}"]
                self._bury(name, plan)
            self.world.act()
            self._passed(LONG_BEGUN)
            if self._is_over():
                return []
        return [f"the story does not end; in the thread stand {dict(self.world.kinds())}"]

    def _bury(self, name: str, plan: Sequence[Crossed]) -> None:
        self.deaths.extend(plan)
        self.kept.append(kept.left_behind(self.world))
        if name == FRONT:
            self._passed(LONG_BEING_SENT)
            self._start(FRONT, [])

    def _start(self, name: str, strikes: Sequence[Strike]) -> None:
        verb = name.partition("-")[0]
        environment = self.world.environment | {"COWORK_LEASE_SECONDS": LEASE}
        struck = strikes if verb == self._role else []
        self._members[name] = member.start(verb, self.world.place, environment, self._ledger(verb), struck)

    def _end(self) -> None:
        for one in self._members.values():
            one.kill()
            one.join()

    def _ledger(self, verb: str) -> Path:
        return self.world.place / f"{verb}.ledger"

    def _passed(self, what: TextClause) -> None:
        with self._database.write("test") as session:
            session.execute(what)
