"""`cowork doctor`: what is amiss with this machine is found, and each failure has its remedy."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from bot.cli import doctor
from bot.cli.checks import machine
from bot.cli.checks.finding import Check, fine
from bot.documents import printing
from bot.sandbox import probe
from bot.store import migrate
from bot.store.database import Database
from bot.store.solitude import Solitude
from bot.web import asgi
from bot.web.readiness import Part, Readiness
from bot.web.server import Server
from tests.cli.conftest import Examine, Invoke, Somebody
from tests.store import databases

ANOTHER_PORT = "End that one, or set COWORK_PORT to a free port, or to 0 for any free one."


@pytest.fixture
def taken() -> Iterator[Callable[[], int]]:
    """A port at which some other program listens."""
    with contextlib.ExitStack() as sockets:
        yield lambda: sockets.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]


@pytest.fixture
def running() -> Iterator[Server]:
    """Cowork's own HTTP edge on a free port."""

    async def unheard(_: Request) -> Response:
        return Response()

    server = Server(host="127.0.0.1", port=0)
    server.start(asgi.build(slack_events=unheard))
    yield server
    server.stop()


def test_on_a_fresh_machine_all_is_well(invoke: Invoke, place: Path) -> None:
    result = invoke("doctor")
    remarks = [line for line in result.stdout.splitlines() if line.startswith(" ")]
    lines = [line for line in result.stdout.splitlines() if line not in remarks]
    troubled = {"Commands": probe.trouble(), "Previews": printing.lacking() or not printing.has_browser()}
    assert result.exit_code == 0
    assert [line.split()[:2] for line in lines[:14]] == [
        ["!" if troubled.get(name) else "✓", name]
        for name in (
            "Python",
            "Home",
            "Disk",
            "Database",
            "Secrets",
            "Folders",
            "Port",
            "Slack",
            "Plugins",
            "Sandbox",
            "Commands",
            "Previews",
            "Model",
            "Log",
        )
    ]
    assert lines[1].endswith(f"{place}/state (made at the first start)")
    assert "the local Slack of `cowork up`" in lines[7]
    assert "the rehearsal model, which is not an AI" in lines[12]
    assert any(troubled.values()) or lines[14:] == ["", "All is well."]
    assert not remarks or any(troubled.values())
    assert not (place / "state").exists()


def test_a_failure_stands_with_its_remedy_under_it_and_makes_the_exit_code_1(
    invoke: Invoke, taken: Callable[[], int]
) -> None:
    port = taken()
    result = invoke("doctor", COWORK_PORT=str(port), COWORK_FOLDERS="/nowhere")
    lines = result.stdout.splitlines()
    at = lines.index(f"✗ Port          {port} is in use by another program.")
    assert lines[at + 1] == f"                → {ANOTHER_PORT}"
    assert lines[-1] == "2 failed, 0 warnings."
    assert result.exit_code == 1


def test_json_is_a_list_of_findings(invoke: Invoke) -> None:
    told = json.loads(invoke("doctor", "--json").stdout)
    python = ".".join(map(str, machine.sys.version_info[:3]))
    assert told[0] == {"name": "Python", "state": "ok", "found": python, "remedy": ""}
    assert {tuple(one) for one in told} == {("name", "state", "found", "remedy")}


def test_a_python_that_is_too_old_is_a_failure() -> None:
    remedy = "Install Python 3.11 or newer; `uv python install 3.11` does."
    (finding,) = machine.python((3, 10, 14))
    assert (finding.state, finding.found, finding.remedy) == ("failed", "3.10.14 is too old.", remedy)


def test_little_space_is_a_warning(place: Path) -> None:
    (finding,) = machine.space(place / "state", lambda _: 499_999_999)
    assert (finding.state, finding.found) == ("warning", "Only 500 MB are free.")
    assert finding.remedy.startswith(f"Make room on the disk of {place}/state, or move it with COWORK_HOME")


def test_a_home_that_is_a_file_is_a_failure(examine: Examine, place: Path) -> None:
    (place / "state").write_text("")
    assert examine("Home") == [("failed", f"{place}/state is not a folder.", "Set COWORK_HOME to a folder.")]


def test_a_home_that_cannot_be_written_to_is_a_failure(shared_folder: Path, somebody: Somebody) -> None:
    (shared_folder / "state").mkdir(mode=0o555)
    with somebody():
        (finding,) = machine.home(shared_folder / "state")
    found = f"{shared_folder}/state cannot be written to (Permission denied)."
    assert (finding.state, finding.found) == ("failed", found)
    assert "COWORK_HOME" in finding.remedy


def test_the_database_of_this_release_is_fine(examine: Examine, place: Path) -> None:
    database = databases.sqlite(place)
    with database.read() as session:
        at = session.connection().execute(text("SELECT version_num FROM alembic_version")).scalar()
    database.close()
    found = f"SQLite at {database.url.database} (schema {at})"
    assert examine("Database", COWORK_DATABASE_URL=str(database.url)) == [("ok", found, "")]


