"""Events cancelled, and put back."""

from __future__ import annotations

from typing import Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, action
from plugins.calendar import places, words
from plugins.calendar.changing import told_to
from plugins.calendar.event import Event
from plugins.calendar.places import WRITE, In, On, Version
from plugins.calendar.when import told

BACK = "Put it back"
_MOST_KEPT = 100_000
_NOTHING = "-"
"""Kept for an account that itself remembers what was cancelled."""
_EXAMPLE = {"calendar": "primary", "event": "kickoff", "version": "0123456789"}


def _card(context: Context, calendar: str, event: str, version: str) -> str:
    found = places.as_read(context, calendar, event, version)
    return "\n".join([words.which(found), f"When: {told(found)}", *told_to(context, calendar, found)])


def _cancelled(context: Context, found: Event, effect: Effect, *, tells: bool) -> Result:
    context.halt.check()
    kept = places.account(context).cancel(found, tells=tells) or _NOTHING
    return Result(
        text=f"Cancelled {words.which(found)}: {told(found)}",
        receipt=Receipt(
            effect=effect,
            what=f"Cancelled {words.which(found)}, {told(found)}",
            where=found.link,
            before=kept,
            undo=BACK if len(kept) <= _MOST_KEPT else "",
        ),
    )


def _back(context: Context, receipt: Receipt, calendar: str, event: str, **_: Any) -> Result:
    account, of = places.account(context), places.here(context, calendar)
    tells = receipt.effect is Effect.SEND
    made = account.restore(of, event.strip(), receipt.before.removeprefix(_NOTHING), tells=tells)
    return Result(text=f"“{made.title}” is back: {told(made)} {made.link}")


def _was_cancelled(effect: Effect) -> Any:
    def look(context: Context, calendar: str, event: str, **_: Any) -> Result | None:
        found = places.account(context).find(places.here(context, calendar), event.strip())
        if found is not None and not found.is_cancelled:
            return None
        where = found.link if found else event
        receipt = Receipt(effect=effect, what=f"Cancelled the event {event}", where=where)
        return Result(text=f"The event {event} was cancelled.", receipt=receipt)

    return look


@action(
    effect=Effect.DELETE,
    items=places.touched,
    preview=lambda _, calendar, event, **__: (
        f"Cancel the event {words.short(event)} in the calendar {words.short(calendar)}"
    ),
    detail=_card,
    example=_EXAMPLE,
    inverse=Inverse(words=BACK, act=_back),
    settled=_was_cancelled(Effect.DELETE),
    needs=WRITE,
)
def cancel_event(context: Context, calendar: In, event: On, version: Version) -> Result:
    """Cancel an event that has no guests: one occurrence, or by the id of the series all of it. Nobody is told.

    With guests: calendar_cancel_meeting.
    """
    found = places.as_read(context, calendar, event, version)
    places.without_guests(found, "calendar_cancel_meeting")
    return _cancelled(context, found, Effect.DELETE, tells=False)


@action(
    effect=Effect.SEND,
    items=places.touched,
    preview=lambda _, calendar, event, **__: (
        f"Cancel the meeting {words.short(event)} in the calendar {words.short(calendar)}, and tell its guests"
    ),
    detail=_card,
    example=_EXAMPLE,
    inverse=Inverse(words=BACK, act=_back),
    settled=_was_cancelled(Effect.SEND),
    needs=WRITE,
)
def cancel_meeting(context: Context, calendar: In, event: On, version: Version) -> Result:
    """Cancel an event that has guests, who are told: one occurrence, or by the id of the series all of it."""
    found = places.as_read(context, calendar, event, version)
    places.with_guests(found, "calendar_cancel_event")
    return _cancelled(context, found, Effect.SEND, tells=True)
