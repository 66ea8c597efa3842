"""Events on a CalDAV server: read whole, changed as they were read, cancelled and put back; occurrences of series."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ToolError
from bot.sdk import Effect
from plugins.calendar import plugin
from plugins.calendar.event import Change
from tests.plugins.calendar.conftest import KICKOFF, Dav, caldav_connection

WORK = "ana/work"
ONE = """UID:one
DTSTART;TZID=Europe/Lisbon:20261124T100000
DTEND;TZID=Europe/Lisbon:20261124T110000
SUMMARY:Focus
DESCRIPTION:Write the plan"""
WEEKLY = """UID:weekly
DTSTART;TZID=Europe/Lisbon:20261012T090000
DTEND;TZID=Europe/Lisbon:20261012T093000
RRULE:FREQ=WEEKLY;COUNT=8
SUMMARY:Stand-up"""
INVITED = """UID:invited
DTSTART:20261126T140000Z
DTEND:20261126T150000Z
SUMMARY:Budget
ORGANIZER:mailto:ben@example.com
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:Ana@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.com"""


def on(event: str, dav: Dav, **more: Any) -> dict[str, Any]:
    """The event as it was read just now."""
    return {"calendar": WORK, "event": event, "version": dav.version(event)} | more


def listed(dav: Dav, start: str = "2026-11-23", end: str = "2026-11-27", **more: Any) -> list[str]:
    return dav.trial.run("list_events", calendar=WORK, start=start, end=end, **more).text.splitlines()


def test_an_event_is_read_whole(dav: Dav) -> None:
    dav.put("kickoff.ics", KICKOFF)
    text = dav.trial.run("get_event", calendar=WORK, event="kickoff.ics").text
    assert text.startswith(
        "# Kickoff\nWhen: Mon 23 Nov 2026 09:00–09:30 (UTC)\nCalendar: ana/work (ana/work)\n"
    )
    assert (
        "Where: Room 1\nOrganised by: ana@example.com\nGuests:\n- Ben Okoye <ben@example.com>: accepted\n"
        in text
    )
    assert text.endswith("\n\nThe first meeting")


def test_an_event_is_moved_as_shown_and_moved_back(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    given = on("one.ics", dav, start="2026-11-25T14:00", end="2026-11-25T15:30")
    card = dav.trial.preview("move_event", **given)
    assert card == (
        "Move the event one.ics in the calendar ana/work to 2026-11-25T14:00\n“Focus”\n"
        "From: Tue 24 Nov 2026 10:00–11:00 (Europe/Lisbon)\nTo: Wed 25 Nov 2026 14:00–15:30 (Europe/Lisbon)"
    )
    made = dav.trial.run("move_event", effect_id="e-1", **given)
    assert made.receipt is not None
    assert (made.receipt.effect, made.receipt.undo) == (Effect.CHANGE, "Change it back")
    assert "SEQUENCE:1\n" in dav.text("one.ics")
    assert "DTSTART;TZID=Europe/Lisbon:20261125T140000\nDTEND;TZID=Europe/Lisbon:20261125T153000" in dav.text(
        "one.ics"
    )
    assert dav.trial.settled("move_event", effect_id="e-1", **given) is not None
    dav.trial.undo("move_event", made, **given)
    assert "DTSTART;TZID=Europe/Lisbon:20261124T100000" in dav.text("one.ics")
    with pytest.raises(ToolError, match="changed since"):
        dav.trial.undo("move_event", made, **given)


def test_texts_are_changed_and_what_is_not_named_stays(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    given = on("one.ics", dav, changes={"title": "Tiefe Arbeit 😀", "place": "Home", "is_free": True})
    assert dav.trial.settled("update_event", effect_id="e-1", **given) is None
    card = dav.trial.preview("update_event", **given)
    assert "Title: Focus\n→ Tiefe Arbeit 😀\nWhere: (nothing)\n→ Home\nTakes nobody's time: no\n→ yes" in card
    made = dav.trial.run("update_event", effect_id="e-1", **given)
    text = dav.text("one.ics")
    assert "SUMMARY:Tiefe Arbeit 😀" in text
    assert "DESCRIPTION:Write the plan" in text
    assert (
        "is busy"
        not in dav.trial.run("get_free_busy", calendars=[WORK], start="2026-11-24", end="2026-11-24").text
    )
    assert dav.trial.settled("update_event", effect_id="e-1", **given) is not None
    dav.trial.undo("update_event", made, **given)
    assert "SUMMARY:Focus" in dav.text("one.ics")
    assert "LOCATION" not in dav.text("one.ics")


def test_an_event_that_changed_since_it_was_read_is_left(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    version = dav.version("one.ics")
    dav.put("one.ics", ONE.replace("Focus", "Focus with Ben"))
    for name, more in {
        "move_event": {"start": "2026-11-25T14:00", "end": "2026-11-25T15:00"},
        "update_event": {"changes": {"title": "Mine"}},
        "cancel_event": {},
        "invite_people": {"guests": ["cleo@example.com"]},
    }.items():
        given = {"calendar": WORK, "event": "one.ics", "version": version, **more}
        with pytest.raises(ToolError, match="was changed since version"):
            dav.trial.run(name, effect_id="e-1", **given)
        with pytest.raises(ToolError, match="was changed since version"):
            dav.trial.preview(name, **given)
    assert "SUMMARY:Focus with Ben" in dav.text("one.ics")


def test_one_that_changes_between_look_and_write_is_left(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    account = plugin.client(dav.trial.connection)
    found = account.find(account.calendar(WORK), "one.ics")
    dav.put("one.ics", ONE.replace("Focus", "Focus with Ben"))
    with pytest.raises(ToolError, match="nothing was written"):
        account.change(found, Change(title="Mine"), tells=False, now=dav.trial.now)
    with pytest.raises(ToolError, match="nothing was written"):
        account.cancel(found, tells=False)
    assert "SUMMARY:Focus with Ben" in dav.text("one.ics")


def test_an_event_is_cancelled_and_put_back_as_it_was(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    given = on("one.ics", dav)
    assert dav.trial.settled("cancel_event", effect_id="e-1", **given) is None
    made = dav.trial.run("cancel_event", effect_id="e-1", **given)
    assert dav.text("one.ics") == ""
    assert dav.trial.settled("cancel_event", effect_id="e-1", **given) is not None
    dav.trial.undo("cancel_event", made, **given)
    assert "DESCRIPTION:Write the plan" in dav.text("one.ics")
    with pytest.raises(ToolError, match="nothing was written"):
        dav.trial.undo("cancel_event", made, **given)


def test_a_create_that_is_made_again_is_made_once(dav: Dav) -> None:
    given = {"calendar": WORK, "title": "Plan", "start": "2026-11-25T10:00", "end": "2026-11-25T11:00"}
    assert dav.trial.settled("create_event", effect_id="e-1", **given) is None
    first = dav.trial.run("create_event", effect_id="e-1", **given)
    again = dav.trial.run("create_event", effect_id="e-1", **given)
    assert again == first == dav.trial.settled("create_event", effect_id="e-1", **given)
    assert len(listed(dav)) == 2
    dav.put("e-1.ics", ONE.replace("UID:one", "UID:e-1"))
    assert "“Focus”" in dav.trial.run("create_event", effect_id="e-1", **given).text
    with pytest.raises(ToolError, match="changed since"):
        dav.trial.undo("create_event", first, **given)
    first = dav.trial.run("create_event", effect_id="e-1", **given)
    dav.trial.undo("create_event", first, **given)
    assert listed(dav) == ["No events found."]
    assert dav.trial.undo("create_event", first, **given).text == "The event is gone already."


def test_a_series_follows_the_clocks_of_its_zone(dav: Dav) -> None:
    dav.put("weekly.ics", WEEKLY)
    lines = listed(dav, "2026-10-19", "2026-11-02", zone="UTC")
    assert [line[2:36] for line in lines[1:]] == [
        "Mon 19 Oct 2026 08:00–08:30 (UTC):",
        "Mon 26 Oct 2026 09:00–09:30 (UTC):",
        "Mon 2 Nov 2026 09:00–09:30 (UTC): ",
    ]
    assert "repeats · id weekly.ics@20261026T090000Z" in lines[2]
    series = dav.trial.run("get_event", calendar=WORK, event="weekly.ics").text
    assert "Repeats: RRULE:FREQ=WEEKLY;COUNT=8" in series
    one = dav.trial.run("get_event", calendar=WORK, event="weekly.ics@20261026T090000Z").text
    assert "When: Mon 26 Oct 2026 09:00–09:30 (Europe/Lisbon)" in one
    assert "One occurrence of the series weekly.ics" in one


def test_one_occurrence_is_moved_and_the_others_stay(dav: Dav) -> None:
    dav.put("weekly.ics", WEEKLY)
    event = "weekly.ics@20261026T090000Z"
    given = on(event, dav, start="2026-10-27T16:00", end="2026-10-27T16:30")
    assert "one occurrence of the series “Stand-up”" in dav.trial.preview("move_event", **given)
    made = dav.trial.run("move_event", effect_id="e-1", **given)
    lines = listed(dav, "2026-10-19", "2026-11-02", zone="Europe/Lisbon")
    assert [line[2:30] for line in lines[1:]] == [
        "Mon 19 Oct 2026 09:00–09:30 ",
        "Tue 27 Oct 2026 16:00–16:30 ",
        "Mon 2 Nov 2026 09:00–09:30 (",
    ]
    assert event in lines[2]
    dav.trial.undo("move_event", made, **given)
    assert "Mon 26 Oct 2026 09:00–09:30" in listed(dav, "2026-10-19", "2026-11-02", zone="Europe/Lisbon")[2]


def test_one_occurrence_is_cancelled_and_put_back(dav: Dav) -> None:
    dav.put("weekly.ics", WEEKLY)
    event = "weekly.ics@20261026T090000Z"
    given = on(event, dav)
    made = dav.trial.run("cancel_event", effect_id="e-1", **given)
    assert made.text.startswith("Cancelled one occurrence of the series “Stand-up”: Mon 26 Oct 2026")
    assert len(listed(dav, "2026-10-19", "2026-11-02")) == 3
    assert dav.trial.settled("cancel_event", effect_id="e-1", **given) is not None
    with pytest.raises(ToolError, match="no event"):
        dav.trial.run("get_event", calendar=WORK, event=event)
    dav.trial.undo("cancel_event", made, **given)
    assert len(listed(dav, "2026-10-19", "2026-11-02")) == 4


def test_one_whole_day_of_a_series_is_cancelled(dav: Dav) -> None:
    days = "UID:duty\nDTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261124\nRRULE:FREQ=DAILY;COUNT=4\nSUMMARY:Duty"
    dav.put("duty.ics", days)
    for day in (24, 25):
        dav.trial.run("cancel_event", effect_id=f"e-{day}", **on(f"duty.ics@202611{day}", dav))
    assert [line[2:17] for line in listed(dav)[1:]] == ["Mon 23 Nov 2026", "Thu 26 Nov 2026"]
    assert "EXDATE;VALUE=DATE:20261124" in dav.text("duty.ics")


def test_a_series_is_made_and_moved_within_its_day_only(dav: Dav) -> None:
    new = {"title": "Gym", "start": "2026-11-23T07:00", "end": "2026-11-23T08:00", "zone": "Europe/Lisbon"}
    details = {"repeats": "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4"}
    dav.trial.run("create_event", effect_id="gym", calendar=WORK, **new, details=details)
    assert len(listed(dav)) == 3
    with pytest.raises(ToolError, match="within its day"):
        dav.trial.run("move_event", **on("gym.ics", dav, start="2026-11-24T07:00", end="2026-11-24T08:00"))
    dav.trial.run("move_event", **on("gym.ics", dav, start="2026-11-23T06:00", end="2026-11-23T07:00"))
    assert "Wed 25 Nov 2026 06:00–07:00 (Europe/Lisbon)" in listed(dav, zone="Europe/Lisbon")[2]
    dav.trial.run("cancel_event", **on("gym.ics@20261125T060000Z", dav))
    with pytest.raises(ToolError, match="no occurrence of it was moved or cancelled"):
        dav.trial.run("move_event", **on("gym.ics", dav, start="2026-11-23T05:00", end="2026-11-23T06:00"))


def test_people_are_invited_by_a_server_that_tells_nobody_as_is_said(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    given = on("one.ics", dav, guests=["cleo@example.com", "ben@example.com"])
    card = dav.trial.preview("invite_people", **given)
    assert card.startswith(
        "Invite cleo@example.com, ben@example.com to the event one.ics in the calendar ana/work\n"
    )
    assert "The calendar server writes them down, and mails nobody:" in card
    made = dav.trial.run("invite_people", effect_id="e-1", **given)
    assert made.receipt is not None
    assert made.receipt.effect is Effect.SEND
    assert "sends no invitations: tell them yourself" in made.text
    text = dav.text("one.ics")
    assert "ORGANIZER:mailto:ana@example.com" in text
    assert text.count("mailto:cleo@example.com") == 1
    assert dav.trial.settled("invite_people", effect_id="e-1", **given) is not None
    with pytest.raises(ToolError, match="all invited"):
        dav.trial.run("invite_people", **on("one.ics", dav, guests=["Cleo@example.com"]))
    dav.trial.undo("invite_people", made, **given)
    assert "ATTENDEE" not in dav.text("one.ics")


def test_an_address_that_is_none_is_not_invited(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    for guest in ("cleo", "a@b.example,c@d.example", "x@y.example\r\nSUMMARY:Z", "<a@b.example>", ""):
        with pytest.raises(ToolError, match="is no e-mail address"):
            dav.trial.run("invite_people", **on("one.ics", dav, guests=[guest]))
    assert "ATTENDEE" not in dav.text("one.ics")


def test_what_has_guests_is_never_changed_quietly(dav: Dav) -> None:
    dav.put("kickoff.ics", KICKOFF)
    dav.put("one.ics", ONE)
    times = {"start": "2026-11-25T14:00", "end": "2026-11-25T15:00"}
    for quiet, loud, more in (
        ("move_event", "move_meeting", times),
        ("update_event", "update_meeting", {"changes": {"title": "New"}}),
        ("cancel_event", "cancel_meeting", {}),
    ):
        with pytest.raises(ToolError, match=f"has guests, .* calendar_{loud}"):
            dav.trial.run(quiet, effect_id="e-1", **on("kickoff.ics", dav, **more))
        with pytest.raises(ToolError, match=f"has no guests: use calendar_{quiet}"):
            dav.trial.run(loud, effect_id="e-1", **on("one.ics", dav, **more))
        assert "Ben Okoye <ben@example.com>" in dav.trial.preview(loud, **on("kickoff.ics", dav, **more))
    moved = dav.trial.run("move_meeting", effect_id="e-1", **on("kickoff.ics", dav, **times))
    renamed = on("kickoff.ics", dav, changes={"title": "New"})
    dav.trial.run("update_meeting", effect_id="e-2", **renamed)
    assert moved.receipt is not None
    assert moved.receipt.effect is Effect.SEND
    text = dav.text("kickoff.ics")
    assert "SUMMARY:New" in text
    assert "CN=Ben Okoye" in text
    dav.trial.run("cancel_meeting", effect_id="e-3", **on("kickoff.ics", dav))
    assert dav.text("kickoff.ics") == ""


def test_an_invitation_is_answered_and_answered_as_before(dav: Dav) -> None:
    dav.put("invited.ics", INVITED)
    given = on("invited.ics", dav, reply="accepted", comment="See you")
    card = dav.trial.preview("respond_to_invitation", **given)
    assert "Organised by: ben@example.com\nAnswer: has not answered → accepted\n\nSee you" in card
    made = dav.trial.run("respond_to_invitation", effect_id="e-1", **given)
    assert "PARTSTAT=ACCEPTED:mailto:Ana@example.com" in dav.text("invited.ics")
    assert dav.trial.settled("respond_to_invitation", effect_id="e-1", **given) is not None
    dav.trial.undo("respond_to_invitation", made, **given)
    assert "PARTSTAT=NEEDS-ACTION:mailto:Ana@example.com" in dav.text("invited.ics")
    dav.put("one.ics", ONE)
    with pytest.raises(ToolError, match="not a guest"):
        dav.trial.run("respond_to_invitation", **on("one.ics", dav, reply="declined"))


def test_what_others_organise_is_not_changed_and_what_was_declined_takes_no_time(dav: Dav) -> None:
    dav.put("invited.ics", INVITED)
    for name in ("cancel_meeting", "invite_people"):
        more = {"guests": ["cleo@example.com"]} if name == "invite_people" else {}
        with pytest.raises(ToolError, match=r"organised by ben@example\.com, who alone can change it"):
            dav.trial.run(name, effect_id="e-1", **on("invited.ics", dav, **more))
    day = {"calendars": [WORK], "start": "2026-11-26", "end": "2026-11-26"}
    assert "14:00–15:00" in dav.trial.run("get_free_busy", **day).text
    dav.trial.run("respond_to_invitation", **on("invited.ics", dav, reply="declined"))
    assert "free all the time" in dav.trial.run("get_free_busy", **day).text


def test_whole_days_are_those_of_the_calendar(dav: Dav) -> None:
    dav.put("day.ics", "UID:day\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261125\nSUMMARY:Holiday")
    evening = listed(dav, "2026-11-24T23:00", "2026-11-24T23:30", zone="UTC")
    assert "Tue 24 Nov 2026 (whole day): Holiday" in evening[1]
    assert listed(dav, "2026-11-25", "2026-11-25") == ["No events found."]


def test_no_id_leads_out_of_the_calendar(dav: Dav) -> None:
    dav.server.make("ana", "private")
    dav.put("secret.ics", ONE, "private")
    narrow = dav.trial.within(WORK)
    for event in ("../private/secret.ics", "..", "%2e%2e%2fprivate%2fsecret.ics", "..\\private\\secret.ics"):
        with pytest.raises(ToolError):
            narrow.run("get_event", calendar=WORK, event=event)
    for calendar in ("ana/work/../private", "ana%2fprivate", "ben/work", "http://127.0.0.1:1/ana/private"):
        with pytest.raises(ToolError, match="has no calendar"):
            narrow.run("get_event", calendar=calendar, event="secret.ics")
    assert "Focus" in dav.trial.run("get_event", calendar="ana/private", event="secret.ics").text


def test_an_account_without_an_address_invites_nobody(dav: Dav) -> None:
    dav.put("one.ics", ONE)
    connection = caldav_connection(dav.server.url)
    secrets = {key: value for key, value in connection.secrets.items() if key != "email"}
    nameless = replace(dav.trial, connection=replace(connection, secrets=secrets))
    with pytest.raises(ToolError, match="connected again with it"):
        nameless.run("invite_people", **on("one.ics", dav, guests=["cleo@example.com"]))
