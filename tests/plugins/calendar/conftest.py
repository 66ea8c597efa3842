"""Calendars for the plugin's tests: Ana's at Google as emulated and as documented, and on a CalDAV server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.calendar import plugin
from tests.counterparts.caldav import CalDav
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
DTSTAMP:20261101T080000Z
{lines}
END:VEVENT
END:VCALENDAR
"""
KICKOFF = """UID:kickoff
DTSTART:20261123T090000Z
DTEND:20261123T093000Z
SUMMARY:Kickoff
DESCRIPTION:The first meeting
LOCATION:Room 1
ORGANIZER:mailto:ana@example.com
ATTENDEE;PARTSTAT=ACCEPTED;CN=Ben Okoye:mailto:ben@example.com"""
RETRO = """UID:retro
DTSTART;TZID=Europe/Lisbon:20261124T150000
DTEND;TZID=Europe/Lisbon:20261124T160000
SUMMARY:Retro"""


@dataclass(frozen=True, kw_only=True)
class World:
    """Ana's account with two calendars: `first` with the event `kickoff`, and `team` with a retrospective."""

    trial: Trial
    first: str
    team: str
    kickoff: str


@dataclass(frozen=True, kw_only=True)
class Dav:
    """Ana's account on the server; what lies there is looked at past the plugin."""

    trial: Trial
    server: CalDav

    def put(self, name: str, lines: str, calendar: str = "work") -> None:
        text = EVENT.format(lines=lines).replace("\n", "\r\n").encode()
        self._asked("PUT", f"{calendar}/{name}", text).raise_for_status()

    def text(self, name: str, calendar: str = "work") -> str:
        answer = self._asked("GET", f"{calendar}/{name}")
        return answer.text.replace("\r\n ", "").replace("\r\n", "\n") if answer.status_code == 200 else ""

    def version(self, event: str, calendar: str = "ana/work") -> str:
        """As the model learns it."""
        text = self.trial.run("get_event", calendar=calendar, event=event).text
        return text.partition("version ")[2].split()[0]

    def _asked(self, method: str, path: str, content: bytes | None = None) -> httpx2.Response:
        server = self.server
        return httpx2.request(
            method,
            f"{server.url}/{server.user}/{path}",
            content=content,
            headers={"Content-Type": "text/calendar"},
            auth=(server.user, server.password),
            verify=False,
        )


def google_connection(url: str, token: str = "ya29.ana") -> Connection:
    endpoints = {"api": url, "accounts": url, "oauth": f"{url}/oauth2"}
    return Connection(
        plugin="calendar", way="oauth", per=Per.PERSON, secrets={"token": token}, endpoints=endpoints
    )


def caldav_connection(url: str, user: str = "ana", password: str = "app-password") -> Connection:
    secrets = {"url": url, "user": user, "password": password, "email": "ana@example.com"}
    return Connection(
        plugin="calendar", way="caldav", per=Per.PERSON, secrets=secrets, endpoints={"caldav": url}
    )


@pytest.fixture
def google(emulate: Emulate, tmp_path: Path) -> Trial:
    """Ana's calendars at Google, which remembers."""
    return Trial(plugin=plugin, connection=google_connection(emulate.google.url), folder=tmp_path)


@pytest.fixture
def official(prism: Callable[[str], Prism]) -> Prism:
    """What Google documents: it remembers nothing, and refuses what is not documented."""
    return prism("calendar")


@pytest.fixture
def documented(official: Prism, tmp_path: Path) -> Trial:
    """On what Google documents."""
    return Trial(plugin=plugin, connection=google_connection(official.url), folder=tmp_path)


@pytest.fixture
def dav(radicale: CalDav, tmp_path: Path) -> Dav:
    trial = Trial(plugin=plugin, connection=caldav_connection(radicale.url), folder=tmp_path)
    return Dav(trial=trial, server=radicale)


@pytest.fixture(params=["google", "caldav"])
def world(request: pytest.FixtureRequest, google: Trial, dav: Dav) -> World:
    """The same of each kind of account."""
    if request.param == "google":
        return World(trial=google, first="primary", team="team", kickoff="kickoff")
    dav.server.make("ana", "team")
    dav.put("kickoff.ics", KICKOFF)
    dav.put("retro.ics", RETRO, "team")
    return World(trial=dav.trial, first="ana/work", team="ana/team", kickoff="kickoff.ics")
