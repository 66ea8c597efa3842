"""What the tests of sign-ins share: a front with its pages, a connector to a remote server, and calls to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.connectors.hub import Hub
from bot.connectors.signed_in import SignIns
from bot.connectors.signing import Signing
from bot.domain.connected import name_of
from bot.domain.connector import Connector, Transport, origin
from bot.domain.person import Person
from bot.sdk.connect import Per
from bot.sdk.halt import Halt
from bot.store.database import Database
from tests.services.accounts import ANA, SEAL, Accounts, accounts
from tests.services.browser import Browser, Front, front

NOTES = name_of("notes")


@dataclass(kw_only=True)
class Remoting:
    """One process, with a connector to notes. `inside` are the origins that the operator opened besides."""

    of: Accounts
    at: Front
    connector: Connector
    signing: Signing
    hub: Hub
    inside: set[str]

    def link(self, person: Person = ANA) -> str:
        per = Per.PERSON if self.connector.is_personal else Per.TEAM
        return self.at.linking.link_for(person, NOTES, "mcp", per, is_admin=True, workspace="Acme")

    def shown(self, browser: Browser, person: Person = ANA) -> str:
        """The page that names where they sign in."""
        link = self.link(person)
        browser.press(link, "code")
        return browser.press(link, "digits", digits=self.at.code(person))

    def signed_in(self, browser: Browser, person: Person = ANA) -> str:
        self.shown(browser, person)
        return browser.open(browser.way_on)

    def call(self, person: Person = ANA) -> str:
        return self.hub.call(self.connector, person, "first_note", {}, halt=Halt()).text

    @contextmanager
    def restarted(self) -> Iterator[Remoting]:
        """Another process over the same database, where everything is anew but what was kept."""
        with process(Database(self.of.database.url), self.connector, at=self.at, of=self.of) as made:
            yield made
            made.of.database.close()


@contextmanager
def remoting(database: Database, connector: Connector) -> Iterator[Remoting]:
    of = accounts(database)
    with front(of) as at, process(database, connector, at=at, of=of) as made:
        at.linking.servers = made.signing
        yield made


@contextmanager
def process(database: Database, connector: Connector, *, at: Front, of: Accounts) -> Iterator[Remoting]:
    of = accounts(database, clock=of.clock) if database is not of.database else of
    inside = {origin(connector.url)}
    signing = Signing(
        SignIns(
            database,
            seal=SEAL,
            clock=of.clock,
            veil=of.veil,
            told=lambda session, what: of.happened.append(what),
        ),
        known=lambda team, slug: made.connector if (team, slug) == ("T1", "notes") else None,
        secret=_secret,
        inside=inside.__contains__,
        clock=of.clock,
        public_url=at.url,
    )
    hub = Hub(secret=_secret, inside=inside.__contains__, auth=signing.auth, clock=of.clock)
    made = Remoting(of=of, at=at, connector=connector, signing=signing, hub=hub, inside=inside)
    yield made
    hub.close()
    signing.close()


def notes(address: str, *, is_personal: bool = True) -> Connector:
    return Connector(
        slug="notes", title="Notes", transport=Transport.HTTP, url=address, is_personal=is_personal
    )


def _secret(name: str) -> str:
    return f"the value of {name}"
