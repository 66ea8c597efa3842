"""The processes of the fleet, real ones, under a supervisor that starts anew whatever ended."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

VERBS = ("web", "web", "worker", "worker", "worker")
OWN = ("COWORK_", "SLACK_", "ANTHROPIC_")
LOG = "log"
_PRELOADED = ["tests.kill.nursery", "tests.soak.fleet"]
_LOOK = 0.2
_AGAIN = 0.5
_AT_ONCE = 5.0
_DRAIN = 75.0


@dataclass(eq=False)
class Member:
    """`deaths` that we had a hand in are expected; `wakes_at` is when it goes on after a pause."""

    name: str
    verb: str
    process: BaseProcess
    began: float
    wakes_at: float = 0.0
    asked_to_end: float = 0.0
    is_killed: bool = False
    ended: float = 0.0


class Fleet:
    """Use as a context manager. `tally` counts what was done to it, and what it did by itself."""

    def __init__(self, place: Path, environment: Mapping[str, str], tally: Counter[str]) -> None:
        self._place = place
        self._environment = dict(environment)
        self._tally = tally
        self._forked = get_context("forkserver")
        self._forked.set_forkserver_preload(_PRELOADED)
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        self.members: list[Member] = []
        self.noticed: list[str] = []

    def __enter__(self) -> Fleet:
        for number, verb in enumerate(VERBS, 1):
            self.members.append(self._member(f"{verb}-{number}", verb))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join(10)
        for member in self.members:
            self._signal(member, signal.SIGCONT)
            member.process.terminate()
        deadline = time.monotonic() + 20
        for member in self.members:
            member.process.join(max(0.1, deadline - time.monotonic()))
            member.process.kill()
            member.process.join()

    def kill(self, chance: random.Random) -> str:
        with self._lock:
            member = chance.choice(self.members)
            member.is_killed = True
            member.process.kill()
        return member.verb

    def kill_all(self, verb: str) -> int:
        """As a power cut does. How many there were."""
        with self._lock:
            members = [member for member in self.members if member.verb == verb and member.process.is_alive()]
            for member in members:
                member.is_killed = True
                member.process.kill()
        return len(members)

    def pause(self, chance: random.Random, seconds: float) -> str:
        """For so long it stands still; what is paused already is not paused again."""
        with self._lock:
            member = chance.choice(self.members)
            if not member.wakes_at and member.process.is_alive():
                member.wakes_at = time.monotonic() + seconds
                self._signal(member, signal.SIGSTOP)
        return member.verb

    def terminate(self, chance: random.Random) -> str:
        """It is asked to end, as in a deploy."""
        with self._lock:
            member = chance.choice(self.members)
            if not member.asked_to_end:
                member.asked_to_end = time.monotonic()
                member.process.terminate()
        return member.verb

    def wake_all(self) -> None:
        with self._lock:
            for member in self.members:
                self._wake(member)

    def _supervise(self) -> None:
        while not self._closing.wait(_LOOK):
            with self._lock:
                for at, member in enumerate(self.members):
                    self.members[at] = self._seen_to(member)

    def _seen_to(self, member: Member) -> Member:
        now = time.monotonic()
        if member.process.is_alive():
            if member.wakes_at and now > member.wakes_at:
                self._wake(member)
            if member.asked_to_end and now - member.asked_to_end > _DRAIN:
                self._notice("did not end in time when asked to", member)
                member.is_killed = True
                member.process.kill()
            return member
        if not member.ended:
            member.ended = now
            self._account(member)
        wait = _AGAIN if now - member.began > _AT_ONCE else 2 * _AGAIN
        return self._member(member.name, member.verb) if now - member.ended > wait else member

    def _account(self, member: Member) -> None:
        code = member.process.exitcode
        if member.is_killed:
            return
        if member.asked_to_end:
            if code not in (0, -signal.SIGTERM):
                self._notice(f"ended with code {code} when asked to end", member)
            return
        self._tally["ended by themselves"] += 1
        self._notice(f"ended by itself with code {code}", member)

    def _notice(self, what: str, member: Member) -> None:
        self.noticed.append(f"{member.verb} {what}")

    def _member(self, name: str, verb: str) -> Member:
        arguments = (verb, self._place, self._environment)
        process = self._forked.Process(target=_live, args=arguments, name=name, daemon=True)
        process.start()
        self._tally["starts"] += 1
        return Member(name=name, verb=verb, process=process, began=time.monotonic())

    def _wake(self, member: Member) -> None:
        member.wakes_at = 0.0
        self._signal(member, signal.SIGCONT)

    def _signal(self, member: Member, number: int) -> None:
        """Of the fork server's children none is reaped before we have asked, so the id is its own."""
        if member.process.is_alive() and member.process.pid is not None:
            os.kill(member.process.pid, number)


def _live(verb: str, place: Path, environment: dict[str, str]) -> None:
    from bot.cli import main

    log = os.open(place / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for name in [name for name in os.environ if name.startswith(OWN)]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(place)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    main.app([verb])
