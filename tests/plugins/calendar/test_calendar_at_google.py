"""Events at Google, as its specification has them: asked rightly, changed as they were read, guests told or not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import ToolError
from bot.sdk import Effect
from bot.sdk.trial import Trial
from plugins.calendar.event import Calendar
from plugins.calendar.googlewords import event as read
from tests.counterparts.prism import Prism

EVENTS = "/calendar/v3/calendars/{calendarId}/events"
EVENT = f"{EVENTS}/{{eventId}}"
TEAM = {
    "id": "team@group.calendar.google.com",
    "summary": "Team",
    "timeZone": "Europe/Lisbon",
    "accessRole": "owner",
}
OWN = {
    "id": "ana@example.com",
    "summary": "Ana",
    "timeZone": "Europe/Lisbon",
    "accessRole": "owner",
    "primary": True,
}
BEN = {"email": "ben@example.com", "displayName": "Ben Okoye", "responseStatus": "accepted"}
ANA = {"email": "ana@example.com", "self": True, "responseStatus": "needsAction"}
FOCUS: dict[str, Any] = {
    "id": "f1",
    "etag": '"3181161784712000"',
    "status": "confirmed",
    "htmlLink": "https://www.google.com/calendar/event?eid=f1",
    "summary": "Focus",
    "description": "Write <b>the</b> plan",
    "organizer": {"email": "ana@example.com", "self": True},
    "start": {"dateTime": "2026-11-24T10:00:00Z", "timeZone": "Europe/Lisbon"},
    "end": {"dateTime": "2026-11-24T11:00:00Z", "timeZone": "Europe/Lisbon"},
}
MEETING = FOCUS | {"attendees": [BEN, ANA | {"responseStatus": "accepted"}]}
INVITED = FOCUS | {"organizer": {"email": "ben@example.com"}, "attendees": [BEN, ANA]}
TIMES = {"start": "2026-11-25T14:00", "end": "2026-11-25T15:00"}


def on(raw: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The event as the model read it."""
    version = read(raw, Calendar(id="ana@example.com", title="Ana")).version
    return {"calendar": "primary", "event": str(raw["id"]), "version": version} | more


def lists(official: Prism, *calendars: dict[str, Any]) -> None:
    official.answer("GET", "/calendar/v3/users/me/calendarList", {"items": list(calendars or (OWN, TEAM))})


def run(
    documented: Trial, official: Prism, name: str, raw: dict[str, Any], answered: dict[str, Any], **given: Any
) -> Any:
    """The one call that writes; every request was right by the specification."""
    lists(official)  # for the scope
    lists(official)
    official.answer("GET", EVENT, raw)
    method = "DELETE" if name.startswith("cancel") else "PATCH"
    if method == "PATCH":
        official.answer(method, EVENT, answered)
    made = documented.run(name, effect_id="e-1", **given)
    sent = [call for call in official.calls if call.method == method]
    assert len(sent) == 1
    assert not any(call.violations for call in official.calls)
    return made, sent[0]


def test_an_event_is_read_whole_with_its_text_as_markdown(documented: Trial, official: Prism) -> None:
    lists(official)
    lists(official)
    official.answer("GET", EVENT, MEETING | {"hangoutLink": "https://meet.google.com/abc"})
    text = documented.run("get_event", calendar="primary", event="f1").text
    assert text.startswith(
        "# Focus\nWhen: Tue 24 Nov 2026 10:00–11:00 (Europe/Lisbon)\nCalendar: Ana (ana@example.com)\n"
    )
    assert "Call: https://meet.google.com/abc" in text
    assert "- Ben Okoye <ben@example.com>: accepted\n- ana@example.com: accepted, is who is connected" in text
    assert text.endswith("\n\nWrite **the** plan")
    assert official.calls[-1].path == "/calendar/v3/calendars/ana%40example.com/events/f1"


