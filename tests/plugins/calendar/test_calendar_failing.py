"""What a calendar refuses or fails to do is told to the one who can act, and nothing is sent twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk import Effect, quality
from bot.sdk.refusing import ANSWERS, refusing
from bot.sdk.trial import Trial
from plugins.calendar import plugin
from tests.counterparts.emulate import Emulate
from tests.counterparts.wire import Wire
from tests.plugins.calendar.conftest import Dav, caldav_connection, google_connection

PLAN = {"title": "Plan", "start": "2026-11-25T10:00", "end": "2026-11-25T11:00"}
CALENDARS = json.dumps({"items": [{"id": "primary", "primary": True, "accessRole": "owner"}]})
WEEK = {"start": "2026-11-23", "end": "2026-11-27"}


def error(code: int, message: str, reason: str) -> str:
    return json.dumps({"error": {"code": code, "message": message, "errors": [{"reason": reason}]}})


@pytest.fixture
def wire(emulate: Emulate, wire_to: Callable[[str], Wire]) -> Wire:
    return wire_to(emulate.google.url)


@pytest.fixture
def wired(google: Trial, wire: Wire) -> Trial:
    return replace(google, connection=google_connection(wire.url))


def test_it_breaks_no_rule_of_quality() -> None:
    assert quality.faults(plugin) == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.name)
def test_whatever_a_caldav_server_answers_only_our_errors_are_raised(answer: object, tmp_path: Path) -> None:
    with refusing(answer) as address:  # type: ignore[arg-type]
        trial = Trial(plugin=plugin, connection=caldav_connection(address), folder=tmp_path)
        for one in plugin.actions:
            with pytest.raises((SignInNeeded, ToolError, Unavailable)):
                trial.run(one.name, effect_id="e-1", **one.example)


def test_what_reaches_people_is_never_done_unasked() -> None:
    sends = {name for name, one in plugin.tools.items() if one.effect is Effect.SEND}
    assert sends == {
        f"calendar_{name}"
        for name in (
            "invite_people",
            "respond_to_invitation",
            "move_meeting",
            "update_meeting",
            "cancel_meeting",
        )
    }
    assert set(plugin.tools["calendar_invite_people"].destinations) == {"calendar", "guests"}
    assert all(bool(one.needs) == (one.effect is not Effect.READ) for one in plugin.actions)


def test_a_limit_of_google_parks_the_task(wired: Trial, wire: Wire) -> None:
    wire.refuse(429, "{}", Retry_After="17")
    wire.refuse(403, error(403, "Rate Limit Exceeded", "userRateLimitExceeded"))
    for wait in (17, 30):
        with pytest.raises(Unavailable) as limited:
            wired.run("list_calendars")
        assert (limited.value.retry_after, limited.value.nothing_done) == (wait, True)
        assert limited.value.service == "Google Calendar"
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        (403, "insufficientPermissions", "does not include this right"),
        (403, "forbidden", "Ask the owner of the calendar for the right"),
        (404, "notFound", "did not find"),
        (400, "invalid", "refused the call"),
        (307, "", "sends elsewhere"),
    ],
)
def test_a_refusal_of_google_says_what_to_do(
    wired: Trial, wire: Wire, code: int, reason: str, said: str
) -> None:
    wire.refuse(code, error(code, "No", reason), Location="/elsewhere")
    with pytest.raises(ToolError, match=said):
        wired.run("list_calendars")
    assert len(wire.sent) == 1


@pytest.mark.parametrize("lost", ["lose_answer", "lose_request"])
def test_a_dropped_connection_sends_a_create_to_google_once(
    wired: Trial, wire: Wire, google: Trial, lost: str
) -> None:
    for _ in range(2):
        wire.refuse(200, CALENDARS)
    getattr(wire, lost)()
    with pytest.raises(Unavailable, match="its answer did not come") as open_:
        wired.run("create_event", effect_id="e-1", calendar="primary", **PLAN)
    assert not open_.value.nothing_done
    assert [method for method, _ in wire.sent] == ["GET", "GET", "POST"]
    assert google.run("list_events", **WEEK).text.count(": Plan") == (lost == "lose_answer")


@pytest.mark.parametrize("lost", ["lose_answer", "lose_request"])
def test_a_create_that_was_lost_on_the_way_is_found_or_made_once_over_caldav(
    dav: Dav, wire_to: Callable[[str], Wire], lost: str
) -> None:
    wire = wire_to(dav.server.url)
    facts = {"home": f"{wire.url}/ana/", "addresses": ""}
    wired = replace(dav.trial, connection=replace(caldav_connection(wire.url), facts=facts))
    here = {"calendar": "ana/work", **PLAN}
    listing = 2  # for the scope, and for the call
    for _ in range(listing):
        wire.refuse(207, CALDAV_CALENDARS)
    getattr(wire, lost)()
    with pytest.raises(Unavailable, match="its answer did not come"):
        wired.run("create_event", effect_id="e-1", **here)
    assert [method for method, _ in wire.sent] == ["PROPFIND"] * listing + ["PUT"]
    assert (wired.settled("create_event", effect_id="e-1", **here) is not None) == (lost == "lose_answer")
    wired.run("create_event", effect_id="e-1", **here)
    assert len(dav.trial.run("list_events", **WEEK).text.splitlines()) == 2


def test_where_nobody_listens_nothing_was_done(google: Trial, wire: Wire) -> None:
    wire.close()
    for connection in (google_connection(wire.url), caldav_connection(wire.url)):
        nowhere = replace(google, connection=connection)
        with pytest.raises(Unavailable, match="no connection could be made") as unreached:
            nowhere.run("create_event", effect_id="e-1", calendar="primary", **PLAN)
        assert unreached.value.nothing_done


def test_what_is_no_answer_of_googles_is_not_taken_for_one(wired: Trial, wire: Wire) -> None:
    wire.refuse(200, "<html>Sign in to the hotel's network</html>")
    with pytest.raises(Unavailable, match="could not be read"):
        wired.run("list_calendars")
    wire.refuse(200, "x" * 5_000_001)
    with pytest.raises(ToolError, match="more than 5,000,000 bytes"):
        wired.run("list_calendars")


CALDAV_CALENDARS = (
    '<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>/ana/work/</href>'
    "<propstat><prop><resourcetype><collection/><C:calendar/></resourcetype></prop>"
    "<status>HTTP/1.1 200 OK</status></propstat>"
    "</response></multistatus>"
)
