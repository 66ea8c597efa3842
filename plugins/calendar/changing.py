"""Events moved and changed: quietly where nobody else comes, and else with word to the guests."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.calendar import places, words
from plugins.calendar.event import Change, Event, When
from plugins.calendar.making import Ends, Starts
from plugins.calendar.places import WRITE, In, On, Version
from plugins.calendar.when import read_span, reread, told, told_span, written, zone_of

BACK = "Change it back"
To = Annotated[str, "Zone of the new times; that of the event without it"]


class Changes(BaseModel):
    """What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(default=None, min_length=1)
    place: str | None = None
    text: str | None = None
    is_free: bool | None = Field(default=None, description="It takes nobody's time")


def _times(found: Event, start: str, end: str, zone: str) -> tuple[When, When]:
    """The new ones. A series stays on its days: its rules are by them."""
    new = read_span(start, end, zone_of(zone or found.zone))
    if isinstance(new[0], datetime) == found.is_whole_days:
        raise ToolError(
            "Whole days stay whole days, and times stay times: cancel it and create another instead."
        )
    if found.repeats and (found.has_exceptions or _day(new[0], found.zone) != _day(found.start, found.zone)):
        raise ToolError(
            "A series can be moved within its day, while no occurrence of it was moved or cancelled. Else move its "
            "occurrences one by one, or cancel it and create another."
        )
    return new


def _day(when: When, zone: str) -> object:
    return when.astimezone(ZoneInfo(zone)).date() if isinstance(when, datetime) else when


def _move_card(
    context: Context, calendar: str, event: str, version: str, start: str, end: str, zone: str = ""
) -> str:
    found = places.as_read(context, calendar, event, version)
    new = _times(found, start, end, zone)
    return "\n".join(
        [
            words.which(found),
            f"From: {told(found)}",
            f"To: {told_span(*new, zone_of(zone or found.zone))}",
            *told_to(context, calendar, found),
        ]
    )


def _update_card(context: Context, calendar: str, event: str, version: str, changes: Changes) -> str:
    found = places.as_read(context, calendar, event, version)
    lines = [f"{words.which(found)}, {told(found)}"]
    for name, new in _given(changes).items():
        lines += [f"{_CALLED[name]}: {_shown(getattr(found, name))}", f"→ {_shown(new)}"]
    return "\n".join([*lines, *told_to(context, calendar, found)])


def told_to(context: Context, calendar: str, found: Event) -> list[str]:
    """For a card: who hears of it."""
    if not found.others:
        return []
    account = places.account(context)
    if not account.tells_guests(places.here(context, calendar)):
        return [f"{account.service} tells nobody. Guests:", *map(words.guest_line, found.others)]
    return [f"{account.service} tells the guests:", *map(words.guest_line, found.others)]


def changed(what: str, effect: Effect, made: Event, before: str) -> Result:
    """What was done to an event, which is now as `made`."""
    return Result(
        text=f"{what} “{made.title}”: {told(made)} · id {made.id} · version {made.version} {made.link}",
        receipt=Receipt(
            effect=effect,
            what=f"{what} “{made.title}”",
            where=made.link,
            before=before,
            after=made.version,
            undo=BACK if before else "",
        ),
    )


def _moved(context: Context, found: Event, new: tuple[When, When], effect: Effect, *, tells: bool) -> Result:
    before = json.dumps({"start": written(found.start), "end": written(found.end)})
    context.halt.check()
    change = Change(start=new[0], end=new[1])
    made = places.account(context).change(found, change, tells=tells, now=context.now)
    return changed("Moved", effect, made, before)


def _updated(context: Context, found: Event, changes: Changes, effect: Effect, *, tells: bool) -> Result:
    given = _given(changes)
    before = json.dumps({name: getattr(found, name) for name in given}, ensure_ascii=False)
    context.halt.check()
    made = places.account(context).change(found, Change(**given), tells=tells, now=context.now)
    return changed("Changed", effect, made, before)


def _back(context: Context, receipt: Receipt, calendar: str, event: str, **_: Any) -> Result:
    """The times, or the texts, that were there."""
    found = places.untouched(context, calendar, event, receipt.after)
    was = json.loads(receipt.before)
    for name in ("start", "end"):
        was |= {name: reread(was[name], found.zone)} if name in was else {}
    made = places.account(context).change(found, Change(**was), tells=bool(found.others), now=context.now)
    return Result(text=f"“{made.title}” is as it was: {told(made)} {made.link}")


