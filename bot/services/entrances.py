"""What people sign in to on a page that is not ours: a plugin's service, or the server of a connector."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.clock import Clock
from bot.domain.connected import Connected, slug_of
from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.sdk.connect import OAuth, Per
from bot.sdk.plugin import Plugin
from bot.services import addresses, authorization
from bot.services.addresses import Given
from bot.services.connecting import Connecting
from bot.store.links import Link


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Where they go, and what we need again when they come back.

    `host` is where they sign in, where that was not known before: they are told of it before they go.
    """

    url: str
    kept: Mapping[str, str]
    host: str = ""
    asked: tuple[str, ...] = ()


class Entrance(Protocol):
    """As the pages need it. `origins` are where the buttons of our first page lead, `asked` the scopes by name."""

    @property
    def title(self) -> str: ...

    @property
    def origins(self) -> tuple[str, ...]: ...

    def access(self, link: Link) -> str:
        """What I may do there afterwards, in a sentence or two."""

    def asked(self, link: Link) -> tuple[str, ...]: ...

    def leaving(self, link: Link, *, back: str, state: str) -> Leaving:
        """Raises what hinders them, such as `NotConfigured` and `Unavailable`."""

    def connected(
        self, link: Link, kept: Mapping[str, str], *, back: str, code: str, issuer: str
    ) -> Connected:
        """They came back with a code: what is kept. Raises what was refused; nothing is kept then."""

    def declined(self, kept: Mapping[str, str]) -> None:
        """They came back without one."""


class Servers(Protocol):
    """The connectors whose servers people sign in to. `name` is what `bot.domain.connected.name_of` gives."""

    def entrance(self, team: str, name: str) -> Entrance | None:
        """None where there is no such connector, or nobody signs in to it."""

    def title(self, team: str, name: str) -> str:
        """As people call it."""

    def per(self, team: str, name: str) -> Per:
        """Whose sign-in it takes. Raises `NotAllowed` where there is none."""

    def sign_out(self, person: Person, name: str, *, is_admin: bool) -> str:
        """What the person is told. Raises `NotAllowed`."""


class NoServers:
    """Where there are no connectors."""

    def entrance(self, team: str, name: str) -> Entrance | None:
        return None

    def title(self, team: str, name: str) -> str:
        return slug_of(name)

    def per(self, team: str, name: str) -> Per:
        raise NotAllowed(f"There is no connector {slug_of(name)} here (any more).")

    def sign_out(self, person: Person, name: str, *, is_admin: bool) -> str:
        return self.per(person.team, name)


@dataclass(frozen=True, kw_only=True)
class Service:
    """Of a plugin: where and for what is in its declaration, and the operator registered an app there."""

    plugin: Plugin
    way: OAuth
    given: Given = field(repr=False)
    clock: Clock
    connecting: Connecting

    @property
    def title(self) -> str:
        return self.plugin.title

    @property
    def origins(self) -> tuple[str, ...]:
        return (origin_of(addresses.address(self.way.authorize, self.plugin, self.given)),)

    def access(self, link: Link) -> str:
        """Where the sign-in names no rights, those of the app that the operator registered hold."""
        if not self.way.write:
            return (
                f"Cowork will work in {self.title} with your rights, as far as its app has them there, too. "
                "What of that it uses is chosen in Slack: at first it only reads."
            )
        if link.writes:
            return (
                f"Cowork asks to read and to write in {self.title}. What it writes there is shown to a person before "
                "it happens, unless they switched that off."
            )
        return f"Cowork asks to read in {self.title}. It will not be able to change anything there."

    def asked(self, link: Link) -> tuple[str, ...]:
        return self.way.read + self.way.write if link.writes else self.way.read

    def leaving(self, link: Link, *, back: str, state: str) -> Leaving:
        verifier = secrets.token_urlsafe(48)
        page = authorization.page(
            self.plugin,
            self.way,
            self.given,
            writes=link.writes,
            back=back,
            state=state,
            verifier=verifier,
        )
        return Leaving(url=page, kept={"verifier": verifier})

    def connected(
        self, link: Link, kept: Mapping[str, str], *, back: str, code: str, issuer: str
    ) -> Connected:
        got = authorization.got(
            self.plugin,
            self.way,
            self.given,
            code=code,
            back=back,
            verifier=kept["verifier"],
            asked=authorization.wanted(self.way, writes=link.writes),
            now=self.clock(),
        )
        return self.connecting.keep(link.person, self.plugin, link.way, link.per, got)

    def declined(self, kept: Mapping[str, str]) -> None:
        """There is nothing to take back."""


def origin_of(url: str) -> str:
    return "/".join(url.split("/")[:3])
