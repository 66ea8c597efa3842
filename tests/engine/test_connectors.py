"""What people do with connectors: the operator approves servers, an admin sets up and accepts; told to the log."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.connectors.hub import Hub
from bot.connectors.signed_in import Grant, SignIns
from bot.domain.basis import of_pin
from bot.domain.connector import Catalogue, Connector, Definition, Offer, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task, TaskState
from bot.domain.tooling import RESOURCES, Filed, Toggle
from bot.domain.veil import Veil
from bot.engine.connected import Connected
from bot.engine.connectors import Actor, Connectors, Taken
from bot.engine.plugging import AdminsOnly
from bot.errors import NotAllowed
from bot.policy import connecting, serving
from bot.policy.filing import ConnectorsFile
from bot.services.hiding import LearningVeil
from bot.store import entries
from bot.store.database import Database
from tests.services.accounts import SEAL
from tests.store import databases

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADMIN = Actor(person=Person(team="T1", user="UANA", name="Ana Silva"), is_admin=True)
MEMBER = Actor(person=Person(team="T1", user="UBEN", name="Ben Ito"), is_admin=False)
OPERATOR = Actor(person=Person(team="T1", user="operator", name="Operator"), is_admin=False, is_operator=True)
TIME = Connector(
    slug="clock",
    title="Clock",
    transport=Transport.STDIO,
    command=(str(Path(sys.executable).with_name("mcp-server-time")), "--local-timezone", "UTC"),
)
TASK = Task(
    id=1,
    person=ADMIN.person,
    place=Place(team="T1", channel="#notes"),
    goal="Read the first note",
    state=TaskState.WORKING,
    autonomy=Autonomy.CHECKPOINT,
    folders=(),
    created_at=NOW,
)
READS = Toggle(effect=Effect.READ, permission=Permission.ON)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgres()
    yield made
    made.close()


@contextlib.contextmanager
def opened(database: Database, *filed: Filed, **given: object) -> Iterator[Connectors]:
    made = Connectors(
        database,
        hub=lambda _: Hub(secret=lambda name: f"the secret {name}"),
        clock=lambda: NOW,
        file=lambda: ConnectorsFile(connectors=filed),
        taken=partial(Taken, tools=("read_file",), plugins={"github": "GitHub"}),
        **given,  # type: ignore[arg-type]
    )
    with contextlib.closing(made):
        yield made


def logged(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.read() as session:
        return [(one.action, json.loads(one.data)) for one in entries.all_of(session)]


def test_what_a_test_showed_is_accepted_when_it_is_saved(database: Database) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)

        catalogue = connectors.test(ADMIN, TIME)
        saved = connectors.save(ADMIN, TIME, {"get_current_time": READS})

    assert {one.name for one in catalogue.tools} == {"get_current_time", "convert_time"}
    assert [(one.name, one.is_accepted, one.toggle) for one in saved.tools] == [
        ("get_current_time", True, READS),
        ("convert_time", True, Toggle(effect=Effect.DELETE, permission=Permission.ASK)),
    ]
    assert connecting.granted(saved).permissions == {
        "clock__get_current_time": Permission.ON,
        "clock__convert_time": Permission.ASK,
        **dict.fromkeys(RESOURCES, Permission.ON),
    }
    assert [one.slug for one in (shown.connector for shown in connectors.listed("T1"))] == ["clock"]
    assert connectors.listed("T2") == []


def test_saved_without_a_test_its_tools_wait_for_an_admin(database: Database) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        assert connectors.save(ADMIN, TIME, {"get_current_time": READS}).tools == ()

        seen = connectors.reconnect(ADMIN, "clock")
        assert [one.is_new for one in seen.tools] == [True, True]
        assert connecting.granted(seen).permissions["clock__get_current_time"] is Permission.OFF

        accepted = connectors.accept(ADMIN, "clock", ["get_current_time"])
        assert connecting.granted(accepted).permissions["clock__get_current_time"] is Permission.ON
        assert connecting.granted(accepted).permissions["clock__convert_time"] is Permission.OFF


@pytest.mark.parametrize(
    "other",
    [
        replace(TIME, command=(*TIME.command[:-1], "Asia/Tokyo")),
        replace(TIME, command=TIME.command[:1]),
        replace(TIME, command=(TIME.command[0] + "2", *TIME.command[1:])),
        replace(TIME, command=(f"{Path(TIME.command[0]).parent}/./mcp-server-time", *TIME.command[1:])),
        replace(TIME, transport=Transport.HTTP, command=(), url="https://evil.example/mcp"),
    ],
)
def test_a_server_is_the_very_one_that_the_operator_approved(database: Database, other: Connector) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        connectors.approve(OPERATOR, "https://mcp.example/some/path")

        for deed in (
            lambda: connectors.test(ADMIN, other),
            lambda: connectors.save(ADMIN, other, {}),
            lambda: connectors.may_open(other),
        ):
            with pytest.raises(NotAllowed, match="not approved"):
                deed()

        assert connectors.approved() == [TIME.server, "https://mcp.example:443"]


def test_what_the_operator_withdraws_is_granted_no_more(database: Database) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        connectors.save(ADMIN, TIME, {})

        connectors.withdraw(OPERATOR, TIME.server)

        assert connecting.granted(connectors.one("T1", "clock")) is None
        with pytest.raises(NotAllowed, match="not approved"):
            connectors.reconnect(ADMIN, "clock")


@pytest.mark.parametrize("name", ["PYTHONPATH", "NODE_OPTIONS", "LD_PRELOAD", "PATH", "HOME"])
def test_an_admin_sets_no_variable_that_gives_an_approved_program_other_code(
    tmp_path: Path, name: str
) -> None:
    database, other = databases.sqlite(tmp_path), replace(TIME, environment={name: str(tmp_path)})
    with contextlib.closing(database):
        with opened(database) as connectors:
            connectors.approve(OPERATOR, TIME.server)
            for deed in (connectors.test, partial(connectors.save, toggles={})):
                with pytest.raises(NotAllowed, match=f"{name} .* Only the operator"):
                    deed(ADMIN, other)
            with pytest.raises(NotAllowed, match=name):
                connectors.may_open(other)

        with opened(database, Filed(connector=other)) as connectors:
            connectors.may_open(other)
            assert connectors.one("T1", "clock").is_approved
            with pytest.raises(NotAllowed, match=name):
                connectors.may_open(replace(other, slug="clock-2"))


def test_the_network_is_approved_for_itself(database: Database) -> None:
    networked = replace(TIME, network=True)
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        with pytest.raises(NotAllowed, match="not approved the network"):
            connectors.test(ADMIN, networked)

        connectors.approve(OPERATOR, TIME.server, network=True)
        assert connectors.save(ADMIN, networked, {}).is_approved

        connectors.withdraw(OPERATOR, TIME.server + serving.WITH_THE_NETWORK)
        assert not connectors.one("T1", "clock").is_approved
        connectors.may_open(TIME)

        connectors.approve(OPERATOR, TIME.server, network=True)
        connectors.withdraw(OPERATOR, TIME.server)
        assert connectors.approved() == []


def test_only_the_operator_approves_and_only_admins_set_up(database: Database) -> None:
    with opened(database) as connectors:
        for actor in (ADMIN, MEMBER):
            with pytest.raises(NotAllowed, match="Only the operator"):
                connectors.approve(actor, TIME.server)
        connectors.approve(OPERATOR, TIME.server)
        connectors.save(ADMIN, TIME, {})

        for deed in (
            lambda: connectors.test(MEMBER, TIME),
            lambda: connectors.save(MEMBER, TIME, {}),
            lambda: connectors.permit(MEMBER, "clock", {}),
            lambda: connectors.accept(MEMBER, "clock", []),
            lambda: connectors.switch(MEMBER, "clock", False),
            lambda: connectors.remove(MEMBER, "clock"),
            lambda: connectors.reconnect(MEMBER, "clock"),
        ):
            with pytest.raises(AdminsOnly):
                deed()


def test_what_stands_in_the_file_is_approved_and_there_for_every_team(database: Database) -> None:
    with opened(database, Filed(connector=TIME, toggles={"get_current_time": READS})) as connectors:
        shown = connectors.look(MEMBER.person, "clock")

        assert shown.is_from_file and shown.is_approved
        assert connecting.granted(shown).permissions["clock__get_current_time"] is Permission.ON
        assert connecting.granted(shown).permissions["clock__convert_time"] is Permission.OFF
        assert [one.connector.slug for one in connectors.listed("T2")] == ["clock"]
        with pytest.raises(NotAllowed, match=r"connectors\.toml"):
            connectors.remove(ADMIN, "clock")
        with pytest.raises(NotAllowed, match=r"connectors\.toml"):
            connectors.withdraw(OPERATOR, TIME.server)

        connectors.switch(ADMIN, "clock", False)
        assert connecting.granted(connectors.one("T1", "clock")) is None
        assert connecting.granted(connectors.one("T2", "clock")) is not None


def test_pins_are_of_one_server_and_say_nothing_of_another(database: Database) -> None:
    with opened(database, Filed(connector=TIME)) as connectors:
        connectors.look(ADMIN.person, "clock")
        connectors.accept(ADMIN, "clock", ["get_current_time", "convert_time"])
        assert all(one.is_accepted for one in connectors.one("T1", "clock").tools)

    moved = replace(TIME, command=(*TIME.command[:-1], "Asia/Tokyo"))
    with opened(database, Filed(connector=moved)) as connectors:
        assert connectors.one("T1", "clock").tools == ()
        assert all(one.is_new for one in connectors.look(ADMIN.person, "clock").tools)


def test_on_is_no_choice_for_what_cannot_be_taken_back(database: Database) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        connectors.save(ADMIN, TIME, {})

        for effect in (Effect.DELETE, Effect.SEND, Effect.PUBLISH, Effect.EXECUTE):
            with pytest.raises(NotAllowed, match="no choice"):
                connectors.permit(ADMIN, "clock", {"x": Toggle(effect=effect, permission=Permission.ON)})

        assert connectors.permit(ADMIN, "clock", {"x": READS}).tools == ()


@pytest.mark.parametrize(
    "slug", ["github", "g1thub", "git-hub", "read-file", "cowork", "system", "c1ock", "Clock2"]
)
def test_no_name_is_taken_for_another(database: Database, slug: str) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        connectors.save(ADMIN, TIME, {})

        assert connectors.refused_slug(slug, team="T1") != ""
        assert connectors.refused_slug("clock", team="T1") == ""
        with pytest.raises(NotAllowed, match=r"short name|taken for"):
            connectors.save(ADMIN, replace(TIME, slug=slug), {})


def test_no_secret_is_written_out_and_no_folder_shown_that_was_not_granted(database: Database) -> None:
    database.veil = Veil((("A token", "tok-abcdefgh-12345678"),))
    granted = FolderGrant(path="/srv/reports", writable=False)
    with opened(database, folders=[granted]) as connectors:
        connectors.approve(OPERATOR, TIME.server)

        for wrong, why in (
            ({"environment": {"TOKEN": "tok-abcdefgh-12345678"}}, "holds a secret"),
            ({"folders": (FolderGrant(path="/etc", writable=False),)}, "not in a folder"),
            ({"folders": (FolderGrant(path="/srv/reports/a"),)}, "for writing"),
            ({"slots": 0}, "calls at once"),
        ):
            with pytest.raises(NotAllowed, match=why):
                connectors.save(ADMIN, replace(TIME, **wrong), {})

        right = replace(TIME, environment={"TOKEN": "Bearer ${TOKEN}"}, folders=(granted,))
        assert connectors.save(ADMIN, right, {}).connector == right


def test_everything_is_told_to_the_log(database: Database) -> None:
    with opened(database) as connectors:
        connectors.approve(OPERATOR, TIME.server)
        connectors.test(ADMIN, TIME)
        saved = connectors.save(ADMIN, TIME, {"get_current_time": READS})
        connectors.switch(ADMIN, "clock", False)
        connectors.switch(ADMIN, "clock", False)
        connectors.remove(ADMIN, "clock")

    actions = [action for action, _ in logged(database)]
    assert actions == [
        "connector_server_approved",
        "connector_saved",
        "connector_disabled",
        "connector_removed",
    ]
    told = logged(database)[1][1]
    assert told["by"] == "Ana Silva"
    assert told["toggles"] == {"get_current_time": {"before": "", "after": "read: on"}}
    assert told["accepted"] == {one.name: one.definition.digest for one in saved.tools}


def test_another_path_of_an_address_is_another_server_of_which_nothing_was_accepted(tmp_path: Path) -> None:
    notes = Connector(slug="notes", title="Notes", transport=Transport.HTTP, url="https://notes.example/ana")
    reads = Definition.of("first", {"name": "first"})
    with contextlib.closing(databases.sqlite(tmp_path)) as database, opened(database) as connectors:
        connectors.approve(OPERATOR, notes.server)
        connectors.save(ADMIN, notes, {"first": READS})
        connectors.seen("T1", notes, Catalogue(tools=(reads,)))
        connectors.accept(ADMIN, "notes", ["first"])
        assert connectors.save(ADMIN, replace(notes, timeout=9.0), {}).tools[0].is_accepted

        moved = replace(notes, url="https://notes.example/everybody")
        connectors.save(ADMIN, moved, {})
        connectors.seen("T1", moved, Catalogue(tools=(reads,)))

        assert [tool.is_new for tool in connectors.one("T1", "notes").tools] == [True]


def test_as_what_a_call_is_made_tells_who_signed_in_to_its_server(tmp_path: Path) -> None:
    notes = Connector(slug="notes", title="Notes", transport=Transport.HTTP, url="https://notes.example/mcp")
    with contextlib.closing(databases.sqlite(tmp_path)) as database, opened(database) as connectors:
        connectors.approve(OPERATOR, notes.server)
        connectors.save(ADMIN, notes, {})
        connected = Connected(connectors, clock=lambda: NOW)
        signed = SignIns(database, seal=SEAL, clock=lambda: NOW, veil=LearningVeil())

        def print_now() -> str:
            return of_pin("notes__first", connected.pin(TASK, "notes__first")).print

        prints = [print_now()]
        for person in (ADMIN.person, MEMBER.person):
            signed.keep(notes, person, Grant(token="of-the-test-4f81"))
            prints.append(print_now())

    assert len(set(prints)) == 3


def test_what_one_person_saw_by_their_own_sign_in_is_not_the_teams(tmp_path: Path) -> None:
    mail = Connector(slug="mail", title="Mail", transport=Transport.HTTP, url="https://mail.example/mcp")
    offered = Catalogue(
        tools=(Definition.of("send", {"name": "send"}),),
        resources=(Offer(name="inbox", uri="mail://ana/offer-from-initech"),),
        templates=(Offer(name="mail", uri="mail://ana/{id}"),),
        prompts=(Offer(name="reply-to-headhunter"),),
        instructions="You help Ana.",
    )
    with contextlib.closing(databases.sqlite(tmp_path)) as database, opened(database) as connectors:
        connectors.approve(OPERATOR, mail.server)
        for slug, is_personal in (("mail", True), ("post", False)):
            one = replace(mail, slug=slug, title=slug, is_personal=is_personal)
            connectors.save(ADMIN, one, {})
            connectors.seen("T1", one, offered)

        kept = connectors.one("T1", "mail").catalogue
        assert kept == Catalogue(tools=offered.tools, has_own=True)
        assert kept.has_resources
        assert connectors.one("T1", "post").catalogue == offered
