"""Where an account's calendars are on a CalDAV server, and who it is there."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from functools import cached_property
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

from bot.sdk import Connection, SignInNeeded, ToolError, Unavailable
from bot.sdk.reaching import must_lead_out
from plugins.calendar import davxml, ical
from plugins.calendar.davxml import CAL, DAV, Found
from plugins.calendar.event import Calendar
from plugins.calendar.once import Answer, Line

SERVICE = "The calendar server"
_ON = frozenset((301, 302, 307, 308))
_NOT_HERE = frozenset((404, 405, 501))
_MOST_REDIRECTS = 4


class Home:
    """An account's. Looked up when it is first asked for; what `facts` say of it is not asked again."""

    def __init__(self, connection: Connection) -> None:
        secrets = connection.secrets
        self._only = connection.endpoints.get("caldav", "")
        self._url = _checked(secrets.get("url", ""), self._only)
        self._user = secrets.get("user", "")
        self._email = secrets.get("email", "")
        self._facts = connection.facts
        self._line = Line(service=SERVICE, auth=(self._user, secrets.get("password", "")))

    @property
    def account(self) -> str:
        return f"{self._user} at {urlsplit(self._url).hostname}"

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """Where the calendars are, and the addresses by which the account is invited."""
        if "home" in self._facts:
            return self._facts
        who = self._who(self._url) or self._who(urljoin(self._url, "/.well-known/caldav"))
        principal = self._led(self._url, who, "say who is signed in")
        found = next(iter(rows(self._asked(principal, davxml.HOME, "0"))), Found(href=principal))
        home = self._led(principal, found.hrefs(f"{CAL}calendar-home-set"), "say where the calendars are")
        given = " ".join(found.hrefs(f"{CAL}calendar-user-address-set"))
        return {"home": home, "addresses": given}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """E-mail addresses, by which the account is known as a guest."""
        given = [one for one in self.facts.get("addresses", "").split() if one.lower().startswith("mailto:")]
        named = [one for one in (self._email, self._user) if "@" in one]
        return frozenset(one.lower().removeprefix("mailto:") for one in (*named, *given))

    @property
    def address(self) -> str:
        """By which it invites others. Raises `ToolError` where none is known."""
        if self._email:
            return self._email
        if found := sorted(self.addresses):
            return found[0]
        raise ToolError(
            "It is not known which e-mail address invitations are from. Ask for Calendar to be connected again with it."
        )

    @cached_property
    def calendars(self) -> list[Calendar]:
        """In the order of their ids: a server may give another each time, and says of none that it is the first."""
        return [replace(one, is_first=len(self._found) == 1) for one, _ in self._found]

    @cached_property
    def addresses_of_calendars(self) -> Mapping[str, str]:
        return {one.id: url for one, url in self._found}

    @cached_property
    def _found(self) -> list[tuple[Calendar, str]]:
        home = self._near(self._url, self.facts["home"])
        answer = self._asked(home, davxml.CALENDARS, "1")
        found = []
        for row in rows(answer):
            if row.holds(f"{DAV}resourcetype", f"{CAL}calendar") and _has_events(row):
                url = self._near(home, row.href).rstrip("/") + "/"
                found.append((_calendar(row, url), url))
        return sorted(found, key=lambda one: one[0].id)

    def ask(self, method: str, url: str, what: str, also: Set[int] = frozenset(), **sent: object) -> Answer:
        """A good answer, or one that is `also` expected. Raises what another means."""
        if not self._only:
            must_lead_out(url, SERVICE, "COWORK_CALENDAR_CALDAV_URL")
        answer = self._line.ask(method, url, **sent)
        if answer.status == 401:
            raise SignInNeeded("The calendar server refused the user name or the app password.")
        if not answer.is_good and answer.status not in also:
            raise self._line.refused(answer, what=what)
        return answer

    def _who(self, url: str) -> list[str]:
        """Nobody, where no calendar server answers."""
        answer = self._asked(url, davxml.WHO, "0", _NOT_HERE)
        found = rows(answer) if answer.status == 207 else []
        return found[0].hrefs(f"{DAV}current-user-principal") if found else []

    def _asked(self, url: str, question: str, depth: str, also: Set[int] = frozenset()) -> Answer:
        """Asks where it is sent on to, too: nothing is written by it."""
        sent = {
            "headers": {"Content-Type": "application/xml; charset=utf-8", "Depth": depth},
            "content": question.encode(),
        }
        for _ in range(_MOST_REDIRECTS):
            answer = self.ask("PROPFIND", url, "the account", also | _ON, **sent)
            if answer.status not in _ON:
                break
            url = self._near(url, answer.headers.get("location", ""))
        return answer

    def _led(self, url: str, hrefs: list[str], what: str) -> str:
        if not hrefs:
            raise ToolError(f"The server did not {what}: check the address; it must be that of CalDAV.")
        return self._near(url, hrefs[0])

    def _near(self, url: str, href: str) -> str:
        """The password goes to no other house: the same server, or one of the same domain that is as safe."""
        there, here = urlsplit(urljoin(url, href)), urlsplit(self._url)
        domain = (here.hostname or "").partition(".")[2]
        is_same = (there.scheme, there.netloc) == (here.scheme, here.netloc)
        is_sister = there.scheme == "https" and _is_below(there.hostname or "", domain)
        if there.username is None and (is_same or is_sister):
            return there.geturl()
        raise ToolError(f"The calendar server sends on to {there.netloc}, which was not connected.")


def rows(answer: Answer) -> list[Found]:
    """What a server answered about several things."""
    if answer.status != 207:
        raise ToolError("There is no calendar server at this address: it must be that of CalDAV.")
    if (found := davxml.read(answer.content)) is None:
        raise Unavailable("The calendar server's answer could not be read.", service=SERVICE)
    return found


def _checked(url: str, only: str) -> str:
    """Raises `ToolError` for an address to which a password would go unhidden, or that is not the operator's one."""
    parts, own = urlsplit(url.strip()), urlsplit(only)
    if only and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise ToolError(f"Calendars may be connected at {only} only: so the operator has set it.")
    if not parts.hostname or parts.username is not None or not (only or parts.scheme == "https"):
        raise ToolError("The address of the calendar server must begin with https:// and hold no password.")
    return parts._replace(query="", fragment="").geturl()


def _is_below(host: str, domain: str) -> bool:
    """Whether it is a house of the domain, which is not itself one of those that anybody can have a part of (co.uk)."""
    *_, second, top = ["", "", *domain.split(".")]
    is_shared = len(top) == 2 and len(second) <= 3 and domain.count(".") == 1
    return bool(second) and not top.isdigit() and not is_shared and host.endswith(f".{domain}")


def _calendar(row: Found, url: str) -> Calendar:
    name = unquote(urlsplit(url).path).strip("/")
    is_told = f"{DAV}current-user-privilege-set" in row.props
    can_write = not is_told or any(
        row.holds(f"{DAV}current-user-privilege-set", f"{DAV}{right}")
        for right in ("write", "write-content", "bind", "all")
    )
    zone = ical.zone_in(row.text(f"{CAL}calendar-timezone"))
    title = row.text(f"{DAV}displayname") or name.rpartition("/")[2]
    return Calendar(id=name, title=title, zone=zone, can_write=can_write)


def _has_events(row: Found) -> bool:
    """Some hold tasks only."""
    kinds: Element | None = row.props.get(f"{CAL}supported-calendar-component-set")
    return kinds is None or not len(kinds) or any(one.get("name") == "VEVENT" for one in kinds)