def test_a_database_of_a_newer_release_is_a_failure(examine: Examine, place: Path) -> None:
    database = databases.sqlite(place)
    with database.write("test") as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    found = f"SQLite at {database.url.database} has a schema that this release does not know (9999)."
    remedy = "A newer release wrote it: start that one, or restore a backup from before it."
    assert examine("Database", COWORK_DATABASE_URL=str(database.url)) == [("failed", found, remedy)]


@pytest.mark.parametrize(
    ("url", "found", "remedy"),
    [
        ("nonsense", "COWORK_DATABASE_URL is not the URL of a database.", "Use postgresql+psycopg://"),
        ("mysql://h/d", "mysql is not a database that Cowork can use.", "Use postgresql+psycopg://"),
        (
            "postgresql+other://h/d",
            "There is no driver for PostgreSQL at postgresql+other://h/d",
            "Begin the URL",
        ),
        (
            "postgresql+psycopg://me:secret@127.0.0.1:1/c",
            "PostgreSQL at postgresql+psycopg://me:***@",
            "Is the",
        ),
        (
            "sqlite:////nowhere/at/all.sqlite",
            "SQLite at /nowhere/at/all.sqlite cannot be used",
            "Is its disk full?",
        ),
        (
            "sqlite:///broken.sqlite",
            "SQLite at broken.sqlite cannot be used: file is not a database",
            "Is its disk full?",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_a_failure(
    url: str, found: str, remedy: str, examine: Examine, place: Path
) -> None:
    (place / "broken.sqlite").write_text("This is no database, whatever its name says. " * 100)
    ((state, said, do),) = examine("Database", COWORK_DATABASE_URL=url)
    assert state == "failed"
    assert said.startswith(found)
    assert do.startswith(remedy)
    assert "secret" not in said + do


def test_a_postgresql_server_is_found_empty_and_then_at_this_schema(examine: Examine) -> None:
    url = databases.empty_postgres().render_as_string(hide_password=False)
    ((state, found, _),) = examine("Database", COWORK_DATABASE_URL=url)
    assert (state, found.endswith("(empty; its tables are made at the first start)")) == ("ok", True)
    migrate.upgrade(Database(url))
    ((state, found, _),) = examine("Database", COWORK_DATABASE_URL=url)
    assert (state, "(schema " in found) == ("ok", True)


def test_a_port_in_use_by_the_cowork_of_this_home_is_fine(
    examine: Examine, running: Server, place: Path
) -> None:
    (place / "state").mkdir()
    solitude = Solitude(place / "state")
    solitude.enter()
    who = f"process {os.getpid()}"
    found = f"{running.port} is in use by Cowork, which is running ({who})"
    try:
        assert examine("Port", COWORK_PORT=str(running.port)) == [("ok", found, "")]
        assert examine("Home") == [("ok", f"{place}/state (Cowork is running there: {who})", "")]
    finally:
        solitude.leave()


def test_a_cowork_that_runs_and_is_not_ready_is_a_warning_with_the_reason(
    examine: Examine, place: Path
) -> None:
    parts = [Part(name="slack", look=lambda: "not connected"), Part(name="database", look=lambda: "")]
    server = Server(host="127.0.0.1", port=0)
    server.start(asgi.build(readiness=Readiness(parts)))
    (place / "state").mkdir()
    solitude = Solitude(place / "state")
    solitude.enter()
    try:
        ((state, found, _),) = examine("Port", COWORK_PORT=str(server.port))
    finally:
        solitude.leave()
        server.stop()
    assert (state, found.endswith("and is not ready: slack (not connected)")) == ("warning", True)


def test_traces_are_named_where_they_go(examine: Examine) -> None:
    address = "http://127.0.0.1:4318"
    assert examine("Traces", OTEL_EXPORTER_OTLP_ENDPOINT=address) == [("ok", f"sent to {address}", "")]
    assert examine("Traces") == []


def test_a_full_disk_is_a_failure(place: Path) -> None:
    (finding,) = machine.space(place / "state", lambda _: 1_000_000)
    assert (finding.state, finding.found) == ("failed", "It is full: 1 MB are free.")


def test_a_port_in_use_by_another_homes_cowork_is_a_failure(examine: Examine, running: Server) -> None:
    found = f"{running.port} is in use by a Cowork with another home."
    assert examine("Port", COWORK_PORT=str(running.port)) == [("failed", found, ANOTHER_PORT)]


def test_a_look_that_never_ends_is_a_failure_after_its_time() -> None:
    never = threading.Event()
    checks = [
        Check(name="Slow", look=lambda: [fine("Slow", str(never.wait()))], unanswered="Wake it."),
        Check(name="Quick", look=lambda: [fine("Quick", "here")]),
    ]
    slow, quick = doctor.findings(checks, longest=0.05)
    never.set()
    assert (slow.state, slow.found, slow.remedy) == ("failed", "No answer within 0.05 seconds.", "Wake it.")
    assert quick == fine("Quick", "here")
