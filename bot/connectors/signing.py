"""Signing in to servers of connectors, put together: what signs their requests, where people go, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot import crossing
from bot.connectors.given import Secret
from bot.connectors.portal import Portal
from bot.connectors.signed_in import SignedIn, SignIns, owner
from bot.domain.clock import Clock
from bot.domain.connected import TEAM, name_of, slug_of
from bot.domain.connector import Connector
from bot.domain.person import Person
from bot.errors import CoworkError, NotAllowed, NotConfigured
from bot.sdk.connect import Per
from bot.sdk.halt import Halt

if TYPE_CHECKING:
    import httpx2

    from bot.connectors.logins import Logins
    from bot.services.entrances import Entrance

Known = Callable[[str, str], Connector | None]
"""The connector of a team by its slug, None where there is none (any more) that may be used."""


class Signing:
    """`public_url` is where browsers reach us; `inside` and `secret` are as the hub has them.

    `made` hears of a sign-in that was just made, behind it: what the server offers can be looked at now.
    """

    def __init__(
        self,
        sign_ins: SignIns,
        *,
        known: Known,
        secret: Secret,
        inside: Callable[[str], bool] = lambda _: False,
        clock: Clock,
        public_url: str,
        made: Callable[[Connector, Person], None] = lambda connector, person: None,
    ) -> None:
        self._sign_ins = sign_ins
        self._known = known
        self._secret = secret
        self._inside = inside
        self._clock = clock
        self._url = public_url.rstrip("/")
        self._has_made = made
        self._portal = Portal()
        self._lock = threading.Lock()
        self._made: Logins | None = None

    def auth(self, connector: Connector, person: Person) -> httpx2.Auth | None:
        """For the hub: None for a server of this machine, and for one that is given a token by its headers."""
        if connector.issuer:
            from bot.connectors.itself import Itself

            learn = partial(self._sign_ins.hide, connector)
            return Itself(connector, secret=self._secret, learn=learn)
        if not connector.takes_sign_in:
            return None
        from bot.connectors.bearer import Bearer

        return Bearer(
            connector,
            person,
            sign_ins=self._sign_ins,
            http=lambda: _http(connector, self._inside),
            clock=self._clock,
        )

    def entrance(self, team: str, name: str) -> Entrance | None:
        """For the pages: where people sign in to what `connected.name_of` names so."""
        connector = self._known(team, slug_of(name))
        if connector is None or not connector.takes_sign_in:
            return None
        from bot.connectors.entrance import ServerEntrance

        return ServerEntrance(
            connector=connector, logins=self._logins(), sign_ins=self._sign_ins, made=self._has_made
        )

    def title(self, team: str, name: str) -> str:
        connector = self._known(team, slug_of(name))
        return slug_of(name) if connector is None else connector.title

    def per(self, team: str, name: str) -> Per:
        return Per.PERSON if self._must(team, name).is_personal else Per.TEAM

    def sign_out(self, person: Person, name: str, *, is_admin: bool = False) -> str:
        """Taken back at the server where it can, and forgotten. What the person is told. Raises `NotAllowed`."""
        connector = self._must(person.team, name)
        if owner(connector, person) == TEAM and not is_admin:
            raise NotAllowed(f"Only a workspace admin can sign out of {connector.title} for everybody.")
        held = self._held(connector, person)
        if not self._sign_ins.forget(connector, person):
            return f"{connector.title} is not signed in to."
        whys = self._taken_back(
            connector, [held] if held is not None and held.grant is not None else [], person
        )
        said = f"{connector.title} is signed out of, and I have forgotten its sign-in."
        if whys == [""]:
            return said
        return f"{said} To end it there, too, take it back in your account there."

    def ending(self, connector: Connector, person: Person) -> Callable[[], str]:
        """Of all sign-ins of their team there: what takes them back, for when they are forgotten here; it says what
        came of that."""
        held = self._sign_ins.everybodys(connector, person.team) if connector.takes_sign_in else []

        def ended() -> str:
            from bot.connectors import taking_back

            return taking_back.told(self._taken_back(connector, held, person))

        return ended if held else lambda: ""

    def close(self) -> None:
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()
        self._portal.close()

    def _held(self, connector: Connector, person: Person) -> SignedIn | None:
        """None, too, for one that no key of ours opens: it is still forgotten."""
        try:
            return self._sign_ins.of(connector, person)
        except NotConfigured:
            return None

    def _taken_back(self, connector: Connector, held: Sequence[SignedIn], by: Person) -> list[str]:
        """For each why not; the audit log has it, too. Never raises what a server does: it is over in any case."""
        if not held:
            return []
        from bot.connectors import taking_back

        http = partial(_http, connector, self._inside)
        try:
            with crossing.outside(f"sign_in.{name_of(connector.slug)}"):
                whys = self._portal.call(partial(taking_back.taken_back, held, http), halt=Halt())
        except CoworkError as out:
            whys = [str(out)] * len(held)
        self._sign_ins.ended(zip(held, whys, strict=True), by)
        return whys

    def _must(self, team: str, name: str) -> Connector:
        connector = self._known(team, slug_of(name))
        if connector is None:
            raise NotAllowed(f"There is no connector {slug_of(name)} here (any more).")
        return connector

    def _logins(self) -> Logins:
        from bot.connectors.logins import Logins

        with self._lock:
            if self._made is None:
                self._made = Logins(
                    self._portal,
                    inside=self._inside,
                    secret=self._secret,
                    clock=self._clock,
                    document=self.document,
                )
            return self._made

    def document(self, slug: str) -> str:
        """Where our description as a client stands; "" where no authorization server could fetch it."""
        return f"{self._url}/connect/{name_of(slug)}/client.json" if self._url.startswith("https://") else ""


def _http(connector: Connector, inside: Callable[[str], bool]) -> httpx2.AsyncClient:
    import httpx2

    from bot.connectors.guarded import Guard, reach

    return httpx2.AsyncClient(transport=Guard(reach(connector, inside)), timeout=30)
