"""connectors.toml is read again while Cowork runs: what is taken away there ends, and a fault in it changes nothing."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bot.app.filing import FileInForce
from bot.connectors.hub import Hub
from bot.domain.connector import Condition
from bot.domain.person import Person
from bot.engine.connectors import Actor, Connectors
from bot.errors import CoworkError, NotAllowed, Unavailable
from bot.sdk.halt import Halt
from bot.settings import Settings
from bot.store.database import Database
from tests.engine.office import Clock
from tests.store import databases

ANN = Person(team="T1", user="U1", name="Ann")
OPERATOR = Actor(person=ANN, is_admin=True, is_operator=True)
SCRIPT = Path(__file__).parent.parent / "connectors" / "hostile.py"


class Elapsed:
    """Seconds that only a test passes."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def elapsed() -> Elapsed:
    return Elapsed()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = databases.sqlite(tmp_path)
    yield made
    made.close()


@pytest.fixture
def write(tmp_path: Path, elapsed: Elapsed) -> Callable[..., None]:
    """The file has these connectors from now on, each a server of this behaviour, and it is time to look at it."""

    def written(*names: str, text: str = "") -> None:
        entries = [
            f"[connectors.{name}]\ncommand = {json.dumps(_command(name, tmp_path))}\n" for name in names
        ]
        (tmp_path / "connectors.toml").write_text("".join(entries) + text, "utf-8")
        elapsed.now += 2

    return written


@pytest.fixture
def connectors(
    tmp_path: Path, database: Database, elapsed: Elapsed, write: Callable[..., None]
) -> Iterator[Connectors]:
    """With `talkative` and `silent` in the file."""
    write("talkative", "silent")
    made = Connectors(
        database,
        hub=lambda made: Hub(secret=str, may_open=made.may_open),
        clock=Clock(),
        file=FileInForce(Settings(COWORK_HOME=tmp_path), elapsed=elapsed),
    )
    with contextlib.closing(made):
        yield made


def _command(name: str, mark: Path) -> list[str]:
    return [sys.executable, "-IS", str(SCRIPT), name, str(mark)]


def running(mark: Path) -> list[str]:
    """The servers that are there, by their behaviour."""
    found = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]
    return sorted({words[-2] for words in found if words[-1:] == [str(mark)] and words[0] == sys.executable})


def slugs(connectors: Connectors) -> list[str]:
    return [one.connector.slug for one in connectors.listed("T1")]


def test_what_was_added_there_can_be_called_and_what_was_taken_away_is_stopped(
    connectors: Connectors, write: Callable[..., None], tmp_path: Path
) -> None:
    connectors.look(ANN, "talkative")
    was = connectors.one("T1", "talkative").connector
    assert (slugs(connectors), running(tmp_path)) == (["silent", "talkative"], ["talkative"])

    write("noise")

    assert slugs(connectors) == ["noise"]
    assert running(tmp_path) == []
    with pytest.raises(NotAllowed, match="The operator has not approved"):
        connectors.hub.look(was, ANN)
    assert connectors.look(ANN, "noise").tools


def test_a_call_that_is_under_way_there_is_cut_off(
    connectors: Connectors, write: Callable[..., None]
) -> None:
    connectors.look(ANN, "silent")
    server, ended = connectors.one("T1", "silent").connector, []

    def call() -> None:
        try:
            connectors.hub.call(server, ANN, "work", {}, halt=Halt(), is_read=True)
        except CoworkError as error:
            ended.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    write()
    assert slugs(connectors) == []
    caller.join(60)

    assert [type(one) for one in ended] in ([Unavailable], [NotAllowed])


def test_a_fault_leaves_in_force_what_stood_there_and_is_told_until_it_is_mended(
    connectors: Connectors, write: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    connectors.look(ANN, "talkative")
    with caplog.at_level(logging.ERROR):
        write("talkative", text="\n[connectors.shop]\ntimeout = 5\n")
        assert slugs(connectors) == ["silent", "talkative"]
    assert connectors.one("T1", "talkative").health.condition is Condition.READY
    assert "[connectors.shop] has to have a command or a url" in connectors.servers.trouble
    assert [one.getMessage() for one in caplog.records] == [
        f"what stood there before stays in force: {connectors.servers.trouble}"
    ]

    write("talkative")

    assert (slugs(connectors), connectors.servers.trouble) == (["talkative"], "")


def test_it_is_looked_at_every_two_seconds_at_most(
    connectors: Connectors, write: Callable[..., None], elapsed: Elapsed
) -> None:
    assert slugs(connectors) == ["silent", "talkative"]
    write("noise")
    elapsed.now -= 0.1
    assert slugs(connectors) == ["silent", "talkative"]
    elapsed.now += 0.1
    assert slugs(connectors) == ["noise"]


def test_a_file_that_is_gone_approves_nothing(
    connectors: Connectors, elapsed: Elapsed, tmp_path: Path
) -> None:
    os.remove(tmp_path / "connectors.toml")
    elapsed.now += 2
    assert (slugs(connectors), connectors.approved(), connectors.servers.trouble) == ([], [], "")


def test_what_the_operator_withdraws_in_another_process_is_stopped_at_the_next_look_around(
    connectors: Connectors, database: Database, tmp_path: Path, write: Callable[..., None]
) -> None:
    elsewhere = Connectors(database, hub=lambda _: Hub(secret=str), clock=Clock())
    silent = connectors.one("T1", "silent").connector
    elsewhere.approve(OPERATOR, silent.server)
    connectors.look(ANN, "silent")
    write()
    assert connectors.approved() == [silent.server]
    assert running(tmp_path) == ["silent"]

    elsewhere.withdraw(OPERATOR, silent.server)
    connectors.hub.rest()

    assert running(tmp_path) == []
