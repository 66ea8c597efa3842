"""Servers that nobody here wrote, in whole tasks: reads are made, writes are approved as they are shown, or refused."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.connectors.hub import Hub
from bot.domain.approval import ApprovalState
from bot.domain.connector import Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.label import Audience, Source
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.domain.tooling import Toggle
from bot.engine.connectors import Actor, Connectors
from bot.rehearsal.answer import calls, text
from bot.sandbox.walls import means
from bot.sdk.halt import Halt
from bot.store import labels
from bot.store.calls import CallState
from tests.counterparts.node_packages import NODE, modules
from tests.engine.office import Office, results
from tests.store import databases

ADMIN = Actor(person=Person(team="T1", user="UADMIN", name="Mia"), is_admin=True, is_operator=True)
READ = Toggle(effect=Effect.READ, permission=Permission.ON)
ASKED = Toggle(effect=Effect.CREATE, permission=Permission.ASK)
LINES = [f"{number}: the same words again" for number in range(4_000)]

Asked = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """`read` gives `found`; `write` is approved and gives `told`, and `other` is refused. `world` is what there is."""

    connector: Connector
    read: Asked
    found: str
    write: Asked
    told: str
    other: Asked
    world: Callable[[], object]

    def named(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        return f"{self.connector.slug}__{asked[0]}", dict(asked[1])


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """Each server is started once."""
    with contextlib.closing(Hub(secret=str)) as made:
        yield made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A granted folder with a repository in it, and another beside it that was not granted."""
    place = tmp_path_factory.mktemp("real")
    for name in ("granted", "private"):
        folder = place / name
        folder.mkdir()
        (folder / "plan.md").write_text("\n".join(LINES))
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", ".")
        git(
            folder,
            "-c",
            "user.name=Ana",
            "-c",
            "user.email=ana@example.com",
            "commit",
            "-qm",
            f"The {name} plan",
        )
    return place


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True).stdout


def server(place: Path, slug: str, *command: str, **environment: str) -> Connector:
    return Connector(
        slug=slug,
        title=slug.title(),
        transport=Transport.STDIO,
        command=command,
        environment=environment,
        folders=(FolderGrant(path=str(place / "granted")),),
    )


