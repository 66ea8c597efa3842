"""What both kinds of accounts can, Google's and those of CalDAV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from bot.sdk import Checked
from plugins.calendar.event import Calendar, Change, Event, Planned, Span

Reply = Literal["accepted", "declined", "tentative"]
MOST_EVENTS = 300
"""Of one calendar in one answer."""


class Account(Protocol):
    """One connection's, for one call. What it writes it writes only while the event is as it was read (`etag`), and
    `tells` its guests by mail where it is asked to; `now` is written down where the calendar wants it.
    """

    service: str

    def checked(self) -> Checked:
        """By real calls: whose account it is, and that calendars can be read."""
        ...

    def calendars(self) -> Sequence[Calendar]:
        """Those on its list."""
        ...

    def calendar(self, calendar: str) -> Calendar:
        """By id; "primary" is the first. Raises `ToolError` for one that cannot be."""
        ...

    def events(
        self, calendar: Calendar, span: Span, query: str, check: Callable[[], None]
    ) -> tuple[list[Event], bool]:
        """Those that touch the span, each occurrence of a series; and whether there are more. `check` may end it."""
        ...

    def find(self, calendar: Calendar, event: str) -> Event | None:
        """By id; None where there is none. One that was cancelled may be given as such."""
        ...

    def busy(
        self, calendars: Sequence[str], span: Span, check: Callable[[], None]
    ) -> Mapping[str, list[Span] | str]:
        """By id: when it is taken, or why that cannot be seen."""
        ...

    def tells_guests(self, calendar: Calendar) -> bool:
        """Whether invitations and changes are mailed by the service."""
        ...

    def id_for(self, effect_id: str) -> str:
        """Which id an event gets that a call with this effect id makes."""
        ...

    def create(self, calendar: Calendar, planned: Planned, effect_id: str, *, now: datetime) -> Event:
        """Under an id of our own; what is there already under it is given, and not made again."""
        ...

    def change(self, event: Event, change: Change, *, tells: bool, now: datetime) -> Event: ...

    def answer(self, event: Event, reply: str, comment: str, *, now: datetime) -> Event:
        """In the name of who is connected, who must be invited."""
        ...

    def cancel(self, event: Event, *, tells: bool) -> str:
        """Gives what `restore` needs."""
        ...

    def restore(self, calendar: Calendar, event: str, kept: str, *, tells: bool) -> Event:
        """What was cancelled, unless it was touched since."""
        ...
