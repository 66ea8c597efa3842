"""From a button in Slack to a connection: a link of ours, who has it, the service's page, and back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.clock import Clock
from bot.domain.connected import Connected
from bot.domain.person import Person
from bot.errors import NotAllowed, NotConfigured
from bot.sdk.connect import OAuth, Per
from bot.sdk.plugin import Plugin
from bot.services import addresses, authorization
from bot.services.addresses import Given
from bot.services.connecting import Connecting
from bot.services.connections import Connections
from bot.services.slack_sign_in import SlackSignIn
from bot.store import links
from bot.store.database import Database, Session
from bot.store.links import Link, digest
from bot.store.sealing import Seal

LIFE = timedelta(minutes=10)
_WITH_SLACK = "slack"
_AT_SERVICE = "service"


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
    plugin: Plugin
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

    def link(self, plugin: str, nonce: str) -> tuple[Link, Plugin, OAuth]:
        """What it is for. Raises `Gone`."""
        with self._database.read() as session:
            found = links.of(session, nonce, now=self._clock())
        if found is None or found.plugin != plugin or plugin not in self._connections.plugins:
            raise Gone("This link was used, or its ten minutes are over.")
        known = self._connections.plugins[plugin]
        way = known.way(found.way)
        if not isinstance(way, OAuth):
            raise Gone(f"{known.title} cannot be connected this way any more.")
        return found, known, way

    def code(self, plugin: str, nonce: str, browser: str) -> Code | None:
        """The digits to be told in Slack; None when they were before. From now on this browser alone goes on."""
        link, known, _ = self.link(plugin, nonce)
        digits = f"{secrets.randbelow(1_000_000):06}"
        with self._database.write("link.code") as session:
            self._open(session, link, browser)
            is_first = links.set_code(session, link, _hashed(nonce, digits))
        return Code(person=link.person, plugin=known, digits=digits) if is_first else None

    def try_code(self, plugin: str, nonce: str, browser: str, digits: str) -> bool:
        """Whether these were the digits: then they are known here. Raises `Gone` after five tries."""
        link, _, _ = self.link(plugin, nonce)
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
        link, _, _ = self.link(plugin, nonce)
        if self.slack is None:
            raise NotConfigured("Signing in with Slack is not set up: SLACK_CLIENT_ID is not set.")
        state = self._sent(link, browser, {"step": _WITH_SLACK, "nonce": nonce})
        return self.slack.page(back=self.slack_back, state=state, team=link.person.team)

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

    def page(self, plugin: str, nonce: str, browser: str) -> str:
        """Where the service asks whether they allow it. Raises `Gone` for whoever is not known here."""
        link, known, way = self.link(plugin, nonce)
        if not link.is_known:
            raise Gone("It is not known who you are in Slack.")
        verifier = secrets.token_urlsafe(48)
        state = self._sent(link, browser, {"step": _AT_SERVICE, "verifier": verifier})
        return authorization.page(
            known,
            way,
            self._given,
            writes=link.writes,
            back=self.back(plugin),
            state=state,
            verifier=verifier,
        )

    def came_back(
        self, plugin: str, state: str, browser: str, *, code: str, error: str = ""
    ) -> tuple[Link, Connected]:
        """They came back from the service: connected. The link is used up, whatever comes of it.

        Raises `Gone`, `Declined`, and what the service or the plugin's check raise: nothing is kept then.
        """
        link, kept = self._came_back(state, browser, _AT_SERVICE, close=True)
        known = self._connections.plugins.get(plugin)
        way = known.way(link.way) if known is not None else None
        if link.plugin != plugin or known is None or not isinstance(way, OAuth):
            raise Gone("This answer is of another service.")
        if error or not code:
            raise Declined(
                f"{known.title} was not connected: you said no there, or it did not allow it ({error})."
            )
        got = authorization.got(
            known,
            way,
            self._given,
            code=code,
            back=self.back(plugin),
            verifier=kept["verifier"],
            asked=authorization.wanted(way, writes=link.writes),
            now=self._clock(),
        )
        return link, self._connecting.keep(link.person, known, link.way, link.per, got)

    def title(self, plugin: str) -> str:
        """As people call it."""
        return self._connections.plugin(plugin).title

    def back(self, plugin: str) -> str:
        """The address to be registered at the service."""
        return f"{self._url}/connect/{plugin}/callback"

    @property
    def slack_back(self) -> str:
        """The address to be registered at Slack."""
        return f"{self._url}/connect/sign-in/callback"

    @property
    def is_secure(self) -> bool:
        return self._url.startswith("https://")

    def origins(self, plugin: Plugin, way: OAuth) -> tuple[str, ...]:
        """Where the page's buttons lead."""
        pages = [addresses.address(way.authorize, plugin, self._given)]
        pages += [self.slack.authorize] if self.slack is not None else []
        return tuple("/".join(page.split("/")[:3]) for page in pages)

    def _sent(self, link: Link, browser: str, kept: Mapping[str, str]) -> str:
        """What goes with them and must come back: signed by us, and known to the database by its digest only."""
        state = secrets.token_urlsafe(32)
        with self._database.write("link.send") as session:
            self._open(session, link, browser)
            links.send(session, link, state, self._seal.sealed(json.dumps(dict(kept))))
        return self._seal.sealed(state)

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
            raise Gone("This link goes on in another browser.")


def _hashed(nonce: str, digits: str) -> str:
    """Without the link itself nobody finds the digits by trying all of them."""
    return digest(f"{nonce} {digits}")
