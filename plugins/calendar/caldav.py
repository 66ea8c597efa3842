"""A calendar server that speaks CalDAV: the calendars of one account, an entry of them a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote, unquote, urljoin
from zoneinfo import ZoneInfo

from bot.sdk import Checked, Connection, ToolError
from plugins.calendar import davhome, davxml, ical, icalmade
from plugins.calendar.account import MOST_EVENTS
from plugins.calendar.davhome import SERVICE, Home
from plugins.calendar.davxml import CAL, DAV
from plugins.calendar.event import Calendar, Change, Event, Planned, Span, joined, span_of
from plugins.calendar.once import Answer

_TEXT = {"Content-Type": "text/calendar; charset=utf-8"}
_XML = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
_DAY = timedelta(days=1)
_THERE = 412
"""What is answered to an entry that must be new, and is not."""


class CalDav:
    """See `Account`. An entry is read before it is written, and written only while it is as it was read."""

    service = SERVICE

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._home = Home(connection)
        self._read: dict[tuple[str, str], tuple[str, str]] = {}

    def checked(self) -> Checked:
        """Looks for the calendars anew: the server may have moved them."""
        self._home = Home(replace(self._connection, facts={}))
        number = len(self.calendars())
        can = (f"read {number} calendars" if number != 1 else "read 1 calendar",)
        return Checked(account=self._home.account, can=can, facts=self._home.facts)

    def calendars(self) -> Sequence[Calendar]:
        return tuple(self._home.calendars)

    def calendar(self, calendar: str) -> Calendar:
        wanted = calendar.strip("/")
        for one in self.calendars():
            if one.id == wanted or (wanted == "primary" and one.is_first):
                return one
        raise ToolError(
            f"This account has no calendar {calendar!r}. calendar_list_calendars gives the ids of those it has."
        )

    def events(
        self, calendar: Calendar, span: Span, query: str, check: Callable[[], None]
    ) -> tuple[list[Event], bool]:
        """Words are looked for here: not every server can."""
        wanted = query.casefold().split()
        found: list[Event] = []
        for one in self._all(calendar, span, check):
            people = " ".join(f"{guest.name} {guest.email}" for guest in one.guests)
            said = f"{one.title} {one.text} {one.place} {people}".casefold()
            found += [one] if not one.is_cancelled and all(word in said for word in wanted) else []
        found.sort(key=lambda one: span_of(one, ZoneInfo(calendar.zone)))
        return found[:MOST_EVENTS], len(found) > MOST_EVENTS

    def find(self, calendar: Calendar, event: str) -> Event | None:
        name, wanted = ical.split(event)
        answer = self._ask("GET", self._address(calendar.id, name), f"the event {event}", {404, 410})
        if not answer.is_good:
            return None
        text, etag = answer.content.decode("utf-8", "replace"), answer.headers.get("etag", "")
        self._read[calendar.id, name] = (text, etag)
        entry = ical.parsed(text)
        component = ical.occurrence(entry, wanted) if wanted else ical.master_of(entry)
        if component is None:
            return None
        found = self._event(calendar, name, etag, component)
        return replace(found, has_exceptions=found.has_exceptions or len(entry.walk("VEVENT")) > 1)

    def busy(
        self, calendars: Sequence[str], span: Span, check: Callable[[], None]
    ) -> Mapping[str, list[Span] | str]:
        known = {one.id: one for one in self.calendars()}
        taken: dict[str, list[Span] | str] = {}
        for one in calendars:
            if (calendar := known.get(one)) is None:
                taken[one] = "this account has no such calendar"
                continue
            zone = ZoneInfo(calendar.zone)
            events = self._all(calendar, span, check)
            taken[one] = joined(span_of(event, zone) for event in events if event.is_busy)
        return taken

    def tells_guests(self, calendar: Calendar) -> bool:
        """Where it does not, the server only writes down who is invited (RFC 6638)."""
        answer = self._ask("OPTIONS", self._address(calendar.id), f"the calendar {calendar.id}")
        return "calendar-auto-schedule" in answer.headers.get("dav", "")

    def id_for(self, effect_id: str) -> str:
        return f"{effect_id}.ics"

    def create(self, calendar: Calendar, planned: Planned, effect_id: str, *, now: datetime) -> Event:
        name = self.id_for(effect_id)
        self._put(calendar.id, name, icalmade.made(planned, effect_id, now), {"If-None-Match": "*"}, {_THERE})
        return self._again(calendar, name)

    def change(self, event: Event, change: Change, *, tells: bool, now: datetime) -> Event:
        organizer = self._home.address if change.guests is not None else ""
        _, wanted = ical.split(event.id)
        return self._rewritten(event, icalmade.changed(self._entry(event), wanted, change, organizer, now))

    def answer(self, event: Event, reply: str, comment: str, *, now: datetime) -> Event:
        _, wanted = ical.split(event.id)
        own = self._home.addresses
        return self._rewritten(event, icalmade.answered(self._entry(event), wanted, reply, comment, own, now))

    def cancel(self, event: Event, *, tells: bool) -> str:
        """Gives the entry as it was, and which version of the series an occurrence left."""
        name, wanted = ical.split(event.id)
        kept, only = self._read[event.calendar, name][0], _unless_changed(event)
        if not wanted:
            what = f"the event {event.id}"
            self._ask("DELETE", self._address(event.calendar, name), what, headers=only)
            return json.dumps({"text": kept})
        self._put(event.calendar, name, icalmade.without(self._entry(event), wanted), only)
        left = self._again(self.calendar(event.calendar), name)
        return json.dumps({"text": kept, "version": left.version})

    def restore(self, calendar: Calendar, event: str, kept: str, *, tells: bool) -> Event:
        """An occurrence is put back while the rest of its series is as the cancelling left it."""
        (name, wanted), was = ical.split(event), json.loads(kept)
        if not wanted:
            self._put(calendar.id, name, was["text"], {"If-None-Match": "*"})
            return self._again(calendar, name)
        series = self._again(calendar, name)
        if series.version != was["version"]:
            raise ToolError("The series was changed since, so it stays as it is.")
        self._put(calendar.id, name, was["text"], _unless_changed(series))
        return self._again(calendar, event)

    def _all(self, calendar: Calendar, span: Span, check: Callable[[], None]) -> list[Event]:
        """`check` is asked for each entry: a long series takes its time. Whole days are those of the calendar's zone,
        which servers do not know: they are asked for a day more on both sides.
        """
        wide, zone = Span(span.start - _DAY, span.end + _DAY), ZoneInfo(calendar.zone)
        found: list[Event] = []
        for name, text, etag in self._entries(calendar, wide):
            check()
            found += self._occurring(calendar, name, text, etag, wide)
        return [one for one in found if span_of(one, zone).touches(span)]

    def _entries(self, calendar: Calendar, span: Span) -> list[tuple[str, str, str]]:
        """Name, text and etag of those that touch the span."""
        url, what = self._address(calendar.id), f"the calendar {calendar.id}"
        answer = self._ask("REPORT", url, what, headers=_XML, content=davxml.events_in(span).encode())
        return [
            (_name(url, one.href), one.text(f"{CAL}calendar-data"), one.text(f"{DAV}getetag"))
            for one in davhome.rows(answer)
        ]

    def _occurring(self, calendar: Calendar, name: str, text: str, etag: str, span: Span) -> list[Event]:
        """An entry that somebody wrote wrongly is not shown: the others are."""
        try:
            found = ical.occurrences(ical.parsed(text), span)
            return [self._event(calendar, name, etag, one) for one in found]
        except ToolError:
            return []

    def _event(self, calendar: Calendar, name: str, etag: str, component: object) -> Event:
        link = self._address(calendar.id, name)
        return ical.read(component, calendar, name, etag, link, self._home.addresses)

    def _entry(self, event: Event) -> ical.Entry:
        return ical.parsed(self._read[event.calendar, ical.split(event.id)[0]][0])

    def _rewritten(self, event: Event, text: str) -> Event:
        name, _ = ical.split(event.id)
        self._put(event.calendar, name, text, _unless_changed(event))
        return self._again(self.calendar(event.calendar), event.id)

    def _again(self, calendar: Calendar, event: str) -> Event:
        """Servers may write a little differently what they keep."""
        if (found := self.find(calendar, event)) is None:
            raise ToolError(f"The calendar server does not show {event} after it was written.")
        return found

    def _put(
        self,
        calendar: str,
        name: str,
        text: str,
        only: Mapping[str, str],
        also: Set[int] = frozenset(),
    ) -> None:
        sent = {"headers": {**_TEXT, **only}, "content": text.encode()}
        self._ask("PUT", self._address(calendar, name), f"the event {name}", also, **sent)

    def _ask(self, method: str, url: str, what: str, also: Set[int] = frozenset(), **sent: object) -> Answer:
        """A good answer, or one that is `also` expected."""
        return self._home.ask(method, url, what, also, **sent)

    def _address(self, calendar: str, name: str = "") -> str:
        """Of a calendar, or of an entry in it, which cannot lead elsewhere."""
        found = self._home.addresses_of_calendars.get(calendar)
        if found is None or name in (".", "..") or "/" in name or "\\" in name:
            raise ToolError(f"{name or calendar!r} is not the id of a calendar or an event of this account.")
        return found + quote(name, safe="@")


def _name(calendar: str, href: str) -> str:
    """Of an entry in the calendar: the last part of its address."""
    return unquote(urljoin(calendar, href).rstrip("/").rpartition("/")[2])


def _unless_changed(event: Event) -> dict[str, str]:
    if not event.etag:
        raise ToolError(
            "This calendar server does not say which version an event has, so nothing is changed there."
        )
    return {"If-Match": event.etag}
