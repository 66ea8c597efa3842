"""Every connection of this process, on the loop: made for a call, kept for the next, let go when idle."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.connectors import troubles
from bot.connectors.attempt import Attempt
from bot.connectors.given import Given, Secret
from bot.connectors.noticed import Noticed
from bot.connectors.owner import Owner
from bot.connectors.sandbox import Sandbox
from bot.connectors.way import Way
from bot.domain.clock import Clock
from bot.domain.connector import Condition, Connector, Era, Transport
from bot.domain.person import Person
from bot.errors import NotAllowed, SignInNeeded

if TYPE_CHECKING:
    import httpx2
    from mcp import Client

    from bot.connectors.floor import Floor
    from bot.connectors.listing import Listing
    from bot.connectors.news import News

T = TypeVar("T")

_IDLE_SECONDS: Final = 600.0
_LOOK_EVERY: Final = 30.0


@dataclass(frozen=True)
class Key:
    """Whose connection: everybody's of a workspace (`user` ""), or one person's."""

    team: str
    user: str
    slug: str

    @classmethod
    def of(cls, connector: Connector, person: Person) -> Key:
        return cls(person.team, person.user if connector.is_personal else "", connector.slug)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What all connectors are opened under (see `Hub`)."""

    secret: Secret
    sandbox: Sandbox
    may_open: Callable[[Connector], None]
    inside: Callable[[str], bool]
    auth: Callable[[Connector, Person], httpx2.Auth | None]
    callbacks: Callable[[Connector, Person], Mapping[str, Any]]
    era: Callable[[Connector], Era]
    changed: Callable[[Connector, Person], None]
    clock: Clock
    elapsed: Callable[[], float]
    patience: float


@dataclass(kw_only=True)
class Held:
    """One connection, and what is known of it."""

    connector: Connector
    owner: Owner
    floor: Floor
    news: News
    listing: Listing
    noticed: Noticed = field(default_factory=Noticed)
    way: Way = field(default_factory=Way)


class Connections:
    """All but `found`, `anybodys` and `all` is for the loop alone."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._held: dict[Key, Held] = {}
        self._endings: set[asyncio.Task[None]] = set()
        self._next_look: asyncio.TimerHandle | None = None

    def found(self, key: Key) -> Held | None:
        return self._held.get(key)

    def all(self) -> list[Held]:
        return list(self._held.values())

    def anybodys(self, team: str, slug: str) -> Held | None:
        """Of those to which everyone signs in for themselves the one that needs it most."""
        there = [held for key, held in list(self._held.items()) if (key.team, key.slug) == (team, slug)]
        return max(there, key=lambda held: isinstance(held.noticed.refused, SignInNeeded), default=None)

    async def asked(
        self,
        connector: Connector,
        person: Person,
        ask: Callable[[Client, Attempt], Awaitable[T]],
        attempt: Attempt,
    ) -> T:
        held = self._holding(connector, person)
        try:
            return await held.owner.call(lambda client: ask(client, attempt), attempt)
        except Exception as error:
            if troubles.is_forgotten(error):
                held.owner.drop()
            raise troubles.of_call(error, connector, held.owner, held.noticed, attempt) from error

    async def let_go(self, wanted: Callable[[Key], bool]) -> None:
        """They end for good; a call that is under way there ends as one that was lost."""
        owners = [self._held.pop(key).owner for key in list(self._held) if wanted(key)]
        await asyncio.gather(*(owner.end() for owner in owners))

    async def barred(self) -> None:
        """Those that may not be opened any more end for good, whoever took them off the list."""
        blocked = await asyncio.to_thread(self._blocked)
        await self.let_go(blocked.__contains__)

    async def rested(self) -> None:
        """Those that nobody used for a while are stopped until the next call."""
        await self.barred()
        idle = [held.owner for held in self._held.values() if held.owner.idle_seconds >= _IDLE_SECONDS]
        await asyncio.gather(*(owner.rest() for owner in idle))

    async def ended(self) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
        await self.let_go(lambda _: True)
        await asyncio.gather(*self._endings)
        self._terms.sandbox.close()

    def _blocked(self) -> set[Key]:
        """Of those that run: it asks the database."""
        found = set()
        for key, held in list(self._held.items()):
            if held.owner.condition in (Condition.READY, Condition.CONNECTING):
                try:
                    self._terms.may_open(held.connector)
                except NotAllowed:
                    found.add(key)
        return found

    def _holding(self, connector: Connector, person: Person) -> Held:
        key = Key.of(connector, person)
        held = self._held.get(key)
        if held is not None and held.connector != connector:
            self._aside(held.owner.end())  # it was changed since it was opened
            held = None
        if held is None:
            held = self._held[key] = self._made(connector, person)
        if self._next_look is None:
            self._look_later()
        return held

    def _made(self, connector: Connector, person: Person) -> Held:
        from bot.connectors.floor import Floor
        from bot.connectors.listing import Listing
        from bot.connectors.news import News

        terms = self._terms
        floor, listing = Floor(connector), Listing(terms.elapsed)
        news = News(connector, listing, lambda: terms.changed(connector, person))
        way, noticed = Way(era=terms.era(connector)), Noticed()

        @contextlib.asynccontextmanager
        async def opened(gone: Callable[[], None]) -> AsyncIterator[Client]:
            from bot.connectors import opening

            # What is asked for here may wait for the database, which the loop does not.
            await asyncio.to_thread(terms.may_open, connector)
            given = await asyncio.to_thread(Given, connector, terms.secret)
            auth = terms.auth(connector, person)
            noticed.signed_by(auth)
            noticed.confinement = await asyncio.to_thread(_confinement, terms.sandbox, connector)
            callbacks = {**floor.callbacks(), **news.callbacks(), **terms.callbacks(connector, person)}
            reach = opening.Reach(
                given=given, noticed=noticed, sandbox=terms.sandbox, inside=terms.inside, auth=auth
            )
            try:
                async with opening.opened(reach, callbacks, way, gone) as client, news.heard(client):
                    yield client
            except Exception:
                if noticed.refused is not None:
                    raise noticed.refused from None
                raise

        owner = Owner(
            opened,
            slots=connector.slots,
            patience=terms.patience,
            clock=terms.clock,
            elapsed=terms.elapsed,
        )
        return Held(
            connector=connector,
            owner=owner,
            floor=floor,
            news=news,
            listing=listing,
            noticed=noticed,
            way=way,
        )

    def _look_later(self) -> None:
        self._next_look = asyncio.get_running_loop().call_later(_LOOK_EVERY, self._look)

    def _look(self) -> None:
        self._aside(self.rested())
        self._look_later()

    def _aside(self, ending: Awaitable[None]) -> None:
        task = asyncio.ensure_future(ending)
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)


def _confinement(sandbox: Sandbox, connector: Connector) -> str:
    return sandbox.confinement(connector) if connector.transport is Transport.STDIO else ""