def beside(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def of_node(package: str) -> tuple[str, str]:
    return str(NODE), str(modules() / "@modelcontextprotocol" / package / "dist" / "index.js")


def files(place: Path) -> Case:
    """It is told to serve more than was granted."""
    granted = place / "granted"
    return Case(
        connector=server(place, "files", *of_node("server-filesystem"), str(place)),
        read=("list_directory", {"path": str(granted)}),
        found="[FILE] plan.md",
        write=("write_file", {"path": f"{granted}/new.md", "content": "As it was shown."}),
        told="Successfully wrote",
        other=("write_file", {"path": f"{granted}/plan.md", "content": ""}),
        world=lambda: (
            (granted / "new.md").exists() and (granted / "new.md").read_text(),
            (granted / "plan.md").read_text() == "\n".join(LINES),
        ),
    )


def repository(place: Path) -> Case:
    granted = str(place / "granted")
    return Case(
        connector=server(place, "git", beside("mcp-server-git")),
        read=("git_log", {"repo_path": granted, "max_count": 3}),
        found="The granted plan",
        write=("git_create_branch", {"repo_path": granted, "branch_name": "as-shown"}),
        told="as-shown",
        other=("git_create_branch", {"repo_path": granted, "branch_name": "refused"}),
        world=lambda: git(place / "granted", "branch", "--format=%(refname:short)").split(),
    )


def memory(place: Path) -> Case:
    kept = place / "granted" / "memory.jsonl"
    ana = {"entities": [{"name": "Ana", "entityType": "person", "observations": ["likes tea"]}]}
    return Case(
        connector=server(place, "memory", *of_node("server-memory"), MEMORY_FILE_PATH=str(kept)),
        read=("search_nodes", {"query": "Ana"}),
        found='"entities":[]',
        write=("create_entities", ana),
        told="likes tea",
        other=("delete_entities", {"entityNames": ["Ana"]}),
        world=lambda: kept.exists() and [json.loads(line)["name"] for line in kept.read_text().splitlines()],
    )


def clock(place: Path) -> Case:
    """It only reads, but nobody said so of its second tool: what nobody knows asks."""
    hour = {"source_timezone": "UTC", "time": "12:00"}
    return Case(
        connector=server(place, "clock", beside("mcp-server-time"), "--local-timezone", "UTC"),
        read=("convert_time", {**hour, "target_timezone": "Asia/Tokyo"}),
        found="+9.0h",
        write=("get_current_time", {"timezone": "UTC"}),
        told='"timezone":"UTC"',
        other=("get_current_time", {"timezone": "Asia/Tokyo"}),
        world=lambda: None,
    )


AFTER = {
    files: ("As it was shown.", True),
    repository: ["as-shown", "main"],
    memory: ["Ana"],
    clock: None,
}


@pytest.fixture
def office_of(new_office, hub: Hub, tmp_path: Path) -> Callable[..., Office]:
    def made(connector: Connector, toggles: dict[str, Toggle], *script: Any) -> Office:
        database = databases.sqlite(tmp_path)
        connectors = Connectors(database, hub=lambda _: hub, clock=lambda: office.clock())
        office = new_office(*script, database=database, connectors=connectors)
        connectors.approve(ADMIN, connector.server)
        connectors.test(ADMIN, connector)
        connectors.save(ADMIN, connector, toggles)
        return office

    return made


@pytest.mark.parametrize("case", [files, repository, memory, clock], ids=lambda made: made.__name__)
def test_a_read_is_made_a_write_is_made_as_it_was_approved_and_a_refused_one_is_not(office_of, place, case):
    one = case(place)
    office = office_of(
        one.connector,
        {one.read[0]: READ} | ({} if case is clock else {one.write[0]: ASKED}),
        calls(one.named(one.read)),
        calls(one.named(one.write)),
        calls(one.named(one.other)),
        text("Done."),
    )
    before = one.world()

    task = office.begin(f"Work with {one.connector.slug}")
    assert one.found in results(office.double)[0][0]
    with office.database.read() as session:
        assert labels.sources(session, task.id) == [
            Source(name=one.connector.title, audience=Audience.WORKSPACE)
        ]
    [shown] = office.pending(task.id).draft.actions
    assert (shown.call.tool, json.loads(shown.detail)) == one.named(one.write)
    assert one.world() == before

    waiting = office.approve(task.id)
    assert one.told in results(office.double)[0][0]
    assert waiting.state is TaskState.WAITING and one.world() == AFTER[case]
    office.decide(task.id, ApprovalState.REDIRECTED, "Leave it as it is")

    assert office.work(task.id).state is TaskState.DONE and one.world() == AFTER[case]
    read, write, refused = office.entries(task.id)
    assert (read.state, read.receipt) == (CallState.ANSWERED, None)
    assert write.receipt is not None and write.receipt.what.startswith(
        f"{one.connector.title}: {one.write[0]}"
    )
    assert (refused.state, refused.receipt) == (CallState.REFUSED, None)
    made = office.record.account(task.id).of_call(write.call.id)
    assert made is not None and made.pin["server"] == one.connector.server
    assert made.asked is not None and made.asked.people == ("UANA@T1",)


def test_a_server_sees_the_granted_folders_alone_and_what_it_gives_is_kept_whole(office_of, place):
    one = files(place)
    read = f"{one.connector.slug}__read_text_file"
    office = office_of(
        one.connector,
        {"read_text_file": READ},
        calls((read, {"path": f"{place}/private/plan.md"}), (read, {"path": f"{place}/granted/plan.md"})),
        text("Done."),
    )

    task = office.begin("Read the plan")

    (refused, is_error), (told, _) = results(office.double)
    assert is_error and LINES[0] not in refused
    assert len(told) < 21_000 and "all of it is in" in told
    [kept] = (office.own_folder(task.id) / "from-services").iterdir()
    assert kept.read_text() == "\n".join(LINES)


def test_the_first_call_of_a_server_that_asks_for_its_folders_finds_them_granted(hub, place):
    """As the filesystem server is mostly set up: it is told its folders by the protocol alone."""
    asking = server(place, "asking", *of_node("server-filesystem"))

    found = hub.call(asking, ADMIN.person, "list_directory", {"path": f"{place}/granted"}, halt=Halt())

    assert "[FILE] plan.md" in found.text and not found.is_error


@pytest.mark.skipif(not means().bwrap, reason="bubblewrap does not work here")
def test_a_server_that_goes_where_it_is_told_finds_no_repository_that_was_not_granted(office_of, place):
    one = repository(place)
    log = f"{one.connector.slug}__git_log"
    office = office_of(
        one.connector, {"git_log": READ}, calls((log, {"repo_path": f"{place}/private"})), text("Done.")
    )

    office.begin("Read the log")

    [(told, is_error)] = results(office.double)
    assert is_error and "private plan" not in told
