"""Entries of a calendar as iCalendar has them, made and changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import icalendar
from icalendar import vCalAddress, vRecur

from bot.sdk import ToolError
from plugins.calendar.event import Change, Guest, Planned
from plugins.calendar.ical import Entry, address, at, listed, master_of, occurrence

PRODUCT = "-//Cowork//Calendar//EN"


def made(planned: Planned, uid: str, now: datetime) -> str:
    """A new entry."""
    event: Any = icalendar.Event()
    event.add("UID", uid)
    event.add("SUMMARY", planned.title)
    _set(event, "DTSTART", planned.start)
    _set(event, "DTEND", planned.end)
    _set(event, "LOCATION", planned.place or None)
    _set(event, "DESCRIPTION", planned.text or None)
    if planned.repeats:
        event.add("RRULE", vRecur.from_ical(planned.repeats))
    if planned.is_free:
        event.add("TRANSP", "TRANSPARENT")
    entry: Entry = icalendar.Calendar()
    entry.add("VERSION", "2.0")
    entry.add("PRODID", PRODUCT)
    entry.add_component(event)
    return _written(entry, event, now)


def changed(entry: Entry, wanted: str, change: Change, organizer: str, now: datetime) -> str:
    """The entry with the change to all of it, or to one occurrence."""
    event = _own_copy(entry, wanted)
    for name, text in (
        ("SUMMARY", change.title),
        ("LOCATION", change.place),
        ("DESCRIPTION", change.text),
    ):
        if text is not None:
            _set(event, name, text or None)
    if change.start is not None and change.end is not None:
        event.pop("DURATION", None)
        _set(event, "DTSTART", change.start)
        _set(event, "DTEND", change.end)
    if change.is_free is not None:
        _set(event, "TRANSP", "TRANSPARENT" if change.is_free else "OPAQUE")
    if change.guests is not None:
        _invite(event, change.guests, organizer)
    event["SEQUENCE"] = int(event.get("SEQUENCE", 0)) + 1
    return _written(entry, event, now)


def answered(entry: Entry, wanted: str, reply: str, comment: str, own: frozenset[str], now: datetime) -> str:
    """The entry with the answer of who is connected."""
    event = _own_copy(entry, wanted)
    for one in listed(event, "ATTENDEE"):
        if address(one) in own:
            one.params["PARTSTAT"] = reply.replace("needsAction", "needs-action").upper()
            one.params.pop("RSVP", None)
    if comment:
        event.add("COMMENT", comment)
    return _written(entry, event, now)


def without(entry: Entry, wanted: str) -> str:
    """The entry without one occurrence."""
    gone = _occurrence(entry, wanted)["RECURRENCE-ID"].dt
    entry.subcomponents = [
        one
        for one in entry.subcomponents
        if not ("RECURRENCE-ID" in one and at(one["RECURRENCE-ID"].dt) == wanted)
    ]
    if not entry.walk("VEVENT"):
        raise ToolError("This is the only occurrence that this calendar has of the series: cancel all of it.")
    master_of(entry).add("EXDATE", gone)
    return str(entry.to_ical().decode())


def _occurrence(entry: Entry, wanted: str) -> Any:
    if (found := occurrence(entry, wanted)) is None:
        raise ToolError("There is no such occurrence of this series any more.")
    return found


def _own_copy(entry: Entry, wanted: str) -> Any:
    """What is to be changed, in the entry."""
    if not wanted:
        return master_of(entry)
    found = _occurrence(entry, wanted)
    if not any(one is found for one in entry.subcomponents):
        entry.add_component(found)
    return found


def _invite(event: Any, guests: Iterable[Guest], organizer: str) -> None:
    known = {address(one): one for one in listed(event, "ATTENDEE")}
    event.pop("ATTENDEE", None)
    for guest in guests:
        event.add("ATTENDEE", known.get(guest.email.casefold()) or _attendee(guest), encode=0)
    if "ORGANIZER" not in event:
        event.add("ORGANIZER", vCalAddress(f"mailto:{organizer}"), encode=0)


def _attendee(guest: Guest) -> vCalAddress:
    one = vCalAddress(f"mailto:{guest.email}")
    one.params["PARTSTAT"] = "NEEDS-ACTION"
    one.params["RSVP"] = "TRUE"
    one.params["ROLE"] = "OPT-PARTICIPANT" if guest.is_optional else "REQ-PARTICIPANT"
    return one


def _set(event: Any, name: str, value: str | date | None) -> None:
    event.pop(name, None)
    if value is not None:
        event.add(name, value)


def _written(entry: Entry, event: Any, now: datetime) -> str:
    _set(event, "DTSTAMP", now.astimezone(UTC))
    _set(event, "LAST-MODIFIED", now.astimezone(UTC))
    entry.add_missing_timezones()
    return str(entry.to_ical().decode())
