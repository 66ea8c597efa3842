"""Calendars and their events, as either kind of account tells them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

When = date | datetime
"""A day for what lasts whole days, else an aware time."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """`zone` is the name of its time zone; `is_first` is the account's own."""

    id: str
    title: str
    zone: str = "UTC"
    can_write: bool = True
    is_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Guest:
    """`answer` is one of accepted, declined, tentative and needsAction; `is_self` is who is connected."""

    email: str
    name: str = ""
    answer: str = "needsAction"
    is_self: bool = False
    is_organizer: bool = False
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """`end` is the first moment, or day, after it. `repeats` are the rules of a series, `series` is the id of the
    series that this is an occurrence of, `was_at` when it would be by the rules. `is_own`: who is connected organises
    it, or nobody else does.
    """

    id: str
    calendar: str
    title: str
    start: When
    end: When
    zone: str
    etag: str
    link: str = ""
    place: str = ""
    text: str = ""
    call: str = ""
    guests: tuple[Guest, ...] = ()
    organizer: str = ""
    is_own: bool = True
    repeats: str = ""
    series: str = ""
    has_exceptions: bool = False
    is_free: bool = False
    is_cancelled: bool = False

    @property
    def version(self) -> str:
        """What changes with every change to it, short enough to be said."""
        return hashlib.sha256(self.etag.encode()).hexdigest()[:10]

    @property
    def is_whole_days(self) -> bool:
        return not isinstance(self.start, datetime)

    @property
    def others(self) -> tuple[Guest, ...]:
        """Who is told of a change."""
        return tuple(one for one in self.guests if not one.is_self)

    @property
    def me(self) -> Guest | None:
        return next((one for one in self.guests if one.is_self), None)

    @property
    def is_busy(self) -> bool:
        """Whether it takes the time of who is connected."""
        return not (self.is_free or self.is_cancelled or (self.me and self.me.answer == "declined"))


@dataclass(frozen=True, kw_only=True)
class Planned:
    """An event to be; `repeats` is a rule like FREQ=WEEKLY;COUNT=6."""

    title: str
    start: When
    end: When
    zone: str
    place: str = ""
    text: str = ""
    repeats: str = ""
    is_free: bool = False


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be otherwise; None stays. `guests` are all who are then invited."""

    title: str | None = None
    start: When | None = None
    end: When | None = None
    place: str | None = None
    text: str | None = None
    is_free: bool | None = None
    guests: tuple[Guest, ...] | None = None


@dataclass(frozen=True, order=True)
class Span:
    """From a time to another; both aware."""

    start: datetime
    end: datetime

    def touches(self, other: Span) -> bool:
        """A moment without length is in what begins with it."""
        return self.start < other.end and (self.end > other.start or self.start == other.start)


def span_of(event: Event, zone: ZoneInfo) -> Span:
    """Whole days are those of the zone."""
    return Span(moment(event.start, zone), moment(event.end, zone))


def moment(when: When, zone: ZoneInfo) -> datetime:
    """In universal time: two times of one zone must not be compared by their clocks."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), zone)
    return when.astimezone(UTC)


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch made one."""
    found: list[Span] = []
    for one in sorted(spans):
        if found and one.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, one.end))
        elif one.start < one.end:
            found.append(one)
    return found
