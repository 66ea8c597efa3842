"""Calendars and events, read."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.sdk import EVERYWHERE, Context, Effect, Result, ToolError, action, listed, page_of, part_of
from plugins.calendar import places, words
from plugins.calendar.event import Calendar, Event, span_of
from plugins.calendar.places import In, On
from plugins.calendar.when import read_range, zone_of

_MOST_DAYS = timedelta(days=366)

From = Annotated[str, "Day 2026-11-23, or time 2026-11-23T09:00 by the clocks of zone"]
Until = Annotated[str, "A day is part of it whole"]
Zone = Annotated[str, 'For times, "Europe/Lisbon"; that of the calendar without it']


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, **__: "List the calendars",
    example={},
)
def list_calendars(context: Context, cursor: str = "") -> Result:
    """List the calendars of the account that were granted: title, time zone and id. 20 a page."""
    found = places.account(context).calendars()
    kept = context.in_scope(found, lambda one: one.id)
    return listed(page_of(kept, cursor), words.calendar_line, what="calendars", hidden=len(found) - len(kept))


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, start, end, calendar="", **__: (
        f"List the events from {words.short(start)} to {words.short(end)} in "
        f"{words.short(calendar) or 'all granted calendars'}"
    ),
    example={"start": "2026-11-23", "end": "2026-11-27", "calendar": "primary"},
)
def list_events(
    context: Context,
    start: From,
    end: Until,
    calendar: Annotated[str, "Id; all granted calendars without it"] = "",
    query: Annotated[str, "Words in title, text, place or guests"] = "",
    zone: Zone = "",
    cursor: str = "",
) -> Result:
    """List the events of a time in their order, each occurrence of a series on its own. 20 a page, up to a year.

    A line each with its id; for text, guests and version use calendar_get_event.
    """
    wanted = _wanted(context, calendar)
    shown = _shown_in(context, zone, wanted)
    span = read_range(start, end, shown, most=_MOST_DAYS)
    found: list[tuple[Event, Calendar]] = []
    is_cut = False
    for one in wanted:
        context.halt.check()
        events, more = places.account(context).events(one, span, query.strip(), context.halt.check)
        found += [(event, one) for event in events]
        is_cut = is_cut or more
    found.sort(key=lambda pair: (span_of(pair[0], ZoneInfo(pair[1].zone)), pair[1].id, pair[0].id))
    result = listed(
        page_of(found, cursor), lambda pair: _line(pair[0], pair[1], shown, len(wanted)), what="events"
    )
    note = "\nThere are more than fit: ask for a shorter time." if is_cut else ""
    return Result(text=result.text + note)


@action(
    effect=Effect.READ,
    items=places.touched,
    preview=lambda _, calendar, event, **__: (
        f"Read the event {words.short(event)} in the calendar {words.short(calendar)}"
    ),
    example={"calendar": "primary", "event": "kickoff"},
)
def get_event(context: Context, calendar: In, event: On, zone: Zone = "", offset: int = 0) -> Result:
    """Read one event: when, where, guests with their answers, repetition, version and text. Long ones by offset."""
    of = places.here(context, calendar)
    found = places.present(context, calendar, event)
    shown = zone_of(zone) if zone else ZoneInfo(found.zone)
    return Result(text=part_of(words.whole_event(found, shown, of), offset))


def _wanted(context: Context, calendar: str) -> list[Calendar]:
    """Those that were granted."""
    given = [places.here(context, calendar)] if calendar else list(places.account(context).calendars())
    kept = context.in_scope(given, lambda one: one.id)
    if not kept:
        raise ToolError(f"{calendar or 'No calendar of this account'} is not among what was granted.")
    return kept


def _shown_in(context: Context, zone: str, wanted: list[Calendar]) -> ZoneInfo:
    if zone:
        return zone_of(zone)
    return ZoneInfo(wanted[0].zone) if len(wanted) == 1 else places.own_zone(context)


def _line(event: Event, of: Calendar, zone: ZoneInfo, calendars: int) -> str:
    return words.event_line(event, zone, f"{of.title} ({of.id})" if calendars > 1 else "")
