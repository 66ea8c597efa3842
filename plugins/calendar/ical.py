"""Events as iCalendar has them: read, and each occurrence of a series found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]
from icalendar.error import InvalidCalendar

from bot.sdk import ToolError
from plugins.calendar.event import Calendar, Event, Guest, Span, When
from plugins.calendar.when import known_zone

Entry = Any
"""A file of a calendar server: an event, or a series with what is otherwise of it. (To the types of the library any
part of it could be anything.)"""

_EXPANDED = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_AT = re.compile(r"(?P<name>.+)@(?P<at>\d{8}(T\d{6}Z)?)")
_MOST_OF_ONE = 2_000
"""Occurrences of one series in one answer."""
_ODD = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, InvalidCalendar)
"""What the library raises for an event that somebody wrote wrongly."""


def parsed(text: str) -> Entry:
    """Raises `ToolError` for what is no calendar."""
    try:
        found = icalendar.Calendar.from_ical(text)
        if isinstance(found, icalendar.Calendar) and found.walk("VEVENT"):
            return found
    except _ODD:
        pass
    raise ToolError("This entry of the calendar cannot be read as an event.")


def split(event: str) -> tuple[str, str]:
    """The name of an entry, and of one occurrence in it ("" for all of it)."""
    found = _AT.fullmatch(event)
    return (found["name"], found["at"]) if found else (event, "")


def at(when: When) -> str:
    """When an occurrence would be by the rules, as its id has it."""
    if not isinstance(when, datetime):
        return f"{when:%Y%m%d}"
    when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{when:%Y%m%dT%H%M%SZ}"


def master_of(entry: Entry) -> Any:
    """The event with the rules; of one that came without (a single invitation to a series) the first."""
    events = entry.walk("VEVENT")
    return next((one for one in events if "RECURRENCE-ID" not in one), events[0])


def occurrences(entry: Entry, span: Span) -> list[Any]:
    """What of it may touch the span: of a series each time. One whose rules are not followed counts by its first."""
    if not _is_series(entry) or not _is_expanded(master_of(entry)):
        return [master_of(entry)]
    try:
        found: list[Any] = recurring_ical_events.of(entry, skip_bad_series=True).between(span.start, span.end)
    except _ODD:
        return []
    return found[:_MOST_OF_ONE]


def occurrence(entry: Entry, wanted: str) -> Any | None:
    """The one that would be then by the rules, None where there is none."""
    for one in entry.walk("VEVENT"):
        if "RECURRENCE-ID" in one and at(one["RECURRENCE-ID"].dt) == wanted:
            return one
    for one in occurrences(entry, _around(wanted)):
        if "RECURRENCE-ID" in one and at(one["RECURRENCE-ID"].dt) == wanted:
            return icalendar.Event.from_ical(one.to_ical())
    return None


def read(component: Any, of: Calendar, name: str, etag: str, link: str, own: frozenset[str]) -> Event:
    """`own` are the addresses of who is connected."""
    zone = _zone(component, of)
    start, end = _times(component, ZoneInfo(zone))
    organizer = address(component.get("ORGANIZER"))
    is_one = "RECURRENCE-ID" in component
    return Event(
        id=f"{name}@{at(component['RECURRENCE-ID'].dt)}" if is_one else name,
        calendar=of.id,
        title=str(component.get("SUMMARY") or "(no title)"),
        start=start,
        end=end,
        zone=zone,
        etag=etag,
        link=link,
        place=str(component.get("LOCATION") or ""),
        text=str(component.get("DESCRIPTION") or ""),
        guests=tuple(_guest(one, own, organizer) for one in listed(component, "ATTENDEE")),
        organizer=organizer,
        is_own=not organizer or organizer in own,
        repeats="\n".join(f"RRULE:{one.to_ical().decode()}" for one in listed(component, "RRULE")),
        series=name if is_one else "",
        has_exceptions=any(key in component for key in ("EXDATE", "RDATE")),
        is_free=str(component.get("TRANSP", "")).upper() == "TRANSPARENT",
        is_cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def zone_in(text: str) -> str:
    """Of the definition of a time zone; UTC for one that is not known."""
    found = re.search(r"^TZID[^:\r\n]*:(.+?)\s*$", text, flags=re.MULTILINE)
    return known_zone(found[1]) if found else "UTC"


def address(one: Any) -> str:
    """Of a guest or an organizer: the e-mail address."""
    return re.sub(r"^mailto:", "", str(one or ""), flags=re.IGNORECASE).casefold()


def listed(component: Any, name: str) -> list[Any]:
    """A property that may be there many times."""
    found = component.get(name, [])
    return list(found) if isinstance(found, list) else [found]


def _guest(one: Any, own: frozenset[str], organizer: str) -> Guest:
    email = address(one)
    answer = str(one.params.get("PARTSTAT", "NEEDS-ACTION")).lower()
    return Guest(
        email=email,
        name=str(one.params.get("CN", "")),
        answer="needsAction" if answer == "needs-action" else answer,
        is_self=email in own,
        is_organizer=bool(email) and email == organizer,
        is_optional=one.params.get("ROLE") == "OPT-PARTICIPANT",
    )


def _times(component: Any, zone: ZoneInfo) -> tuple[When, When]:
    """A time without a zone is by the clocks of the calendar's."""
    try:
        start, end = component.start, component.end
    except _ODD as error:
        raise ToolError("This entry of the calendar has no times that can be read.") from error
    return _zoned(start, zone), _zoned(end, zone)


def _zoned(when: When, zone: ZoneInfo) -> When:
    if not isinstance(when, datetime):
        return when
    return when.astimezone(zone) if when.tzinfo else when.replace(tzinfo=zone)


def _zone(component: Any, of: Calendar) -> str:
    named = str(component["DTSTART"].params.get("TZID", "")) if "DTSTART" in component else ""
    return known_zone(named) if named else of.zone


def _around(wanted: str) -> Span:
    """A day more on both sides: the day of a zone is not that of another."""
    begin = datetime.strptime(wanted[:8], "%Y%m%d").replace(tzinfo=UTC)
    return Span(begin - timedelta(days=1), begin + timedelta(days=2))


def _is_series(entry: Entry) -> bool:
    return any(key in one for one in entry.walk("VEVENT") for key in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _is_expanded(master: Any) -> bool:
    """Rules that give very many times a day are not followed: anybody can send an invitation."""
    return all(set(rule.get("FREQ", ())) <= _EXPANDED and not _is_dense(rule) for rule in _rules(master))


def _rules(master: Any) -> Iterator[Any]:
    for name in ("RRULE", "EXRULE"):
        yield from listed(master, name)


def _is_dense(rule: Any) -> bool:
    return any(len(rule.get(part, ())) > 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
