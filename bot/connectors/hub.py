"""The hub: every connector of this process, asked from any thread; a server is started by the first call."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from bot.connectors import outcomes, troubles
from bot.connectors.attempt import Attempt
from bot.connectors.calls import Asked, Calls, Middle, changes, noted
from bot.connectors.connections import Connections, Held, Key, Terms
from bot.connectors.portal import Ask, GivenUp, Portal
from bot.connectors.sandbox import Sandbox
from bot.domain.clock import Clock, system_clock
from bot.domain.connector import (
    Answer,
    Catalogue,
    Condition,
    Connector,
    Definition,
    Era,
    Health,
    Heard,
    Page,
)
from bot.domain.person import Person
from bot.errors import CoworkError, Halted, LeftRunning, SignInNeeded
from bot.sdk.halt import Halt

if TYPE_CHECKING:
    import httpx2
    from mcp import Client

T = TypeVar("T")


class Hub:
    """What all connectors are opened under:

    `secret` gives the value of a secret by its name, and raises `NotConfigured` for one that there is not. `may_open`
    is asked at every start, and raises `NotAllowed`. `inside`: whether an origin other than the connector's own may be
    on this machine. `auth` signs the requests to a remote server, or raises `SignInNeeded`. `callbacks` are keywords
    of `mcp.Client`: what the server may ask of us. `era` is the protocol found at its last start, in any process.
    `changed` is called, in a thread of its own, when a server says that what it offers is another now.
    `elapsed` are seconds that nobody can set; `patience` the seconds that a start may take.
    """

    def __init__(
        self,
        *,
        secret: Callable[[str], str],
        may_open: Callable[[Connector], None] = lambda _: None,
        inside: Callable[[str], bool] = lambda _: False,
        auth: Callable[[Connector, Person], httpx2.Auth | None] = lambda *_: None,
        callbacks: Callable[[Connector, Person], Mapping[str, Any]] = lambda *_: {},
        era: Callable[[Connector], Era] = lambda _: Era.UNKNOWN,
        sandbox: Sandbox | None = None,
        changed: Callable[[Connector, Person], None] = lambda *_: None,
        clock: Clock = system_clock,
        elapsed: Callable[[], float] = time.monotonic,
        patience: float = 30.0,
    ) -> None:
        self._portal = Portal()
        self._connections = Connections(
            Terms(
                secret=secret,
                sandbox=sandbox or Sandbox(),
                may_open=may_open,
                inside=inside,
                auth=auth,
                callbacks=callbacks,
                era=era,
                changed=changed,
                clock=clock,
                elapsed=elapsed,
                patience=patience,
            )
        )
        self._calls = Calls(self._connections)

    def ask(
        self,
        connector: Connector,
        person: Person,
        ask: Callable[[Client, Attempt], Awaitable[T]],
        *,
        halt: Halt,
        is_read: bool = False,
        seconds: float | None = None,
    ) -> T:
        """What `ask` gives, once: it is never repeated by us. Every way to a server leads through here.

        Raises `ToolError` for what the server refused, `Unavailable` where it cannot be reached (`nothing_done` when
        the call was never sent), `SignInNeeded`, `NotAllowed`, `Halted`, and `LeftRunning` where nobody knows what it
        did, which cannot be with what only reads.
        """
        attempt = Attempt(seconds or connector.timeout, is_read=is_read)
        return self._run(
            connector, attempt, lambda: self._connections.asked(connector, person, ask, attempt), halt
        )

    def call(
        self,
        connector: Connector,
        person: Person,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        halt: Halt,
        heard: Heard = lambda *_: None,
        is_read: bool = False,
        middle: Middle = Middle(),
        accepted: Definition | None = None,
    ) -> Answer:
        """Call a tool by the server's own name for it; as `ask`. An answer that asks something is gone on with by the
        same call, with the replies in `middle`. Raises `NotAsAccepted` where the same connection does not offer it as
        it was `accepted`: then it was not called.
        """
        asked = Asked(tool=tool, arguments=arguments, heard=heard, middle=middle, accepted=accepted)
        attempt = Attempt(connector.timeout, is_read=is_read)
        return self._run(
            connector, attempt, lambda: self._calls.made(connector, person, asked, attempt), halt
        )

    def look(self, connector: Connector, person: Person, *, halt: Halt | None = None) -> Catalogue:
        """What it offers now, by real calls."""
        from bot.connectors.looking import catalogue

        key = Key.of(connector, person)

        async def looked(client: Client, attempt: Attempt) -> Catalogue:
            held = self._held(key)
            held.noticed.dropped.clear()
            found = await catalogue(client)
            return replace(found, era=held.way.era, dropped=tuple(held.noticed.dropped.items()))

        return self.ask(connector, person, looked, halt=halt or Halt(), is_read=True)

    def resources(self, connector: Connector, person: Person, cursor: str = "", *, halt: Halt) -> Page:
        """Those behind a cursor that it gave before."""
        from bot.connectors.looking import page

        return self.ask(connector, person, lambda client, _: page(client, cursor), halt=halt, is_read=True)

    def read(self, connector: Connector, person: Person, uri: str, *, halt: Halt, reader: str = "") -> Answer:
        """A resource of this server, by its address there; nothing else is ever asked for it. Whoever reads it is
        told, with their next answer, that it was changed since.
        """
        from bot.connectors.reading import read

        key = Key.of(connector, person)

        async def watched(client: Client, _: Attempt) -> Answer:
            news = self._held(key).news
            changed = news.since(reader)
            if reader:
                await news.read(client, reader, uri)
            return noted(await read(client, uri), changes([one for one in changed if one != uri]))

        return self.ask(connector, person, watched, halt=halt, is_read=True)

    def health(self, connector: Connector, person: Person) -> Health:
        """How it fares in this process; nothing is asked of it. For nobody (`user` ""): as anybody's fares."""
        held = self._connections.found(Key.of(connector, person))
        if held is None and connector.is_personal and not person.user:
            held = self._connections.anybodys(person.team, connector.slug)
        if held is None:
            return Health()
        owner, noticed = held.owner, held.noticed
        trouble = noticed.refused or owner.trouble
        return Health(
            condition=Condition.SIGN_IN if isinstance(trouble, SignInNeeded) else owner.condition,
            trouble="" if trouble is None else troubles.said(trouble, noticed),
            next_try=owner.next_try,
            last_success=owner.last_success,
            restarts=max(0, owner.starts - 1),
            stderr=noticed.stderr,
            confinement=noticed.confinement,
        )

    def conditions(self) -> Mapping[Condition, int]:
        """How many connections of this process fare how."""
        return Counter(held.owner.condition for held in self._connections.all())

    def reconnect(self, connector: Connector, person: Person, *, halt: Halt | None = None) -> Catalogue:
        """Stopped, whatever its state, and started anew by a look at it."""
        self._let_go(lambda key: key == Key.of(connector, person))
        return self.look(connector, person, halt=halt)

    def forget(self, team: str, slug: str) -> None:
        """Every connection of it ends: it was changed, switched off or removed. The next call starts what then is."""
        self._let_go(lambda key: (key.team, key.slug) == (team, slug))

    def bar(self) -> None:
        """What may not be opened any more ends now; done by itself every half minute."""
        if self._portal.is_running:
            self._portal.call(self._connections.barred, halt=Halt())

    def rest(self) -> None:
        """Stop what nobody used for ten minutes; done by itself every half minute."""
        if self._portal.is_running:
            self._portal.call(self._connections.rested, halt=Halt())

    def close(self) -> None:
        """Every server is stopped, and what it started, within seconds."""
        if self._portal.is_running:
            with contextlib.suppress(GivenUp):
                self._portal.call(self._connections.ended, halt=Halt())
        self._portal.close()

    def _held(self, key: Key) -> Held:
        """For a call that is made by this very connection."""
        held = self._connections.found(key)
        assert held is not None
        return held

    def _run(self, connector: Connector, attempt: Attempt, ask: Callable[[], Ask[T]], halt: Halt) -> T:
        with outcomes.counted():
            try:
                return self._portal.call(ask, halt=halt)
            except GivenUp:
                raise _given_up(connector, attempt) from None

    def _let_go(self, wanted: Callable[[Key], bool]) -> None:
        if self._portal.is_running:
            self._portal.call(lambda: self._connections.let_go(wanted), halt=Halt())


def _given_up(connector: Connector, attempt: Attempt) -> CoworkError:
    if attempt.is_harmless or not attempt.is_sent:
        return Halted("The call was stopped while it ran; nothing was changed.")
    return LeftRunning(
        f"The call of {connector.title} was cancelled in its middle. What it did is not known."
    )
