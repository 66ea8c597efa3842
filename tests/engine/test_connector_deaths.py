"""Killed in the middle of a connector's call, Cowork asks what happened, and never makes the call a second time."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.connectors.hub import Hub
from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.connector import Connector, Era, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.domain.tooling import Toggle
from bot.engine.connectors import Actor, Connectors
from bot.rehearsal.answer import text
from bot.store import leases
from tests.engine import doomed
from tests.engine.doomed import Doom
from tests.engine.office import Clock, Office
from tests.store import databases

ADMIN = Actor(person=Person(team="T1", user="UADMIN", name="Mia"), is_admin=True, is_operator=True)
ON = Toggle(effect=Effect.CREATE, permission=Permission.ON)
PATIENCE = 60.0
SERVER = Path(__file__).with_name("counting_server.py")
FIVE = '{"number": 5}'

_numbers = itertools.count()


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with contextlib.closing(Hub(secret=str)) as made:
        yield made


@pytest.fixture
def after_death(new_office, hub: Hub, tmp_path: Path) -> Callable[..., Office]:
    """The office of the next process, which finds what the one that was killed had left behind."""

    def made(tool: str, doom: Doom, era: Era = Era.HANDSHAKE) -> Office:
        database = databases.sqlite(tmp_path)
        command = (sys.executable, "-IS", str(SERVER), str(tmp_path), str(era))
        connector = Connector(
            slug=f"counting{next(_numbers)}",
            title="Counting",
            transport=Transport.STDIO,
            command=command,
            folders=(FolderGrant(path=str(tmp_path)),),
        )
        connectors = Connectors(database, hub=lambda _: hub, clock=Clock())
        connectors.approve(ADMIN, connector.server)
        connectors.test(ADMIN, connector)
        connectors.save(ADMIN, connector, {"write": ON, "order": ON})
        process = doomed.start(tmp_path, str(database.url), connector, tool, doom)
        if (tmp_path / "pipe").exists():
            _heard(tmp_path / "pipe")
            process.kill()
        process.join(PATIENCE)
        assert process.exitcode in (-signal.SIGKILL, 255), "it did not die where it was to"
        (tmp_path / "pipe").unlink(missing_ok=True)
        office = new_office(text("Done."), database=database, connectors=connectors)
        with database.write("test") as session:
            leases.take_all_back(session, now=office.clock())
        return office

    return made


@pytest.fixture
def done(tmp_path: Path) -> Callable[[], list[str]]:
    """What the server did."""
    return lambda: (tmp_path / "done").read_text().splitlines() if (tmp_path / "done").exists() else []


def _heard(pipe: Path) -> None:
    opened = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert select.select([opened], [], [], PATIENCE)[0], "nothing reached the server"
    os.close(opened)


@pytest.mark.parametrize(
    ("doom", "was_done"),
    [(Doom(makes=1), []), (Doom(), ["write"]), (Doom(hears=1), ["write"])],
    ids=["before it was sent", "before it was answered", "before the answer was written down"],
)
def test_killed_in_a_write_it_asks_what_happened_and_does_nothing_by_itself(
    after_death, done, tmp_path, doom, was_done
):
    if doom == Doom():
        os.mkfifo(tmp_path / "pipe")
    office = after_death("write", doom)

    assert office.work(1).state is TaskState.WAITING
    asked = office.pending(1).draft
    assert (asked.kind, asked.options) == (ApprovalKind.OUTCOME, ("It happened", "Run again"))
    assert asked.title.startswith("This may already have happened: Counting: write")
    assert done() == was_done

    office.decide(1, ApprovalState.ANSWERED, "It happened" if was_done else "Run again")

    assert office.work(1).state is TaskState.DONE
    assert done() == ["write"]


@pytest.mark.parametrize("reply", ["", FIVE], ids=["with the question open", "with the answer not delivered"])
def test_killed_while_a_server_asks_the_newer_protocol_goes_on_with_the_answer_once(after_death, done, reply):
    office = after_death("order", Doom(reply=reply), Era.STATELESS)
    if not reply:
        assert office.work(1).state is TaskState.WAITING
        office.decide(1, ApprovalState.ANSWERED, FIVE)

    assert office.work(1).state is TaskState.DONE
    assert done() == ["order of 5"]


def test_killed_as_it_delivers_an_answer_it_asks_what_happened(after_death, done):
    office = after_death("order", Doom(makes=2, reply=FIVE), Era.STATELESS)

    assert office.work(1).state is TaskState.WAITING
    assert office.pending(1).draft.kind is ApprovalKind.OUTCOME
    assert done() == []
    office.decide(1, ApprovalState.ANSWERED, "Run again")

    assert office.work(1).state is TaskState.DONE
    assert done() == ["order of 5"]


@pytest.mark.parametrize("reply", ["", FIVE], ids=["with the question open", "with the answer not delivered"])
def test_killed_while_a_server_asks_the_older_protocol_cannot_go_on_and_says_so(
    after_death, done, tmp_path, reply
):
    office = after_death("order", Doom(reply=reply))
    if not reply:
        assert office.work(1).state is TaskState.WAITING
        office.decide(1, ApprovalState.ANSWERED, FIVE)

    assert office.work(1).state is TaskState.WAITING
    asked = office.pending(1).draft
    assert asked.kind is ApprovalKind.OUTCOME
    assert "What the call did is not known" in asked.summary
    assert (tmp_path / "called").read_text() == "order\n" and done() == []

    office.decide(1, ApprovalState.ANSWERED, "Run again")
    assert office.work(1).state is TaskState.WAITING
    assert office.pending(1).draft.kind is ApprovalKind.FORM
    office.decide(1, ApprovalState.ANSWERED, FIVE)
    assert office.work(1).state is TaskState.DONE
    assert done() == ["order of 5"]
