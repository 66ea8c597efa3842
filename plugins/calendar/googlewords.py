"""Calendars and events as Google's API writes them, read and written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from plugins.calendar.event import Calendar, Change, Event, Guest, Planned, When
from plugins.calendar.when import known_zone

_WRITERS = ("owner", "writer", "writerWithoutPrivateAccess")
_CHANGES = ("RDATE", "EXDATE", "EXRULE")


def calendar(raw: Mapping[str, Any]) -> Calendar:
    return Calendar(
        id=str(raw.get("id", "")),
        title=str(raw.get("summaryOverride") or raw.get("summary") or raw.get("id", "")),
        zone=known_zone(str(raw.get("timeZone", "UTC"))),
        can_write=raw.get("accessRole") in _WRITERS,
        is_first=bool(raw.get("primary")),
    )


def event(raw: Mapping[str, Any], of: Calendar) -> Event:
    """A cancelled one may have no times."""
    organizer = raw.get("organizer") or {}
    rules = raw.get("recurrence") or ()
    start, end = raw.get("start") or {}, raw.get("end") or {}
    zone = known_zone(str(start.get("timeZone") or of.zone))
    return Event(
        id=str(raw.get("id", "")),
        calendar=of.id,
        title=str(raw.get("summary") or "(no title)"),
        start=_when(start, zone),
        end=_when(end, zone),
        zone=zone,
        etag=str(raw.get("etag", "")),
        link=str(raw.get("htmlLink", "")),
        place=str(raw.get("location") or ""),
        text=str(raw.get("description") or ""),
        call=str(raw.get("hangoutLink") or ""),
        guests=tuple(map(_guest, raw.get("attendees") or ())),
        organizer=str(organizer.get("email") or ""),
        is_own=bool(organizer.get("self", not organizer)),
        repeats="\n".join(map(str, rules)),
        series=str(raw.get("recurringEventId") or ""),
        has_exceptions=any(str(rule).startswith(_CHANGES) for rule in rules),
        is_free=raw.get("transparency") == "transparent",
        is_cancelled=raw.get("status") == "cancelled",
    )


def planned(given: Planned) -> dict[str, Any]:
    body: dict[str, Any] = {
        "summary": given.title,
        "start": _written(given.start, given.zone),
        "end": _written(given.end, given.zone),
    }
    body |= {"location": given.place} if given.place else {}
    body |= {"description": given.text} if given.text else {}
    body |= {"recurrence": [f"RRULE:{given.repeats}"]} if given.repeats else {}
    return body | ({"transparency": "transparent"} if given.is_free else {})


def changed(change: Change, zone: str) -> dict[str, Any]:
    """All but the guests."""
    body: dict[str, Any] = {}
    for name, text in (
        ("summary", change.title),
        ("location", change.place),
        ("description", change.text),
    ):
        body |= {} if text is None else {name: text}
    for name, when in (("start", change.start), ("end", change.end)):
        body |= {} if when is None else {name: _written(when, zone)}
    if change.is_free is not None:
        body["transparency"] = "transparent" if change.is_free else "opaque"
    return body


def _guest(raw: Mapping[str, Any]) -> Guest:
    return Guest(
        email=str(raw.get("email") or ""),
        name=str(raw.get("displayName") or ""),
        answer=str(raw.get("responseStatus") or "needsAction"),
        is_self=bool(raw.get("self")),
        is_organizer=bool(raw.get("organizer")),
        is_optional=bool(raw.get("optional")),
    )


def _when(given: Mapping[str, Any], zone: str) -> When:
    if "dateTime" in given:
        return datetime.fromisoformat(str(given["dateTime"])).astimezone(ZoneInfo(zone))
    return date.fromisoformat(str(given.get("date") or "1970-01-01"))


def _written(when: When, zone: str) -> dict[str, str]:
    """With the zone by name: a series follows its clocks."""
    if not isinstance(when, datetime):
        return {"date": when.isoformat()}
    return {"dateTime": when.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}
