"""Times as the model writes them and as people read them: each with its zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sdk import ToolError
from plugins.calendar.event import Event, Span, When

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")


def zone_of(name: str) -> ZoneInfo:
    """By its name in the time zone database. Raises `ToolError` for another."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ToolError(f"{name!r} is no time zone: name one like Europe/Lisbon or UTC.") from None


def known_zone(name: str) -> str:
    """What an account calls a zone, where it is one that is known; else UTC."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def read(text: str, zone: ZoneInfo) -> When:
    """A day, or a time in that zone: one without an offset is by its clocks."""
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _TIME.fullmatch(text):
            when = datetime.fromisoformat(text)
            return when.astimezone(zone) if when.tzinfo else _by_clocks(when, zone)
    except (ValueError, OverflowError):
        pass
    raise ToolError(
        f"{text!r} is no time. Write a day like 2026-11-23, or a time like 2026-11-23T09:00 (by the clocks of the zone)"
        " or 2026-11-23T09:00+01:00."
    )


def read_span(start: str, end: str, zone: ZoneInfo) -> tuple[When, When]:
    """Of an event: two days (the last is part of it), or two times."""
    first, last = read(start, zone), read(end, zone)
    if isinstance(first, datetime) != isinstance(last, datetime):
        raise ToolError("Give start and end both as days, for whole days, or both as times.")
    if not isinstance(last, datetime):
        last += timedelta(days=1)
    if not _before(first, last):
        raise ToolError("The end must be after the start.")
    return first, last


def read_range(start: str, end: str, zone: ZoneInfo, *, most: timedelta) -> Span:
    """Of a question: a day begins at midnight, and the last day is part of it."""
    first, last = read(start, zone), read(end, zone)
    begins = first if isinstance(first, datetime) else _midnight(first, zone)
    ends = last if isinstance(last, datetime) else _midnight(last + timedelta(days=1), zone)
    span = Span(begins.astimezone(UTC), ends.astimezone(UTC))
    if span.start >= span.end:
        raise ToolError("The end must be after the start.")
    if span.end - span.start > most:
        raise ToolError(f"That is more than {most.days} days: ask for a shorter time.")
    return span


def told(event: Event, zone: ZoneInfo | None = None) -> str:
    """When an event is, in its own zone or another."""
    return told_span(event.start, event.end, zone or ZoneInfo(known_zone(event.zone)))


def told_span(start: When, end: When, zone: ZoneInfo) -> str:
    """ "Mon 23 Nov 2026 09:00–09:30 (Europe/Lisbon)", "Mon 23 Nov 2026 (whole day)"."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        last = end - timedelta(days=1)
        return f"{_day(start)} (whole day)" if last <= start else f"{_day(start)} – {_day(last)} (whole days)"
    start, end = start.astimezone(zone), end.astimezone(zone)
    until = f"–{end:%H:%M}" if start.date() == end.date() else f" – {_day(end)} {end:%H:%M}"
    offset = "" if start.utcoffset() == end.utcoffset() else ", the clocks change in between"
    return f"{_day(start)} {start:%H:%M}{until} ({zone.key}{offset})"


def written(when: When) -> str:
    """As it is kept: a day, or a time with its offset."""
    return when.isoformat()


def reread(text: str, zone: str) -> When:
    """What was kept."""
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(ZoneInfo(known_zone(zone)))


def _by_clocks(when: datetime, zone: ZoneInfo) -> datetime:
    """A time that the clocks of the zone show exactly once."""
    first, second = when.replace(tzinfo=zone, fold=0), when.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != when:
        raise ToolError(
            f"{when:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks are put forward there then."
        )
    raise ToolError(
        f"{when:%Y-%m-%d %H:%M} comes twice in {zone.key}, where the clocks are put back: add the offset, as in"
        f" {first.isoformat(timespec='minutes')}."
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _before(first: When, last: When) -> bool:
    if isinstance(first, datetime) and isinstance(last, datetime):
        return first.astimezone(UTC) < last.astimezone(UTC)
    return first < last


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
