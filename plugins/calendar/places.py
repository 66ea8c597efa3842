"""The calendar and the event that a call names, as they are now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.sdk import Context, Destination, Result, ToolError
from plugins.calendar.account import Account
from plugins.calendar.event import Calendar, Event

WRITE = ("https://www.googleapis.com/auth/calendar.events",)

In = Annotated[str, 'Calendar: id from list_calendars, or "primary"', Destination()]
On = Annotated[str, "Event id from list_events; that of a series for all of it"]
Version = Annotated[str, "Its version from get_event: what was read is what is changed"]


def touched(context: Context, calendar: str, **_: Any) -> list[str]:
    """The calendar that a call names, by its id."""
    return [here(context, calendar).id]


def here(context: Context, calendar: str) -> Calendar:
    return account(context).calendar(calendar.strip())


def account(context: Context) -> Account:
    made: Account = context.client
    return made


def own_zone(context: Context) -> ZoneInfo:
    """Of the account's own calendar, which its owner probably lives in."""
    listed = account(context).calendars()
    first = next((one for one in listed if one.is_first), None) or next(iter(listed), None)
    return ZoneInfo(first.zone if first else "UTC")


def present(context: Context, calendar: str, event: str) -> Event:
    """Raises `ToolError` where there is none, or it was cancelled."""
    found = account(context).find(here(context, calendar), event.strip())
    if found is None:
        raise ToolError(f"There is no event {event!r} in that calendar, or this account may not see it.")
    if found.is_cancelled:
        raise ToolError(f"“{found.title}” was cancelled: {found.link}")
    return found


def as_read(context: Context, calendar: str, event: str, version: str) -> Event:
    """The event, while it is as it was read."""
    found = present(context, calendar, event)
    if found.version != version.strip():
        raise ToolError(
            f"“{found.title}” was changed since version {version!r} was read. Read it again with calendar_get_event."
        )
    return found


def untouched(context: Context, calendar: str, event: str, left: str) -> Event:
    """For an undo: the event, while it is as the call left it."""
    found = present(context, calendar, event)
    if found.version != left:
        raise ToolError(f"“{found.title}” was changed since, so it stays as it is: {found.link}")
    return found


def after_crash(found: Event, version: str, is_done: bool, result: Callable[[], Result]) -> Result | None:
    """Whether a change was made: told by its version, and by whether the event is as it was to be."""
    if found.version == version.strip():
        return None
    if is_done:
        return result()
    raise ToolError("The event was changed since it was read, so it cannot be told by whom.")


def without_guests(event: Event, instead: str) -> None:
    """What changes quietly must have nobody to tell."""
    if event.others:
        raise ToolError(f"“{event.title}” has guests, who are told of every change: use {instead}.")
    own(event)


def with_guests(event: Event, instead: str) -> None:
    if not event.others:
        raise ToolError(f"“{event.title}” has no guests: use {instead}.")
    own(event)


def own(event: Event) -> None:
    if not event.is_own:
        raise ToolError(
            f"“{event.title}” is organised by {event.organizer}, who alone can change it. Its guests can answer it "
            "with calendar_respond_to_invitation."
        )
