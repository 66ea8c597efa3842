"""When people are free, and when several are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.sdk import Context, Effect, Result, ToolError, action
from plugins.calendar import places, slots, words
from plugins.calendar.event import Span
from plugins.calendar.reading import From, Until
from plugins.calendar.slots import Hours
from plugins.calendar.when import read_range, zone_of

_MOST_DAYS = timedelta(days=60)
_MOST_SPANS = 100
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Calendars = Annotated[list[str], "E-mail addresses of people, or ids of calendars", Field(max_length=20)]


class Person(BaseModel):
    """Whose time is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calendar: str = Field(description="E-mail address or calendar id")
    zone: str = Field(default="", description="Where they work, Asia/Tokyo")
    works: str = Field(default="09:00-17:00", pattern=r"^\d\d:\d\d-\d\d:\d\d$")
    days: tuple[Literal[_WEEK], ...] = _WEEK[:5]  # type: ignore[valid-type]


@action(
    effect=Effect.READ,
    items=lambda context, calendars, **_: _ids(context, calendars),
    preview=lambda _, calendars, start, end, **__: (
        f"Look when {words.named(calendars)} are busy from {words.short(start)} to {words.short(end)}"
    ),
    example={"calendars": ["primary"], "start": "2026-11-23", "end": "2026-11-27"},
)
def get_free_busy(
    context: Context,
    calendars: Calendars,
    start: From,
    end: Until,
    zone: Annotated[str, "For times; that of the account without it"] = "",
) -> Result:
    """Show when people or calendars are busy, without saying with what. Up to 60 days."""
    shown = zone_of(zone) if zone else places.own_zone(context)
    span = read_range(start, end, shown, most=_MOST_DAYS)
    taken = places.account(context).busy(_ids(context, calendars), span, context.halt.check)
    return Result(text="\n".join(_busy_lines(one, busy, shown) for one, busy in taken.items()))


@action(
    effect=Effect.READ,
    items=lambda context, people, **_: _ids(context, [one.calendar for one in people]),
    preview=lambda _, people, minutes, start, end, **__: (
        f"Find {minutes} minutes for {words.named([one.calendar for one in people])} "
        f"from {words.short(start)} to {words.short(end)}"
    ),
    example={
        "people": [{"calendar": "primary"}, {"calendar": "team", "zone": "Europe/Lisbon"}],
        "minutes": 30,
        "start": "2026-11-23",
        "end": "2026-11-27",
    },
)
def find_slot(
    context: Context,
    people: Annotated[tuple[Person, ...], "Everybody who must come", Field(min_length=1, max_length=20)],
    minutes: Annotated[int, Field(ge=5, le=600)],
    start: From,
    end: Until,
    zone: Annotated[str, "For start and end; that of the account without it"] = "",
    most: Annotated[int, Field(ge=1, le=10)] = 5,
) -> Result:
    """Find times at which everybody is free and at work, in the local time of each. Nothing is booked.

    Say the zone of who works elsewhere. Earliest first, at most two a day.
    """
    shown = zone_of(zone) if zone else places.own_zone(context)
    asked = read_range(start, end, shown, most=_MOST_DAYS)
    window = Span(max(asked.start, context.now), asked.end)
    if window.start >= window.end:
        raise ToolError("That time is over: ask for one to come.")
    ids = _ids(context, [one.calendar for one in people])
    taken = places.account(context).busy(ids, window, context.halt.check)
    known = [busy for busy in taken.values() if not isinstance(busy, str)]
    if not known:
        raise ToolError("\n".join(_unseen(taken)))
    zones = {one: _zone(context, one, shown) for one in people}
    hours = [_hours(one, zone) for one, zone in zones.items()]
    free = slots.found(window, timedelta(minutes=minutes), hours, known, most)
    told = {_ids(context, [one.calendar])[0]: zone for one, zone in zones.items()}
    return Result(text=_answer(free, minutes, told, taken))


def _answer(
    free: Sequence[Span], minutes: int, zones: Mapping[str, ZoneInfo], taken: Mapping[str, Any]
) -> str:
    if not free:
        none = (
            f"There are no {minutes} minutes at which everybody is free and at work. Ask for a longer time."
        )
        return "\n".join([*_unseen(taken), none])
    lines = [f"{number}. {_in_zones(one, zones)}" for number, one in enumerate(free, 1)]
    return "\n".join([*_unseen(taken), f"{len(free)} times of {minutes} minutes:", *lines])


def _unseen(taken: Mapping[str, Any]) -> list[str]:
    return [
        f"When {one} is busy is not known, because {why}."
        for one, why in taken.items()
        if isinstance(why, str)
    ]


def _in_zones(span: Span, zones: Mapping[str, ZoneInfo]) -> str:
    """In everybody's local time."""
    people: dict[str, list[str]] = {}
    for one, zone in zones.items():
        people.setdefault(words.told_times(span, zone), []).append(one)
    return " · ".join(f"{told} for {', '.join(names)}" for told, names in people.items())


def _busy_lines(one: str, busy: Sequence[Span] | str, zone: ZoneInfo) -> str:
    if isinstance(busy, str):
        return f"{one}: not known, because {busy}."
    if not busy:
        return f"{one}: free all the time."
    lines = [f"- {words.told_times(span, zone)}" for span in busy[:_MOST_SPANS]]
    more = len(busy) - _MOST_SPANS
    return "\n".join([f"{one} is busy:", *lines, *([f"and {more} times more"] if more > 0 else [])])


def _ids(context: Context, calendars: Sequence[str]) -> list[str]:
    """Each once. What this account does not list may be somebody's it is allowed to see."""
    listed = places.account(context).calendars()
    first = next((one.id for one in listed if one.is_first), "primary")
    named = [first if one.strip() == "primary" else one.strip().strip("/") for one in calendars]
    return list(dict.fromkeys(named))


def _zone(context: Context, person: Person, usual: ZoneInfo) -> ZoneInfo:
    """Said, or that of the calendar where the account lists it."""
    if person.zone:
        return zone_of(person.zone)
    (one,) = _ids(context, [person.calendar])
    listed = {each.id: each.zone for each in places.account(context).calendars()}
    return ZoneInfo(listed[one]) if one in listed else usual


def _hours(person: Person, zone: ZoneInfo) -> Hours:
    start, _, end = person.works.partition("-")
    try:
        return Hours(
            zone=zone,
            start=time.fromisoformat(start),
            end=time.fromisoformat(end),
            days=frozenset(map(_WEEK.index, person.days)),
        )
    except ValueError:
        raise ToolError(f"{person.works!r} are no working hours: write them as 09:00-17:00.") from None