def test_the_own_calendar_is_within_the_scope_by_its_id(documented: Trial, official: Prism) -> None:
    lists(official)
    assert documented.items("get_event", calendar="primary", event="f1") == ("ana@example.com",)


def test_no_id_leads_to_another_path(documented: Trial, official: Prism) -> None:
    for event in ("../../team/events/f1", "..", ""):
        lists(official)
        lists(official)
        with pytest.raises(ToolError, match="is not an id"):
            documented.run("get_event", calendar="primary", event=event)
    assert all(call.path.endswith("calendarList") for call in official.calls)


def test_a_create_is_made_once_under_an_id_of_its_own(documented: Trial, official: Prism) -> None:
    given = {"calendar": "primary", "title": "Focus", "start": "2026-11-24T10:00", "end": "2026-11-24T11:00"}
    effect_id = "0f8fad5b-d9cb-469f-a165-70867728950e"
    lists(official)
    lists(official)
    official.answer("POST", EVENTS, {"error": {"code": 409, "message": "exists"}}, code=409)
    official.answer("GET", EVENT, FOCUS)
    details = {"place": "Room 2", "text": "x", "repeats": "FREQ=WEEKLY;COUNT=6", "is_free": True}
    made = documented.run("create_event", effect_id=effect_id, **given, details=details)
    assert made.receipt is not None
    assert (made.receipt.effect, made.receipt.where) == (Effect.CREATE, FOCUS["htmlLink"])
    (sent,) = [call for call in official.calls if call.method == "POST"]
    assert sent.query == {"sendUpdates": "none"}
    assert set(sent.body.pop("id")) <= set("0123456789abcdefghijklmnopqrstuv")
    assert sent.body == {
        "summary": "Focus",
        "start": {"dateTime": "2026-11-24T10:00:00+00:00", "timeZone": "Europe/Lisbon"},
        "end": {"dateTime": "2026-11-24T11:00:00+00:00", "timeZone": "Europe/Lisbon"},
        "location": "Room 2",
        "description": "x",
        "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=6"],
        "transparency": "transparent",
    }
    assert not any(call.violations for call in official.calls)


def test_whether_it_was_made_is_told_by_its_id(documented: Trial, official: Prism) -> None:
    given = {"calendar": "primary", "title": "Focus", "start": "2026-11-24T10:00", "end": "2026-11-24T11:00"}
    lists(official)
    official.answer("GET", EVENT, {"error": {"code": 404, "message": "Not Found"}}, code=404)
    assert documented.settled("create_event", effect_id="e-1", **given) is None
    lists(official)
    official.answer("GET", EVENT, FOCUS)
    assert documented.settled("create_event", effect_id="e-1", **given) is not None


@pytest.mark.parametrize(
    ("name", "raw", "tells"), [("move_event", FOCUS, "none"), ("move_meeting", MEETING, "all")]
)
def test_an_event_is_moved_only_as_it_was_read(
    documented: Trial, official: Prism, name: str, raw: dict[str, Any], tells: str
) -> None:
    moved = raw | {
        "etag": '"2"',
        "start": {"dateTime": "2026-11-25T14:00:00Z", "timeZone": "Europe/Lisbon"},
        "end": {"dateTime": "2026-11-25T15:00:00Z", "timeZone": "Europe/Lisbon"},
    }
    made, sent = run(documented, official, name, raw, moved, **on(raw, **TIMES))
    assert (sent.query, sent.headers["if-match"]) == ({"sendUpdates": tells}, raw["etag"])
    assert sent.body == {
        "start": {"dateTime": "2026-11-25T14:00:00+00:00", "timeZone": "Europe/Lisbon"},
        "end": {"dateTime": "2026-11-25T15:00:00+00:00", "timeZone": "Europe/Lisbon"},
    }
    lists(official)
    official.answer("GET", EVENT, moved)
    official.answer("PATCH", EVENT, raw)
    documented.undo(name, made, **on(raw, **TIMES))
    back = official.calls[-1] if official.calls[-1].method == "PATCH" else official.calls[-2]
    assert back.body["start"] == {"dateTime": "2026-11-24T10:00:00+00:00", "timeZone": "Europe/Lisbon"}
    assert (back.query, back.headers["if-match"]) == ({"sendUpdates": tells}, '"2"')


