"""Google Calendar over its documented REST paths."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sdk import Checked, Connection, SignInNeeded, ToolError, Unavailable
from bot.sdk.reaching import path_part
from plugins.calendar import googlewords
from plugins.calendar.account import MOST_EVENTS
from plugins.calendar.event import Calendar, Change, Event, Guest, Planned, Span, joined
from plugins.calendar.once import Answer, Line

SERVICE = "Google Calendar"
_PAGE = 250
_LIMITS = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"}
_NARROW = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}
_A_MOMENT = 30.0


class GoogleCalendar:
    """See `Account`."""

    service = SERVICE

    def __init__(self, connection: Connection) -> None:
        token = connection.secrets.get("token", "")
        self._root = f"{connection.endpoints['api']}/calendar/v3"
        self._line = Line(service=SERVICE, headers={"Authorization": f"Bearer {token}"})
        self._listed: list[Calendar] | None = None
        self._read: dict[tuple[str, str], dict[str, Any]] = {}

    def checked(self) -> Checked:
        first = next((one for one in self.calendars() if one.is_first), None)
        account = "a Google account" if first is None else first.id if "@" in first.id else first.title
        return Checked(account=account, can=("read calendars and free times",))

    def calendars(self) -> Sequence[Calendar]:
        if self._listed is None:
            rows = self._pages("/users/me/calendarList", {"maxResults": _PAGE}, MOST_EVENTS)[0]
            self._listed = [googlewords.calendar(one) for one in rows]
        return self._listed

    def calendar(self, calendar: str) -> Calendar:
        """A colleague's need not be on the list: what may be seen of it Google says."""
        listed = self.calendars()
        for one in listed:
            if one.id == calendar or (calendar == "primary" and one.is_first):
                return one
        zone = next((one.zone for one in listed if one.is_first), "UTC")
        return Calendar(id=calendar, title=calendar, zone=zone)

    def events(
        self, calendar: Calendar, span: Span, query: str, check: Callable[[], None]
    ) -> tuple[list[Event], bool]:
        asked = _times(span) | {"singleEvents": "true", "orderBy": "startTime", "maxResults": _PAGE}
        asked |= {"q": query} if query else {}
        rows, more = self._pages(f"/calendars/{_part(calendar.id)}/events", asked, MOST_EVENTS)
        found = [googlewords.event(one, calendar) for one in rows if one.get("start")]
        return [one for one in found if not one.is_cancelled], more

    def find(self, calendar: Calendar, event: str) -> Event | None:
        answer = self._answer("GET", _path(calendar.id, event))
        return None if answer.status in (404, 410) else self._kept(calendar, self._parsed(answer))

    def busy(
        self, calendars: Sequence[str], span: Span, check: Callable[[], None]
    ) -> Mapping[str, list[Span] | str]:
        asked = _times(span) | {"items": [{"id": one} for one in calendars]}
        given = self._ask("POST", "/freeBusy", json=asked).get("calendars") or {}
        return {one: _taken(given.get(one)) for one in calendars}

    def tells_guests(self, calendar: Calendar) -> bool:
        return True

    def id_for(self, effect_id: str) -> str:
        """As Google takes ids: base32hex."""
        return f"cc{base64.b32hexencode(effect_id.encode()).decode().rstrip('=').lower()}"

    def create(self, calendar: Calendar, planned: Planned, effect_id: str, *, now: datetime) -> Event:
        body = googlewords.planned(planned) | {"id": self.id_for(effect_id)}
        path = f"/calendars/{_part(calendar.id)}/events"
        answer = self._answer("POST", path, json=body, params={"sendUpdates": "none"})
        made = self.find(calendar, body["id"]) if answer.status == 409 else None
        return made or self._kept(calendar, self._parsed(answer))

    def change(self, event: Event, change: Change, *, tells: bool, now: datetime) -> Event:
        body = googlewords.changed(change, event.zone)
        if change.guests is not None:
            body["attendees"] = self._invited(event, change.guests)
        return self._patched(event, body, tells)

    def answer(self, event: Event, reply: str, comment: str, *, now: datetime) -> Event:
        own = {"responseStatus": reply} | ({"comment": comment} if comment else {})
        attendees = [one | own if one.get("self") else one for one in self._attendees(event)]
        return self._patched(event, {"attendees": attendees}, tells=True)

    def cancel(self, event: Event, *, tells: bool) -> str:
        asked = {"headers": {"If-Match": event.etag}, "params": _telling(tells)}
        self._ask("DELETE", _path(event.calendar, event.id), what=f"the event {event.id}", **asked)
        return ""

    def restore(self, calendar: Calendar, event: str, kept: str, *, tells: bool) -> Event:
        found = self.find(calendar, event)
        if found is None:
            raise ToolError("Google has forgotten the event: it cannot be put back.")
        if not found.is_cancelled:
            raise ToolError("It is in the calendar already, so it stays as it is.")
        return self._patched(found, {"status": "confirmed"}, tells)

    def _patched(self, event: Event, body: Mapping[str, Any], tells: bool) -> Event:
        asked = {"headers": {"If-Match": event.etag}, "params": _telling(tells), "json": body}
        raw = self._ask("PATCH", _path(event.calendar, event.id), what=f"the event {event.id}", **asked)
        return self._kept(self.calendar(event.calendar), raw)

    def _kept(self, calendar: Calendar, raw: dict[str, Any]) -> Event:
        found = googlewords.event(raw, calendar)
        self._read[calendar.id, found.id] = raw
        return found

    def _attendees(self, event: Event) -> list[dict[str, Any]]:
        """As Google told them: all are sent again with a change to one."""
        raw = self._read[event.calendar, event.id]
        if raw.get("attendeesOmitted"):
            raise ToolError("Google does not show all guests of this event, so they cannot be changed here.")
        return list(raw.get("attendees") or ())

    def _invited(self, event: Event, guests: Iterable[Guest]) -> list[dict[str, Any]]:
        known = {str(one.get("email", "")).casefold(): one for one in self._attendees(event)}
        return [
            known.get(one.email.casefold())
            or {"email": one.email} | ({"optional": True} if one.is_optional else {})
            for one in guests
        ]

    def _pages(self, path: str, asked: Mapping[str, Any], most: int) -> tuple[list[Any], bool]:
        rows: list[Any] = []
        cursor = ""
        while True:
            more = {"pageToken": cursor} if cursor else {}
            answer = self._ask("GET", path, params={**asked, **more})
            rows += answer.get("items") or ()
            cursor = answer.get("nextPageToken") or ""
            if not cursor or len(rows) >= most:
                return rows[:most], bool(cursor) or len(rows) > most

    def _ask(self, method: str, path: str, *, what: str = "the calendar", **sent: Any) -> dict[str, Any]:
        return self._parsed(self._answer(method, path, **sent), what)

    def _answer(self, method: str, path: str, **sent: Any) -> Answer:
        return self._line.ask(method, f"{self._root}{path}", **sent)

    def _parsed(self, answer: Answer, what: str = "the calendar") -> dict[str, Any]:
        if not answer.is_good:
            raise self._refusal(answer, what)
        if not (value := parsed(answer.content)) and answer.content:
            raise Unavailable(f"{SERVICE}'s answer could not be read.", service=SERVICE)
        return value

    def _refusal(self, answer: Answer, what: str) -> Exception:
        error = parsed(answer.content).get("error")
        error = error if isinstance(error, dict) else {}
        reasons = {one.get("reason") for one in (*error.get("errors", ()), *error.get("details", ()))}
        said = " ".join(str(error.get("message", "")).split())[:300]
        if answer.status == 401:
            return SignInNeeded(f"{SERVICE} refused the token: {said}")
        if answer.status == 403 and reasons & _LIMITS:
            text = f"{SERVICE} takes no more calls for now: {said}"
            return Unavailable(text, _A_MOMENT, service=SERVICE, nothing_done=True)
        if answer.status == 403 and reasons & _NARROW:
            return ToolError(
                "The connection does not include this right. Ask for Calendar to be connected again with it "
                f"(App Home → Connections). ({said})"
            )
        return self._line.refused(answer, said, what)


def parsed(content: bytes) -> dict[str, Any]:
    """A JSON object, {} for anything else."""
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _path(calendar: str, event: str) -> str:
    return f"/calendars/{_part(calendar)}/events/{_part(event)}"


def _part(text: str) -> str:
    return path_part(text, SERVICE)


def _telling(tells: bool) -> dict[str, str]:
    return {"sendUpdates": "all" if tells else "none"}


def _times(span: Span) -> dict[str, Any]:
    return {"timeMin": span.start.isoformat(), "timeMax": span.end.isoformat()}


def _taken(given: Mapping[str, Any] | None) -> list[Span] | str:
    if given is None or given.get("errors"):
        return "this account may not see when it is busy, or there is no such calendar"
    utc = ZoneInfo("UTC")
    return joined(
        Span(*(datetime.fromisoformat(one[end]).astimezone(utc) for end in ("start", "end")))
        for one in given.get("busy") or ()
    )
