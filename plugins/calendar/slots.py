"""Times at which several people could meet: within everybody's working hours, and taken from nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plugins.calendar.event import Span, joined

STEP = timedelta(minutes=15)
A_DAY = 2
"""So many are offered of one day: who is asked wants a choice of days."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When somebody works: from a time to another by their own clocks (the next day's, if that is not later), on
    weekdays by number (0 is Monday).
    """

    zone: ZoneInfo
    start: time
    end: time
    days: frozenset[int]


def found(
    window: Span, length: timedelta, hours: Sequence[Hours], taken: Iterable[Sequence[Span]], most: int
) -> list[Span]:
    """The earliest, a few of each day."""
    free = [window]
    for one in hours:
        free = overlaps(free, working(one, window))
    return _spread(_starting(left(free, [span for spans in taken for span in spans]), length), most)


def working(hours: Hours, window: Span) -> list[Span]:
    """The working time within the window."""
    day = window.start.astimezone(hours.zone).date() - timedelta(days=1)
    last = window.end.astimezone(hours.zone).date()
    spans = []
    while day <= last:
        until = day if hours.start < hours.end else day + timedelta(days=1)
        if day.weekday() in hours.days:
            begins = datetime.combine(day, hours.start, hours.zone).astimezone(UTC)
            spans.append(Span(begins, datetime.combine(until, hours.end, hours.zone).astimezone(UTC)))
        day += timedelta(days=1)
    return overlaps(joined(spans), [window])


def overlaps(these: Iterable[Span], those: Sequence[Span]) -> list[Span]:
    """What is in both."""
    both = (Span(max(a.start, b.start), min(a.end, b.end)) for a in these for b in those)
    return sorted(one for one in both if one.start < one.end)


def left(free: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The free time without what is taken."""
    busy = joined(taken)
    found: list[Span] = []
    for one in free:
        begin = one.start
        for other in busy:
            if other.end > begin and other.start < one.end:
                found += [Span(begin, other.start)] if begin < other.start else []
                begin = max(begin, other.end)
        found += [Span(begin, one.end)] if begin < one.end else []
    return found


def _starting(free: Iterable[Span], length: timedelta) -> Iterator[Span]:
    """One after the other, each at a quarter of an hour."""
    for one in free:
        begin = _rounded_up(one.start)
        while begin + length <= one.end:
            yield Span(begin, begin + length)
            begin = _rounded_up(begin + length)


def _spread(slots: Iterable[Span], most: int) -> list[Span]:
    chosen: list[Span] = []
    for one in slots:
        if len(chosen) == most:
            break
        if sum(one.start.date() == other.start.date() for other in chosen) < A_DAY:
            chosen.append(one)
    return chosen


def _rounded_up(when: datetime) -> datetime:
    begun = datetime(when.year, when.month, when.day, tzinfo=UTC)
    return begun - (begun - when) // STEP * STEP
