"""What the tests of sign-ins share: a front with its pages, a connector to a remote server, and calls to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from bot.connectors.bearer import Bearer
from bot.connectors.entrance import ServerEntrance
from bot.connectors.guarded import Guard
from bot.connectors.logins import Logins
from bot.connectors.portal import Portal
from bot.connectors.signed_in import SignIns
from bot.domain.connected import name_of
from bot.domain.connector import Connector, Transport, origin
from bot.domain.person import Person
from bot.sdk.connect import Per
from bot.services.linking import Linking
from bot.store.database import Database
from tests.services.accounts import ANA, SEAL, Accounts, accounts
from tests.services.browser import Browser, Front, front

NOTES = name_of("notes")


@dataclass(kw_only=True)
class Signing:
    """One process: `inside` are the origins that the operator approved."""

    of: Accounts
    at: Front
    connector: Connector
    sign_ins: SignIns
    logins: Logins
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

    def bearer(self, person: Person = ANA) -> Bearer:
        return Bearer(self.connector, person, sign_ins=self.sign_ins, http=self.http, clock=self.of.clock)

    def http(self, auth: httpx2.Auth | None = None) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=Guard(self.inside.__contains__), auth=auth, timeout=10)

    async def called(self, bearer: Bearer) -> str:
        """What the tool says, over a connection of its own; why not, where it was refused."""
        async with self.http(bearer) as http:
            try:
                async with Client(streamable_http_client(self.connector.url, http_client=http)) as client:
                    answer = await client.call_tool("first_note", {})
            except Exception:
                if bearer.trouble is not None:
                    raise bearer.trouble from None
                raise
        return str(getattr(answer.content[0], "text", ""))

    def call(self, person: Person = ANA) -> str:
        return asyncio.run(self.called(self.bearer(person)))

    def restarted(self) -> Signing:
        """Another process, over the same database."""
        of = accounts(Database(self.of.database.url), clock=self.of.clock)
        return Signing(
            of=of,
            at=self.at,
            connector=self.connector,
            sign_ins=_sign_ins(of),
            logins=self.logins,
            inside=self.inside,
        )


@contextmanager
def signing(database: Database, connector: Connector) -> Iterator[Signing]:
    of, portal = accounts(database), Portal()
    with front(of) as at:
        inside = {origin(connector.url)}
        made = Signing(
            of=of,
            at=at,
            connector=connector,
            sign_ins=_sign_ins(of),
            logins=Logins(
                portal,
                inside=inside.__contains__,
                secret=lambda name: name,
                clock=of.clock,
            ),
            inside=inside,
        )
        serve(at.linking, made)
        yield made
        made.logins.close()
    portal.close()


def serve(linking: Linking, made: Signing) -> None:
    linking.server = lambda team, name: (
        ServerEntrance(connector=made.connector, logins=made.logins, sign_ins=made.sign_ins)
        if (team, name) == ("T1", NOTES)
        else None
    )


def notes(address: str, *, is_personal: bool = True) -> Connector:
    return Connector(
        slug="notes", title="Notes", transport=Transport.HTTP, url=address, is_personal=is_personal
    )


def _sign_ins(of: Accounts) -> SignIns:
    return SignIns(
        of.database,
        seal=SEAL,
        clock=of.clock,
        veil=of.veil,
        told=lambda session, what: of.happened.append(what),
    )
