"""Offices with people's files in them, one per test, put away after it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.domain.deciders import Authority
from bot.engine.connectors import Connectors
from bot.engine.reader import Reader
from bot.engine.services import Accounts
from bot.model.claude import Claude
from bot.registry.tools import Toolset
from bot.rehearsal.answer import Answer, Mind
from bot.rehearsal.faults import Faults
from bot.rehearsal.script import Script
from bot.rehearsal.server import ModelDouble
from bot.rehearsal.structured import nothing_found
from bot.sandbox.sandbox import Sandbox
from bot.store.database import Database
from tests.engine.office import Office
from tests.store import databases

FILES = {"a.txt": "alpha", "b.txt": "beta", "c.txt": "gamma", "plan.md": "# Plan\n\nShip it.\n"}

NewOffice = Callable[..., Office]


class Line:
    """A model double and a client of it. Made once and lent to one test after another, as making one is slow."""

    def __init__(self, model: str) -> None:
        self.mind: Mind = Script(())
        self.reads: Mind = nothing_found
        self.double = ModelDouble(
            lambda request: self.mind(request), structured=lambda request: self.reads(request)
        )
        self.claude = Claude(api_key="key", base_url=self.double.start(), model=model, endpoint="anthropic")

    def lend(self, mind: Mind, reads: Mind) -> None:
        self.mind, self.reads = mind, reads
        self.double.faults = Faults()
        self.double.asides.clear()
        for kept in (self.double.requests, self.double.headers, self.double.answers, self.double.invalid):
            kept.clear()

    def check(self) -> None:
        assert self.double.invalid == [], "the model was sent requests that the API would refuse"

    def close(self) -> None:
        self.claude.close()
        self.double.stop()


@contextlib.contextmanager
def offices(folder: Path) -> Iterator[NewOffice]:
    """Make an office from what its model says, turn by turn. At the end every request must have been valid."""
    with contextlib.ExitStack() as stack:

        def made(
            *script: Answer | Mind,
            mind: Mind | None = None,
            database: Database | None = None,
            changes: dict[str, Any] | None = None,
            model: str = "",
            reads: Mind | None = None,
            authority: Authority | None = None,
            tools: Toolset | None = None,
            accounts: Accounts = Accounts(),
            connectors: Connectors | None = None,
            sandbox: Sandbox | None = None,
        ) -> Office:
            line = stack.enter_context(_own(model) if model else _lent())
            line.lend(mind or Script(script), reads or nothing_found)
            stack.callback(line.check)
            if database is None:
                database = databases.sqlite(folder)
                stack.callback(database.close)
            given: dict[str, Any] = {
                "changes": changes or {},
                "reader": Reader(line.claude) if reads else None,
                "authority": authority,
                "tools": tools,
                "accounts": accounts,
                "connectors": connectors,
                "sandbox": sandbox,
            }
            given |= furnish(folder / line.double.url.rpartition(":")[2])
            return Office(**given, database=database, double=line.double, claude=line.claude)

        yield made


def furnish(folder: Path) -> dict[str, Path]:
    """A home, a folder of reports, and a wiki that is only read."""
    places = {name: folder / name for name in ("home", "reports", "wiki")}
    for place in places.values():
        place.mkdir(parents=True)
    for name, content in FILES.items():
        (places["reports"] / name).write_text(content)
    (places["wiki"] / "rules.md").write_text("Be kind.\n")
    return places


@contextlib.contextmanager
def _own(model: str) -> Iterator[Line]:
    line = Line(model)
    try:
        yield line
    finally:
        line.close()


@contextlib.contextmanager
def _lent() -> Iterator[Line]:
    line = _idle().pop() if _idle() else Line("rehearsal")
    try:
        yield line
    finally:
        _idle().append(line)


@functools.cache
def _idle() -> list[Line]:
    return []