def test_one_that_changes_between_look_and_write_is_left(documented: Trial, official: Prism) -> None:
    lists(official)
    lists(official)
    official.answer("GET", EVENT, FOCUS)
    official.answer("PATCH", EVENT, {"error": {"code": 412, "message": "Precondition Failed"}}, code=412)
    with pytest.raises(ToolError, match="nothing was written"):
        documented.run("move_event", effect_id="e-1", **on(FOCUS, **TIMES))


def test_a_meeting_is_changed_with_word_to_its_guests(documented: Trial, official: Prism) -> None:
    changes = {"title": "Focus 2", "place": "", "is_free": True}
    changed = MEETING | {"summary": "Focus 2", "etag": '"2"'}
    made, sent = run(documented, official, "update_meeting", MEETING, changed, **on(MEETING, changes=changes))
    assert made.receipt.effect is Effect.SEND
    assert sent.query == {"sendUpdates": "all"}
    assert sent.body == {"summary": "Focus 2", "location": "", "transparency": "transparent"}


def test_an_event_is_changed_quietly(documented: Trial, official: Prism) -> None:
    given = on(FOCUS, changes={"text": "New"})
    lists(official)
    lists(official)
    official.answer("GET", EVENT, FOCUS)
    assert "Text: Write <b>the</b> plan\n→ New" in documented.preview("update_event", **given)
    changed = FOCUS | {"description": "New", "etag": '"2"'}
    _, sent = run(documented, official, "update_event", FOCUS, changed, **given)
    assert (sent.query, sent.body) == ({"sendUpdates": "none"}, {"description": "New"})


def test_what_has_guests_is_never_changed_quietly(documented: Trial, official: Prism) -> None:
    for name, more in (
        ("move_event", TIMES),
        ("cancel_event", {}),
        ("update_event", {"changes": {"title": "x"}}),
    ):
        lists(official)
        lists(official)
        official.answer("GET", EVENT, MEETING)
        with pytest.raises(ToolError, match="has guests"):
            documented.run(name, effect_id="e-1", **on(MEETING, **more))
    assert {call.method for call in official.calls} == {"GET"}


@pytest.mark.parametrize(
    ("name", "raw", "tells", "effect"),
    [("cancel_event", FOCUS, "none", Effect.DELETE), ("cancel_meeting", MEETING, "all", Effect.SEND)],
)
def test_an_event_is_cancelled_and_put_back(
    documented: Trial, official: Prism, name: str, raw: dict[str, Any], tells: str, effect: Effect
) -> None:
    made, sent = run(documented, official, name, raw, {}, **on(raw))
    assert made.receipt.effect is effect
    assert (sent.query, sent.headers["if-match"]) == ({"sendUpdates": tells}, raw["etag"])
    lists(official)
    official.answer("GET", EVENT, raw)
    with pytest.raises(ToolError, match="in the calendar already"):
        documented.undo(name, made, **on(raw))
    lists(official)
    official.answer("GET", EVENT, raw | {"status": "cancelled"})
    official.answer("PATCH", EVENT, raw)
    documented.undo(name, made, **on(raw))
    patched = next(call for call in official.calls if call.method == "PATCH")
    assert (patched.body, patched.query) == ({"status": "confirmed"}, {"sendUpdates": tells})
    assert not any(call.violations for call in official.calls)


