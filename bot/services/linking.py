"""From a button in Slack to a connection: a link of ours, who has it, the service's page, and back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.clock import Clock
from bot.domain.connected import Connected, slug_of
from bot.domain.person import Person
from bot.errors import NotAllowed, NotConfigured
from bot.sdk.connect import OAuth, Per
from bot.services.addresses import Given
from bot.services.connecting import ADMINS_ONLY, Connecting
from bot.services.connections import Connections
from bot.services.entrances import Entrance, Leaving, NoServers, Servers, Service, origin_of
from bot.services.slack_sign_in import SlackSignIn
from bot.store import links
from bot.store.database import Database, Session
from bot.store.links import Link, digest
from bot.store.sealing import NO_KEY, Seal

LIFE = timedelta(minutes=10)
_WITH_SLACK = "slack"
_AT_SERVICE = "service"
_ELSEWHERE = "This link goes on in another browser."


class Gone(NotAllowed):
    """The person can act: the link was used, has run out, or goes on in another browser. A new one takes a moment."""


class NotThem(NotAllowed):
    """The person can act: somebody else than the link was made for has it."""


class Declined(NotAllowed):
    """The person can act: they said no at the service."""


@dataclass(frozen=True, kw_only=True)
class Code:
    """What whoever asked is told in Slack, and types on the page."""

    person: Person
    title: str
    digits: str


class Linking:
    """`public_url` is where browsers reach us. `slack` is None where people cannot sign in with Slack: a code does."""

    def __init__(
        self,
        database: Database,
        connections: Connections,
        connecting: Connecting,
        *,
        seal: Seal,
        clock: Clock,
        given: Given,
        public_url: str,
        slack: SlackSignIn | None = None,
    ) -> None:
        self._database = database
        self._connections = connections
        self._connecting = connecting
        self._seal = seal
        self._clock = clock
        self._given = given
        self._url = public_url.rstrip("/")
        self.slack = slack
        self.servers: Servers = NoServers()

    def link_for(
        self,
        person: Person,
        plugin: str,
        way: str,
        per: Per,
        *,
        writes: bool = False,
        is_admin: bool = False,
        workspace: str = "",
    ) -> str:
        """For this person alone, once, for ten minutes. Raises `NotAllowed` and `NotConfigured`.

        `writes`: they are asked for the right to write, too. `workspace` is the name of theirs, for the page.
        """
        if slug_of(plugin):
            self._check_server(person, plugin, per, is_admin=is_admin)
        else:
            known, found = self._connecting.must(plugin, way, per, is_admin=is_admin)
            if not isinstance(found, OAuth):
                raise NotAllowed(f"{known.title} is connected with a form this way.")
        nonce, now = secrets.token_urlsafe(32), self._clock()
        link = Link(
            digest=digest(nonce),
            person=person,
            workspace=workspace,
            plugin=plugin,
            way=way,
            per=per,
            writes=writes,
            expires_at=now + LIFE,
        )
        with self._database.write("link.make") as session:
            links.sweep(session, now=now)
            links.make(session, link)
        return f"{self._url}/connect/{plugin}/start/{nonce}"

    def link(self, plugin: str, nonce: str) -> tuple[Link, Entrance]:
        """What it is for. Raises `Gone`."""
        with self._database.read() as session:
            found = links.of(session, nonce, now=self._clock())
        if found is None or found.plugin != plugin:
            raise Gone("This link was used, or its ten minutes are over.")
        entrance = self._entrance(found)
        if entrance is None:
            raise Gone("What this link is for cannot be connected this way any more.")
        return found, entrance

    def code(self, plugin: str, nonce: str, browser: str) -> Code | None:
        """The digits to be told in Slack; None when they were before. From now on this browser alone goes on."""
        link, known = self.link(plugin, nonce)
        digits = f"{secrets.randbelow(1_000_000):06}"
        with self._database.write("link.code") as session:
            self._open(session, link, browser)
            is_first = links.set_code(session, link, _hashed(nonce, digits))
        return Code(person=link.person, title=known.title, digits=digits) if is_first else None

    def try_code(self, plugin: str, nonce: str, browser: str, digits: str) -> bool:
        """Whether these were the digits: then they are known here. Raises `Gone` after five tries."""
        link, _ = self.link(plugin, nonce)
        typed = "".join(filter(str.isdigit, digits))
        with self._database.write("link.try") as session:
            self._open(session, link, browser)
            is_right = links.try_code(session, link, _hashed(nonce, typed))
            left = links.MOST_TRIES - link.tries - 1
            if not is_right and left <= 0:
                links.close(session, link)
        if not is_right and left <= 0:
            raise Gone("That was not the code, five times. This link is closed.")
        return is_right

    def slack_page(self, plugin: str, nonce: str, browser: str) -> str:
        """Where Slack says who has this browser."""
        link, _ = self.link(plugin, nonce)
        if self.slack is None:
            raise NotConfigured("Signing in with Slack is not set up: SLACK_CLIENT_ID is not set.")
        state = secrets.token_urlsafe(32)
        self._sent(link, browser, state, {"step": _WITH_SLACK, "nonce": nonce})
        return self.slack.page(back=self.slack_back, state=self._seal.sealed(state), team=link.person.team)

    def known_by_slack(self, state: str, browser: str, code: str) -> tuple[str, str]:
        """They came back from Slack: the plugin and nonce to go on with. Raises `Gone`, `NotThem`, `Unavailable`."""
        link, kept = self._came_back(state, browser, _WITH_SLACK, close=False)
        if self.slack is None or not code:
            raise Declined("You did not sign in with Slack.")
        found = self.slack.person(back=self.slack_back, code=code)
        if found != (link.person.team, link.person.user):
            with self._database.write("link.close") as session:
                links.close(session, link)
            raise NotThem(
                f"This link was made for {link.person.name} in Slack, and you are somebody else there. "
                "Nothing was connected. Press Connect in Slack yourself."
            )
        with self._database.write("link.know") as session:
            links.know(session, link)
        return link.plugin, kept["nonce"]

    def page(self, plugin: str, nonce: str, browser: str) -> tuple[Link, Entrance, Leaving]:
        """Where they are asked whether they allow it. Raises `Gone` for whoever is not known here."""
        link, entrance = self.link(plugin, nonce)
        if not link.is_known:
            raise Gone("It is not known who you are in Slack.")
        if link.browser != digest(browser):
            raise Gone(_ELSEWHERE)
        state = secrets.token_urlsafe(32)
        leaving = entrance.leaving(link, back=self.back(plugin), state=self._seal.sealed(state))
        self._sent(link, browser, state, {"step": _AT_SERVICE, **leaving.kept})
        return link, entrance, leaving

    def came_back(
        self, plugin: str, state: str, browser: str, *, code: str, error: str = "", issuer: str = ""
    ) -> tuple[Link, str, Connected]:
        """They came back from the service: connected, and what it is called. The link is used up in any case.

        Raises `Gone`, `Declined`, and what the service or the plugin's check raise: nothing is kept then.
        """
        link, kept = self._came_back(state, browser, _AT_SERVICE, close=True)
        entrance = self._entrance(link)
        if link.plugin != plugin or entrance is None:
            raise Gone("This answer is of another service.")
        if error or not code:
            entrance.declined(kept)
            raise Declined(
                f"{entrance.title} was not connected: you said no there, or it did not allow it ({error})."
            )
        made = entrance.connected(link, kept, back=self.back(plugin), code=code, issuer=issuer)
        return link, entrance.title, made

    def back(self, plugin: str) -> str:
        """The address to be registered at the service."""
        return f"{self._url}/connect/{plugin}/callback"

    def description(self, name: str) -> dict[str, object] | None:
        """What an authorization server is told of us, where it knows clients by the address of such a document."""
        if not slug_of(name) or not self.is_secure:
            return None
        return {
            "client_id": f"{self._url}/connect/{name}/client.json",
            "client_name": "Cowork",
            "redirect_uris": [self.back(name)],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "application_type": "web",
        }

    @property
    def slack_back(self) -> str:
        """The address to be registered at Slack."""
        return f"{self._url}/connect/sign-in/callback"

    @property
    def is_secure(self) -> bool:
        return self._url.startswith("https://")

    def origins(self, entrance: Entrance) -> tuple[str, ...]:
        """Where the page's buttons lead."""
        slack = (origin_of(self.slack.authorize),) if self.slack is not None else ()
        return (*entrance.origins, *slack)

    def _entrance(self, link: Link) -> Entrance | None:
        if slug_of(link.plugin):
            return self.servers.entrance(link.person.team, link.plugin)
        plugin = self._connections.plugins.get(link.plugin)
        way = plugin.way(link.way) if plugin is not None else None
        if plugin is None or not isinstance(way, OAuth):
            return None
        return Service(
            plugin=plugin, way=way, given=self._given, clock=self._clock, connecting=self._connecting
        )

    def _check_server(self, person: Person, name: str, per: Per, *, is_admin: bool) -> None:
        entrance = self.servers.entrance(person.team, name)
        if entrance is None:
            raise NotAllowed("There is no such connector here, or nobody signs in to it.")
        if not self._seal.keys:
            raise NotConfigured(NO_KEY)
        if per is Per.TEAM and not is_admin:
            raise NotAllowed(ADMINS_ONLY.format(title=entrance.title))

    def _sent(self, link: Link, browser: str, state: str, kept: Mapping[str, str]) -> None:
        """`state` goes with them, signed by us, and must come back: the database knows it by its digest only."""
        with self._database.write("link.send") as session:
            self._open(session, link, browser)
            links.send(session, link, state, self._seal.sealed(json.dumps(dict(kept))))

    def _came_back(
        self, state: str, browser: str, step: str, *, close: bool
    ) -> tuple[Link, Mapping[str, str]]:
        """Raises `Gone` for what was not sent by us, to this browser, for this, just now. It counts once."""
        with self._database.write("link.back") as session:
            found = links.came_back(session, self._seal, self._unsigned(state), now=self._clock())
            if found is not None and close:
                links.close(session, found[0])
        if found is None:
            raise Gone("This answer was used before, or came too late.")
        link, kept = found
        if kept.get("step") != step or link.browser != digest(browser):
            raise Gone("This answer belongs to another browser.")
        return link, kept

    def _unsigned(self, state: str) -> str:
        try:
            return self._seal.opened(state)
        except NotConfigured:
            raise Gone("This answer is not of a link of ours.") from None

    def _open(self, session: Session, link: Link, browser: str) -> None:
        if not links.open_in(session, link, browser):
            raise Gone(_ELSEWHERE)


def _hashed(nonce: str, digits: str) -> str:
    """Without the link itself nobody finds the digits by trying all of them."""
    return digest(f"{nonce} {digits}")