def _was_moved(effect: Effect) -> Any:
    def look(
        context: Context, calendar: str, event: str, version: str, start: str, end: str, zone: str = ""
    ) -> Result | None:
        found = places.present(context, calendar, event)
        new = read_span(start, end, zone_of(zone or found.zone))
        return places.after_crash(
            found,
            version,
            (found.start, found.end) == new,
            lambda: changed("Moved", effect, found, ""),
        )

    return look


def _was_updated(effect: Effect) -> Any:
    def look(context: Context, calendar: str, event: str, version: str, changes: Changes) -> Result | None:
        found = places.present(context, calendar, event)
        is_done = all(getattr(found, name) == new for name, new in _given(changes).items())
        return places.after_crash(found, version, is_done, lambda: changed("Changed", effect, found, ""))

    return look


def _given(changes: Changes) -> dict[str, Any]:
    given = changes.model_dump(exclude_none=True)
    if not given:
        raise ToolError("Nothing to change was given: say a title, a place, a text or is_free.")
    return given


_CALLED = {"title": "Title", "place": "Where", "text": "Text", "is_free": "Takes nobody's time"}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "(nothing)"


_MOVED = {
    "calendar": "primary",
    "event": "kickoff",
    "version": "0123456789",
    "start": "2026-11-24T10:00",
    "end": "2026-11-24T11:00",
}
_CHANGED = {
    "calendar": "primary",
    "event": "kickoff",
    "version": "0123456789",
    "changes": {"title": "Kick-off", "place": "Room 2"},
}


@action(
    effect=Effect.CHANGE,
    items=places.touched,
    preview=lambda _, calendar, event, start, **__: (
        f"Move the event {words.short(event)} in the calendar {words.short(calendar)} to {words.short(start)}"
    ),
    detail=_move_card,
    example=_MOVED,
    inverse=Inverse(words=BACK, act=_back),
    settled=_was_moved(Effect.CHANGE),
    needs=WRITE,
)
def move_event(
    context: Context, calendar: In, event: On, version: Version, start: Starts, end: Ends, zone: To = ""
) -> Result:
    """Move an event that has no guests, or one occurrence of a series, to another time. Nobody is told.

    With guests: calendar_move_meeting.
    """
    found = places.as_read(context, calendar, event, version)
    places.without_guests(found, "calendar_move_meeting")
    return _moved(context, found, _times(found, start, end, zone), Effect.CHANGE, tells=False)


@action(
    effect=Effect.SEND,
    items=places.touched,
    preview=lambda _, calendar, event, start, **__: (
        f"Move the meeting {words.short(event)} in the calendar {words.short(calendar)} to {words.short(start)}, "
        "and tell its guests"
    ),
    detail=_move_card,
    example=_MOVED,
    inverse=Inverse(words=BACK, act=_back),
    settled=_was_moved(Effect.SEND),
    needs=WRITE,
)
def move_meeting(
    context: Context, calendar: In, event: On, version: Version, start: Starts, end: Ends, zone: To = ""
) -> Result:
    """Move an event that has guests, or one occurrence of it, to another time. The guests are told."""
    found = places.as_read(context, calendar, event, version)
    places.with_guests(found, "calendar_move_event")
    return _moved(context, found, _times(found, start, end, zone), Effect.SEND, tells=True)


@action(
    effect=Effect.CHANGE,
    items=places.touched,
    preview=lambda _, calendar, event, **__: (
        f"Change the event {words.short(event)} in the calendar {words.short(calendar)}"
    ),
    detail=_update_card,
    example=_CHANGED,
    inverse=Inverse(words=BACK, act=_back),
    settled=_was_updated(Effect.CHANGE),
    needs=WRITE,
)
def update_event(context: Context, calendar: In, event: On, version: Version, changes: Changes) -> Result:
    """Change title, place or text of an event that has no guests. With guests: calendar_update_meeting."""
    found = places.as_read(context, calendar, event, version)
    places.without_guests(found, "calendar_update_meeting")
    return _updated(context, found, changes, Effect.CHANGE, tells=False)


@action(
    effect=Effect.SEND,
    items=places.touched,
    preview=lambda _, calendar, event, **__: (
        f"Change the meeting {words.short(event)} in the calendar {words.short(calendar)}, and tell its guests"
    ),
    detail=_update_card,
    example=_CHANGED,
    inverse=Inverse(words=BACK, act=_back),
    settled=_was_updated(Effect.SEND),
    needs=WRITE,
)
def update_meeting(context: Context, calendar: In, event: On, version: Version, changes: Changes) -> Result:
    """Change title, place or text of an event that has guests, who are told."""
    found = places.as_read(context, calendar, event, version)
    places.with_guests(found, "calendar_update_event")
    return _updated(context, found, changes, Effect.SEND, tells=True)
