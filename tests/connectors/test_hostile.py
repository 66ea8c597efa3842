"""Whatever a server of this machine does: a clear error, nobody else is kept waiting, and nothing of it is left."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from bot.connectors.hub import Hub
from bot.connectors.sandbox import Sandbox
from bot.domain.connector import Condition, Connector, Era, Transport
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from bot.errors import Halted, LeftRunning, NotAllowed, ToolError, Unavailable
from bot.sandbox.refused import program
from bot.sandbox.walls import Means, means
from bot.sdk.halt import Halt

ANN = Person(team="T1", user="U1", name="Ann")
SCRIPT = Path(__file__).parent / "hostile.py"
SECRET = "sk-of-the-test-4f81b2c9d0e7"


def hostile(name: str, mark: str = "", **more: object) -> Connector:
    command = (sys.executable, "-IS", str(SCRIPT), name, mark)
    return Connector(
        slug=f"{name}{uuid4().hex[:6]}", title="Hostile", transport=Transport.STDIO, command=command, **more
    )


def processes(mark: str) -> list[psutil.Process]:
    """All that carry the mark, however far they went."""
    found = []
    for one in psutil.process_iter(["cmdline"]):
        if mark in (one.info["cmdline"] or ()):
            found.append(one)
    return found


@pytest.fixture
def mark() -> Iterator[str]:
    """In the command line of all that a test starts; what a failing one left is ended."""
    mark = uuid4().hex
    yield mark
    for one in (*processes(mark), *processes(f"{mark}-apart")):
        one.kill()


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    hub = Hub(secret={"KEY": SECRET}.__getitem__)
    yield hub
    hub.close()


def called(
    hub: Hub, connector: Connector, *, is_read: bool = False, halt: Halt | None = None, **arguments: object
) -> str:
    return hub.call(connector, ANN, "work", arguments, halt=halt or Halt(), is_read=is_read).text


@pytest.mark.parametrize("id_last", [False, True])
def test_an_answer_of_50_mb_is_dropped_and_the_next_call_goes_through(hub: Hub, id_last: bool) -> None:
    server = hostile("large")
    with pytest.raises(ToolError, match="more than 8 MB"):
        called(hub, server, id_last=id_last)
    assert hub.look(server, ANN).tools[0].name == "work"
    assert hub.health(server, ANN).restarts == 0


def test_a_server_that_writes_without_end_is_ended(hub: Hub, mark: str) -> None:
    server = hostile("endless", mark)
    with pytest.raises(LeftRunning, match="64 MB without a message"):
        called(hub, server)
    assert psutil.wait_procs(processes(mark), timeout=60)[1] == []


def test_a_crash_in_a_call_is_told_with_its_last_words_and_the_next_call_starts_it_anew(hub: Hub) -> None:
    server = hostile("crash")
    with pytest.raises(LeftRunning, match="ended with code 3; its last words: out of cheese"):
        called(hub, server)
    assert hub.look(server, ANN).tools
    with pytest.raises(Unavailable, match="ended with code 3"):
        called(hub, server, is_read=True)
    assert hub.health(server, ANN).restarts == 1


def test_one_that_crashes_again_and_again_is_let_alone_and_refused_at_once(hub: Hub) -> None:
    server = hostile("crash")
    for _ in range(2):
        with pytest.raises(LeftRunning):
            called(hub, server)
    with pytest.raises(Unavailable) as refused:
        called(hub, server)
    assert refused.value.nothing_done and 0 < refused.value.retry_after <= 0.6
    health = hub.health(server, ANN)
    assert health.condition is Condition.BACKOFF
    assert health.next_try is not None
    assert "out of cheese" in health.trouble


def test_a_program_that_ends_at_its_start_is_told_with_why_and_not_waited_for_for_ever(
    tmp_path: Path,
) -> None:
    now = [0.0]
    hub, server = Hub(secret=str, elapsed=lambda: now[0]), hostile("broken")
    errors = []
    for _ in range(3):
        with pytest.raises((Unavailable, ToolError)) as caught:
            called(hub, server)
        errors.append(caught.value)
        now[0] += 100
    hub.close()
    assert [type(error) for error in errors] == [Unavailable, Unavailable, ToolError]
    assert all("I need a key" in str(error) for error in errors)
    assert errors[0].nothing_done


def test_a_start_that_hangs_ends_and_nothing_of_it_is_left(mark: str) -> None:
    hub, server = Hub(secret=str, patience=0.5), hostile("hanging", mark)
    with pytest.raises(Unavailable, match="did not answer in time when the connection was made") as caught:
        called(hub, server)
    assert caught.value.nothing_done
    hub.close()
    assert processes(mark) == []


def test_a_program_that_is_not_there_is_named() -> None:
    nowhere = Connector(slug="no", title="Nowhere", transport=Transport.STDIO, command=("/opt/no/such",))
    for sandbox in (Sandbox(), Sandbox(Means())):
        own = Hub(secret=str, sandbox=sandbox)
        with pytest.raises((ToolError, Unavailable), match="/opt/no/such"):
            called(own, nowhere)
        own.close()


def test_a_call_without_an_answer_ends_in_its_time_and_is_cancelled_there(hub: Hub, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    folder = (FolderGrant(path=str(tmp_path)),)
    server = hostile("silent", timeout=0.4, environment={"NOTES": str(notes)}, folders=folder)
    with pytest.raises(LeftRunning, match=r"within 0\.4 seconds"):
        called(hub, server)
    with pytest.raises(ToolError, match=r"within 0\.4 seconds"):
        called(hub, server, is_read=True)
    hub.forget("T1", server.slug)
    assert notes.read_text().split() == [
        *["server/discover", "notifications/initialized", "ping"],
        *["tools/call", "notifications/cancelled"] * 2,
    ]


@pytest.mark.parametrize("is_read, error", [(True, Halted), (False, LeftRunning)])
def test_a_stop_ends_a_call_within_a_second_and_on_the_server(
    hub: Hub, tmp_path: Path, is_read: bool, error: type[Exception]
) -> None:
    notes = tmp_path / "notes"
    folder = (FolderGrant(path=str(tmp_path)),)
    server = hostile("silent", environment={"NOTES": str(notes)}, folders=folder)
    hub.look(server, ANN)
    halt, raised = Halt(), []

    def call() -> None:
        with pytest.raises(error) as caught:
            called(hub, server, halt=halt, is_read=is_read)
        raised.append(caught.value)

    caller = threading.Thread(target=call)
    caller.start()
    until(lambda: "tools/call" in notes.read_text())
    halt.set()
    caller.join(1)
    assert not caller.is_alive() and raised
    hub.forget("T1", server.slug)
    assert notes.read_text().split()[3:] == ["tools/call", "notifications/cancelled"]


def test_noise_on_its_output_is_passed_over(hub: Hub) -> None:
    assert called(hub, hostile("noise")) == "done"


def test_of_what_it_writes_as_errors_the_last_lines_are_kept_without_secrets(hub: Hub) -> None:
    server = hostile("talkative", environment={"KEY": "${KEY}"})
    assert called(hub, server) == "done"
    until(lambda: hub.health(server, ANN).stderr[-1:] > ("x",))
    lines = hub.health(server, ANN).stderr
    assert len(lines) == 200 and max(map(len, lines)) <= 500
    assert lines[-2] == "1999: the key is …(hidden: KEY)"
    assert SECRET not in "".join(lines)


def test_an_error_that_repeats_a_secret_does_not_tell_it(hub: Hub) -> None:
    with pytest.raises(ToolError) as caught:
        called(hub, hostile("refuse", environment={"KEY": "${KEY}"}))
    assert SECRET not in str(caught.value) and "(hidden: KEY)" in str(caught.value)
    assert [source.name for source in caught.value.sources] == ["Hostile"]


def test_a_tool_that_is_wrong_is_dropped_with_the_reason_and_spoils_no_other(hub: Hub) -> None:
    found = hub.look(hostile("spoilt"), ANN)
    assert [tool.name for tool in found.tools] == ["work", "untyped"]
    assert [name for name, _ in found.dropped] == ["of_a_list", "without", "?"]
    assert all(reason for _, reason in found.dropped)


@pytest.mark.parametrize("by", [None, Means()], ids=["cell", "bare"])
@pytest.mark.parametrize("name", ["deaf", "family"])
def test_nothing_is_left_of_a_server_that_was_stopped(name: str, by: Means | None, mark: str) -> None:
    hub, server = Hub(secret=str, sandbox=Sandbox(by)), hostile(name, mark)
    assert called(hub, server) == "done"
    hub.close()
    assert psutil.wait_procs(processes(mark), timeout=60)[1] == []
    apart = processes(f"{mark}-apart")  # who left the group of a server is only found in a cell
    assert len(apart) == (1 if name == "family" and by is not None else 0)


@pytest.mark.parametrize("by", ["cell", "bare"])
def test_when_we_are_killed_no_server_lives_on(by: str, mark: str) -> None:
    ours = subprocess.Popen(
        [sys.executable, str(SCRIPT.parent / "killed.py"), mark, by],
        stdout=subprocess.PIPE,
        cwd=SCRIPT.parents[2],
    )
    assert ours.stdout is not None and ours.stdout.readline() == b"running\n"
    servers = [one for one in processes(mark) if one.pid != ours.pid]
    assert len(servers) >= 3
    ours.kill()
    ours.wait()
    assert psutil.wait_procs(servers, timeout=60)[1] == []
    assert len(processes(f"{mark}-apart")) == (0 if by == "cell" else 1)


def test_its_environment_is_what_it_was_given_and_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "ours")
    for by in (None, Means()):
        own = Hub(secret={"KEY": SECRET}.__getitem__, sandbox=Sandbox(by))
        server = hostile("environment", environment={"KEY": "${KEY}", "MODE": "plain"})
        found = json.loads(called(own, server))
        own.close()
        assert found["KEY"] == SECRET and found["MODE"] == "plain"
        assert "ANTHROPIC_API_KEY" not in found
        assert SECRET not in str(Sandbox(by).launch(server, {"KEY": SECRET}).words())


@pytest.mark.parametrize("by", [None, Means()], ids=["cell", "bare"])
def test_what_was_put_into_its_folder_is_never_run_by_a_server(by: Means | None, tmp_path: Path) -> None:
    (tmp_path / "argparse.py").write_text("open(__file__ + '.ran', 'w')\nraise SystemExit")
    server = Connector(
        slug="clock",
        title="Clock",
        transport=Transport.STDIO,
        command=(sys.executable, "-m", "mcp_server_time"),
        folders=(FolderGrant(path=str(tmp_path)),),
    )
    with contextlib.closing(Hub(secret=str, sandbox=Sandbox(by))) as own:
        assert [tool.name for tool in own.look(server, ANN).tools] == ["get_current_time", "convert_time"]
    assert [file.name for file in tmp_path.iterdir()] == ["argparse.py"]


@pytest.mark.skipif(not means().bwrap, reason="bubblewrap does not work here")
def test_in_its_cell_a_server_sees_what_was_granted_and_no_network(hub: Hub, tmp_path: Path) -> None:
    mine, shown, hidden = (tmp_path / name for name in ("mine", "shown", "hidden"))
    for folder in (mine, shown, hidden):
        folder.mkdir()
        (folder / "file").write_text("")
    folders = (FolderGrant(path=str(mine)), FolderGrant(path=str(shown), writable=False))
    server = hostile("reach", folders=folders)

    found = json.loads(
        called(
            hub,
            server,
            paths=["/etc/passwd", str(Path.home()), *(f"{one}/file" for one in (mine, shown, hidden))],
            write=[f"{mine}/new", f"{shown}/new", f"{SCRIPT.parent}/new", "/usr/new", "/dev/new"],
        )
    )

    assert found == {
        "/etc/passwd": False,
        str(Path.home()): Path.home().is_relative_to(sys.base_prefix)
        or Path(sys.base_prefix).is_relative_to(Path.home()),
        f"{mine}/file": True,
        f"{shown}/file": True,
        f"{hidden}/file": False,
        f"{mine}/new": True,
        f"{shown}/new": False,
        f"{SCRIPT.parent}/new": False,
        "/usr/new": False,
        "/dev/new": False,
        "interfaces": ["lo"],
    }
    assert f"no network; it sees {mine}, {shown} (read only)" in hub.health(server, ANN).confinement


@pytest.mark.skipif(not means().bwrap or not program(), reason="no filter of system calls here")
@pytest.mark.parametrize("network", [False, True])
def test_in_its_cell_a_server_gets_only_sockets_of_the_internet(
    hub: Hub, tmp_path: Path, network: bool
) -> None:
    at, shared = str(tmp_path / "server"), f"\0{uuid4().hex}"
    with socket.socket(socket.AF_UNIX) as in_a_folder, socket.socket(socket.AF_UNIX) as without_a_file:
        for one, name in ((in_a_folder, at), (without_a_file, shared)):
            one.bind(name)
            one.listen()
        folders = (FolderGrant(path=str(tmp_path)),)
        server = hostile("sockets", folders=folders, network=network)
        found = json.loads(called(hub, server, at=[at, shared]))

    behind_walls = [socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK]
    assert found == {
        "given": [int(one) for one in behind_walls],
        "reached": [],
        "named": network,
        "paired": True,
    }


def test_a_server_that_may_not_be_opened_is_not_started(mark: str) -> None:
    def no(connector: Connector) -> None:
        raise NotAllowed("It is not on the list.")

    hub, server = Hub(secret=str, may_open=no), hostile("silent", mark)
    with pytest.raises(NotAllowed, match="not on the list"):
        called(hub, server)
    assert hub.health(server, ANN).condition is Condition.BLOCKED
    assert processes(mark) == []
    hub.close()


def test_a_server_that_is_known_to_speak_the_older_protocol_is_not_asked_for_the_newer(
    tmp_path: Path,
) -> None:
    notes, now = tmp_path / "notes", [0.0]
    given = {"environment": {"NOTES": str(notes)}, "folders": (FolderGrant(path=str(tmp_path)),)}
    hub = Hub(secret=str, era=lambda one: known[one.slug], elapsed=lambda: now[0], patience=5)
    mute, other = hostile("old", **given), hostile("silent", **given)
    known = {mute.slug: Era.HANDSHAKE, other.slug: Era.UNKNOWN}

    assert hub.look(mute, ANN).era is Era.HANDSHAKE  # it would say nothing for ten seconds
    assert "server/discover" not in notes.read_text()
    for _ in range(2):
        assert hub.look(other, ANN).era is Era.HANDSHAKE
        now[0] += 600
        hub.rest()
    hub.close()
    assert notes.read_text().split().count("server/discover") == 1


def test_a_server_that_nobody_used_for_ten_minutes_rests_until_the_next_call(mark: str) -> None:
    now = [0.0]
    hub, server = Hub(secret=str, elapsed=lambda: now[0]), hostile("noise", mark)
    assert called(hub, server) == "done"
    now[0] = 599.0
    hub.rest()
    assert hub.health(server, ANN).condition is Condition.READY
    now[0] = 600.0
    hub.rest()
    assert hub.health(server, ANN).condition is Condition.RESTING
    assert processes(mark) == []
    assert called(hub, server) == "done"
    assert hub.health(server, ANN).condition is Condition.READY
    hub.close()


def until(holds: Callable[[], bool]) -> None:
    """As soon as it does: what another process does has no other word for it."""
    waited = threading.Event()
    for _ in range(1000):
        if holds():
            return
        waited.wait(0.01)
    raise AssertionError("it never came to that")
