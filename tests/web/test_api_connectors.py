"""Admins look after connectors over HTTP: what they switch, permit and accept is what tasks get."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Office
from bot.domain.connector import Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.domain.token import TokenScope
from bot.domain.tooling import Toggle
from bot.engine.connectors import Actor
from tests.web.programs import Program, at_work, program

CLOCK = Connector(
    slug="clock",
    title="Clock",
    transport=Transport.STDIO,
    command=(str(Path(sys.executable).with_name("mcp-server-time")), "--local-timezone", "UTC"),
)
ASKED = {"title": "Clock", "transport": "stdio", "command": list(CLOCK.command)}
FALSE = json.dumps(["/bin/sh", "-c", "echo no such wish >&2; exit 1"])
OPERATOR = Actor(person=Person(team="", user="root", name="root"), is_admin=False, is_operator=True)
READS = Toggle(effect=Effect.READ, permission=Permission.ON)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path) as office:
        yield office


@pytest.fixture
def mia(office: Office) -> Iterator[Program]:
    """An admin's program, in a workspace whose operator set up a clock. Nobody has accepted what it offers."""
    with program(office, "mia", scopes=(TokenScope.CONNECTORS,)) as one:
        admin = Actor(person=one.person, is_admin=True)
        operator = Actor(
            person=Person(team=one.person.team, user="root", name="root"), is_admin=False, is_operator=True
        )
        office.colleague.connectors.approve(operator, CLOCK.server)
        office.colleague.connectors.save(admin, CLOCK, {})
        yield one


def tools(shown: dict) -> dict[str, tuple[str, str, str]]:
    return {one["name"]: (one["state"], one["effect"], one["permission"]) for one in shown["tools"]}


def test_an_admins_program_connects_accepts_permits_and_switches(office, mia):
    [listed] = mia.get("/connectors").json()["connectors"]
    assert (listed["slug"], listed["is_on"], listed["is_approved"], listed["tools"]) == (
        "clock",
        True,
        True,
        [],
    )

    found = mia.post("/connectors/clock/reconnect").json()
    assert (found["condition"], found["trouble"]) == ("ready", "")
    assert tools(found) == dict.fromkeys(("get_current_time", "convert_time"), ("new", "delete", "ask"))
    digests = {one["name"]: one["digest"] for one in found["tools"]}

    stale = mia.post("/connectors/clock/accept", {"tools": {"convert_time": "0" * 64}})
    assert (stale.status_code, "was changed again" in stale.json()["detail"]) == (403, True)
    mia.post("/connectors/clock/accept", {"tools": {"convert_time": digests["convert_time"]}})
    chosen = {"tools": {"convert_time": {"effect": "read", "permission": "on"}}}
    permitted = mia.http.patch("/api/v1/connectors/clock/tools", json=chosen).json()
    assert tools(permitted)["convert_time"] == ("accepted", "read", "on")
    [fresh, agreed] = permitted["tools"]
    assert (fresh["accepted"], agreed["accepted"]) == (None, agreed["definition"])
    assert agreed["definition"]["inputSchema"]["required"] == ["source_timezone", "time", "target_timezone"]
    assert tools(permitted)["get_current_time"] == ("new", "delete", "ask")

    off = mia.http.patch("/api/v1/connectors/clock", json={"is_on": False})
    assert (off.status_code, off.json()["is_on"]) == (200, False)
    assert office.colleague.connectors.one(mia.person.team, "clock").is_on is False
    assert mia.get("/connectors/none").status_code == 404


def test_an_admins_program_tests_a_server_sets_it_up_as_shown_and_removes_it(office, mia):
    asked = {"title": "Hours", "transport": "stdio", "command": list(CLOCK.command)}
    chosen = {"convert_time": {"effect": "read", "permission": "on"}}

    shown = mia.post("/connectors/hours/test", asked).json()
    assert (shown["trouble"], [one["name"] for one in shown["tools"]]) == (
        "",
        ["get_current_time", "convert_time"],
    )
    made = mia.http.put("/api/v1/connectors/hours", json=asked | {"tools": chosen})
    assert (made.status_code, tools(made.json())) == (
        201,
        {
            "get_current_time": ("accepted", "delete", "ask"),
            "convert_time": ("accepted", "read", "on"),
        },
    )
    again = mia.http.put("/api/v1/connectors/hours", json=asked | {"title": "Opening hours"})
    assert (again.status_code, again.json()["title"]) == (200, "Opening hours")

    assert mia.http.delete("/api/v1/connectors/hours").status_code == 204
    assert [one["slug"] for one in mia.get("/connectors").json()["connectors"]] == ["clock"]
    assert mia.http.delete("/api/v1/connectors/hours").status_code == 404


def test_what_goes_wrong_in_a_test_is_told_with_what_the_server_said(office, mia):
    office.colleague.connectors.approve(OPERATOR, FALSE)

    shown = mia.post(
        "/connectors/sad/test", {"title": "Sad", "transport": "stdio", "command": json.loads(FALSE)}
    )

    assert shown.status_code == 200 and shown.json()["tools"] == []
    assert "ended with code 1" in shown.json()["trouble"] and shown.json()["stderr"] == ["no such wish"]


def test_what_the_operator_did_not_allow_cannot_be_set_up(mia):
    refused = [
        ({"command": ["/bin/cat"]}, "has not approved"),
        ({"command": [*CLOCK.command, "--more"]}, "has not approved"),
        ({"command": []}, "a command (transport stdio) or a url"),
        ({"environment": {"API_KEY": "written-out-1234567890"}}, "Keep it with `cowork secrets set"),
        ({"command": [*CLOCK.command, "--password=hunter2hunter2"]}, "There is a secret in the command"),
        ({"folders": [{"path": "/etc"}]}, "/etc is not in a folder that was granted"),
        ({"title": "Cowork"}, "Cowork"),
    ]
    for asked, why in refused:
        whole = {"title": "Hours", "transport": "stdio", "command": list(CLOCK.command)} | asked
        tested = mia.post("/connectors/hours/test", whole)
        saved = mia.http.put("/api/v1/connectors/hours", json=whole)
        for answer in (tested, saved):
            assert (answer.status_code, why in answer.json()["detail"]) == (403, True), answer.text
    assert mia.get("/connectors/hours").status_code == 404


def test_nobody_but_an_admin_and_no_token_without_the_scope(office, mia):
    with program(office, "ben", name="bens") as ben:
        refused = [
            ben.get("/connectors"),
            ben.post("/connectors/clock/reconnect"),
            ben.post("/connectors/clock/test", ASKED),
            ben.http.put("/api/v1/connectors/clock", json=ASKED),
            ben.http.delete("/api/v1/connectors/clock"),
        ]
    with program(office, "mia", name="tasks", scopes=(TokenScope.READ, TokenScope.WRITE)) as other:
        refused += [
            other.get("/connectors"),
            other.http.patch("/api/v1/connectors/clock", json={"is_on": False}),
            other.http.put("/api/v1/connectors/clock", json=ASKED),
        ]
    assert [one.status_code for one in refused] == [403] * 8
    assert refused[0].json()["detail"] == "Only an admin of this workspace can look after connectors."
    assert refused[-1].json()["type"] == "urn:cowork:out-of-scope"
    assert mia.get("/connectors/clock").json()["is_on"] is True