def test_people_are_invited_with_all_who_were(documented: Trial, official: Prism) -> None:
    given = on(MEETING, guests=["cleo@example.com", "Ben@Example.com"])
    lists(official)
    official.answer("GET", EVENT, MEETING)
    card = documented.preview("invite_people", **given)
    assert (
        "- cleo@example.com\nGoogle Calendar sends them this invitation by mail:\n“Focus”\n# Focus\n" in card
    )
    invited = MEETING | {"attendees": [*MEETING["attendees"], {"email": "cleo@example.com"}], "etag": '"2"'}
    made, sent = run(documented, official, "invite_people", MEETING, invited, **given)
    assert sent.query == {"sendUpdates": "all"}
    assert sent.body == {"attendees": [*MEETING["attendees"], {"email": "cleo@example.com"}]}
    assert made.receipt.effect is Effect.SEND
    lists(official)
    official.answer("GET", EVENT, invited)
    official.answer("PATCH", EVENT, MEETING)
    documented.undo("invite_people", made, **given)
    assert [call for call in official.calls if call.method == "PATCH"][-1].body == {
        "attendees": MEETING["attendees"]
    }


def test_guests_that_google_hides_are_not_dropped(documented: Trial, official: Prism) -> None:
    lists(official)
    lists(official)
    official.answer("GET", EVENT, MEETING | {"attendeesOmitted": True})
    with pytest.raises(ToolError, match="does not show all guests"):
        documented.run("invite_people", effect_id="e-1", **on(MEETING, guests=["cleo@example.com"]))


def test_an_invitation_is_answered(documented: Trial, official: Prism) -> None:
    given = on(INVITED, reply="tentative", comment="Maybe late")
    answered = ANA | {"responseStatus": "tentative", "comment": "Maybe late"}
    after = INVITED | {"attendees": [BEN, answered], "etag": '"2"'}
    made, sent = run(documented, official, "respond_to_invitation", INVITED, after, **given)
    assert (sent.body, sent.query) == ({"attendees": [BEN, answered]}, {"sendUpdates": "all"})
    assert made.text.startswith("Answered (perhaps) “Focus”: Tue 24 Nov 2026 10:00–11:00 (Europe/Lisbon)")
    assert made.receipt.before == "needsAction"


def test_a_listing_goes_through_its_pages_and_says_what_is_left_out(
    documented: Trial, official: Prism
) -> None:
    lists(official)
    rows = [FOCUS | {"id": f"f{number}"} for number in range(250)]
    official.answer("GET", EVENTS, {"items": rows, "nextPageToken": "p2"})
    official.answer("GET", EVENTS, {"items": rows, "nextPageToken": "p3"})
    text = documented.run("list_events", calendar="primary", start="2026-11-24", end="2026-11-24").text
    assert text.startswith("20 of 300 events:")
    assert text.endswith('More with cursor="20".\nThere are more than fit: ask for a shorter time.')
    first, second = official.calls[1:]
    assert first.query | {"pageToken": "p2"} == second.query
    assert first.query["timeMin"] == "2026-11-24T00:00:00+00:00"
    assert not any(call.violations for call in official.calls)


def test_a_slot_is_asked_for_as_specified(documented: Trial, official: Prism) -> None:
    for _ in range(2):
        lists(official)
    taken = {
        "calendars": {
            "ana@example.com": {"busy": [{"start": "2026-11-24T09:00:00Z", "end": "2026-11-24T16:30:00Z"}]},
            "ben@example.com": {"busy": []},
        }
    }
    official.answer("POST", "/calendar/v3/freeBusy", taken)
    people = [{"calendar": "primary"}, {"calendar": "ben@example.com", "zone": "Europe/Berlin"}]
    text = documented.run("find_slot", people=people, minutes=30, start="2026-11-24", end="2026-11-24").text
    assert text == "There are no 30 minutes at which everybody is free and at work. Ask for a longer time."
    assert official.calls[-1].body["items"] == [{"id": "ana@example.com"}, {"id": "ben@example.com"}]
    assert not any(call.violations for call in official.calls)
