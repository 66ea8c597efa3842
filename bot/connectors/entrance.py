"""Where people sign in to a connector's server, as the pages of a link need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.connectors.logins import Logins
from bot.connectors.signed_in import SignIns
from bot.domain.connected import Connected
from bot.domain.connector import Connector, origin
from bot.domain.person import Person
from bot.sdk.connect import Per
from bot.services.entrances import Leaving
from bot.services.linking import Gone
from bot.store.links import Link


@dataclass(frozen=True, kw_only=True)
class ServerEntrance:
    """Who signs in, where and for what is the server's to say, and found out as they go."""

    connector: Connector
    logins: Logins
    sign_ins: SignIns
    made: Callable[[Connector, Person], None] = lambda connector, person: None
    origins: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.connector.title

    def access(self, link: Link) -> str:
        rights = (
            "your rights" if self.connector.is_personal else "the rights of who signs in now, for everybody"
        )
        return (
            f"Cowork will use {self.title} ({origin(self.connector.url)}) with {rights}. "
            "Which of its tools I may call is chosen in Slack."
        )

    def asked(self, link: Link) -> tuple[str, ...]:
        """Known only once the server was asked, as they go."""
        return ()

    def leaving(self, link: Link, *, back: str, state: str) -> Leaving:
        self._check(link)
        held = self.sign_ins.of(self.connector, link.person)
        begun = self.logins.begun(self.connector, held, back=back)
        return Leaving(
            url=begun.with_state(state), kept={"login": begun.id}, host=begun.host, asked=begun.scopes
        )

    def connected(
        self, link: Link, kept: Mapping[str, str], *, back: str, code: str, issuer: str
    ) -> Connected:
        self._check(link)
        grant = self.logins.done(kept["login"], self.connector, code=code, issuer=issuer)
        kept_now = self.sign_ins.keep(self.connector, link.person, grant)
        self.made(self.connector, link.person)
        return kept_now

    def declined(self, kept: Mapping[str, str]) -> None:
        self.logins.given_up(kept["login"])

    def _check(self, link: Link) -> None:
        """The connector may have been changed since the link was made, and whose sign-in it takes."""
        if self.connector.is_personal != (link.per is Per.PERSON):
            raise Gone(f"{self.title} was changed meanwhile.")
