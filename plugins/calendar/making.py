"""Events made, without anybody being invited."""

from __future__ import annotations

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from icalendar import vRecur
from pydantic import BaseModel, ConfigDict, Field

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.calendar import places, words
from plugins.calendar.event import Calendar, Event, Planned
from plugins.calendar.places import WRITE, In
from plugins.calendar.when import read_span, told, told_span, zone_of

Starts = Annotated[str, "Time 2026-11-23T09:00 by the clocks of zone, or day 2026-11-23 for whole days"]
Ends = Annotated[str, "Likewise; a last day is part of it"]
_RULE = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9+,:-]+)*")


class Details(BaseModel):
    """What else is written down."""

    model_config = ConfigDict(extra="forbid")

    place: str = ""
    text: str = ""
    repeats: str = Field(default="", description="Rule, FREQ=WEEKLY;BYDAY=MO;COUNT=6")
    is_free: bool = Field(default=False, description="It takes nobody's time")


def _planned(
    context: Context,
    calendar: str,
    title: str,
    start: str,
    end: str,
    zone: str = "",
    details: Details | None = None,
) -> tuple[Calendar, Planned]:
    of = places.here(context, calendar)
    if not of.can_write:
        raise ToolError(
            f"{of.title} can only be read by this account. Ask its owner for the right to change it."
        )
    own = zone_of(zone or of.zone)
    first, last = read_span(start, end, own)
    more = details or Details()
    planned = Planned(
        title=title,
        start=first,
        end=last,
        zone=own.key,
        place=more.place,
        text=more.text,
        repeats=_rule(more.repeats),
        is_free=more.is_free,
    )
    return of, planned


def _card(context: Context, **given: Any) -> str:
    of, planned = _planned(context, **given)
    lines = [
        planned.title,
        f"When: {told_span(planned.start, planned.end, ZoneInfo(planned.zone))}",
        f"Calendar: {of.title} ({of.id})",
    ]
    lines += [f"Repeats: {planned.repeats}"] if planned.repeats else []
    lines += [f"Where: {planned.place}"] if planned.place else []
    lines += ["Does not take the time of its owner"] if planned.is_free else []
    return "\n".join(lines) + (f"\n\n{planned.text}" if planned.text else "")


def _made(event: Event) -> Result:
    since = " (cancelled since)" if event.is_cancelled else ""
    return Result(
        text=f"Created “{event.title}”{since}: {told(event)} · id {event.id} · version {event.version} {event.link}",
        receipt=Receipt(
            effect=Effect.CREATE,
            what=f"Created “{event.title}”, {told(event)}",
            where=event.link,
            after=f"{event.id} {event.version}",
            undo="" if event.is_cancelled else "Delete it",
        ),
    )


def _found(context: Context, calendar: str, **_: Any) -> Result | None:
    """By the id that it was made with."""
    account = places.account(context)
    found = account.find(places.here(context, calendar), account.id_for(context.effect_id))
    return None if found is None else _made(found)


def _deleted(context: Context, receipt: Receipt, calendar: str, **_: Any) -> Result:
    event, version = receipt.after.rsplit(" ", 1)
    account, of = places.account(context), places.here(context, calendar)
    if (found := account.find(of, event)) is None or found.is_cancelled:
        return Result(text="The event is gone already.")
    account.cancel(places.untouched(context, calendar, event, version), tells=False)
    return Result(text=f"Deleted “{found.title}”.")


@action(
    effect=Effect.CREATE,
    items=places.touched,
    preview=lambda _, calendar, title, start, **__: (
        f"Create an event in the calendar {words.short(calendar)} on {words.short(start)}: “{words.short(title)}”"
    ),
    detail=_card,
    example={
        "calendar": "primary",
        "title": "Retro",
        "start": "2026-11-24T15:00",
        "end": "2026-11-24T16:00",
        "zone": "Europe/Lisbon",
    },
    inverse=Inverse(words="Delete it", act=_deleted),
    settled=_found,
    is_keyed=True,
    needs=WRITE,
)
def create_event(
    context: Context,
    calendar: In,
    title: Annotated[str, Field(min_length=1)],
    start: Starts,
    end: Ends,
    zone: Annotated[str, 'Its time zone, "Europe/Lisbon"; that of the calendar without it'] = "",
    details: Details | None = None,
) -> Result:
    """Create an event or a series, for now without guests: calendar_invite_people then invites them.

    Whether the time is free is seen with calendar_find_slot. Gives id, version and link.
    """
    of, planned = _planned(context, calendar, title, start, end, zone, details)
    context.halt.check()
    made = places.account(context).create(of, planned, context.effect_id, now=context.now)
    if made.is_cancelled:
        raise ToolError(f"This event was made before, and cancelled since: {made.link}")
    return _made(made)


def _rule(text: str) -> str:
    """Of a repetition. Raises `ToolError` for another."""
    rule = text.strip().upper().removeprefix("RRULE:")
    if not rule:
        return ""
    try:
        if _RULE.fullmatch(rule) and vRecur.from_ical(rule):
            return rule
    except ValueError:
        pass
    raise ToolError(f"{text!r} is no rule: write one like FREQ=WEEKLY;BYDAY=MO;COUNT=6.")
