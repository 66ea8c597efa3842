"""Tokens that are good now: renewed before they end, by one process at a time, and kept before they are used."""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from datetime import timedelta

from bot import crossing
from bot.domain.clock import Clock
from bot.domain.connected import Connected
from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk.connect import Connection, OAuth
from bot.sdk.plugin import Plugin
from bot.services import authorization
from bot.services.addresses import Given
from bot.services.authorization import REFRESH, TOKEN, Got
from bot.services.happened import Change, Happened, Told
from bot.services.opening import Opening, needed
from bot.store import connections
from bot.store.connections import Secrets
from bot.store.database import Database
from bot.store.sealing import Seal

MARGIN = timedelta(seconds=60)
_ALONE = timedelta(seconds=60)
_LOOKS = 300
_BETWEEN_LOOKS = 0.1


class Renewing:
    """`told` hears of connections that turn out to be dead."""

    def __init__(
        self, database: Database, opening: Opening, *, seal: Seal, given: Given, clock: Clock, told: Told
    ) -> None:
        self._database = database
        self._opening = opening
        self._seal = seal
        self._given = given
        self._clock = clock
        self._told = told
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._pause = threading.Event()

    def good(self, plugin: Plugin, one: Connected) -> Connection:
        """The connection with a token that is good now.

        Of several threads and processes one renews it, and the others take what that one kept. Raises `SignInNeeded`,
        and `Unavailable` while the service does not answer.
        """
        with self._turns[one.id]:
            for _ in range(_LOOKS):
                one, secrets = self._opening.as_kept(plugin, one)
                if not self._is_due(plugin, one, secrets):
                    return self._opening.connection(plugin, one, secrets)
                if by := self._claimed(one):
                    return self._renewed(plugin, one, secrets, by)
                self._pause.wait(_BETWEEN_LOOKS)
        raise Unavailable("another process renews its sign-in", 10, service=plugin.title, nothing_done=True)

    def minted(self, plugin: Plugin, one: Connected, secrets: Secrets) -> Got:
        """What the service gives now for what lasts: once, and nothing of it is kept here."""
        way, now = plugin.way(one.way), self._clock()
        if isinstance(way, OAuth):
            return authorization.renewed(plugin, way, self._given, refresh=secrets[REFRESH], now=now)
        if way is None or way.mint is None:
            return Got(secrets=secrets, ends_at=None, scopes=None)
        lasting = {name: value for name, value in secrets.items() if name != TOKEN}
        with crossing.outside(f"sign_in.{plugin.name}"):
            minted = way.mint(self._opening.connection(plugin, one, lasting), now)
        return Got(secrets={**lasting, TOKEN: minted.token}, ends_at=minted.until, scopes=None)

    def dead(self, plugin: Plugin, one: Connected, why: str, *, by: str = "") -> SignInNeeded:
        """Written down, and told once; to be raised. `by` is who was renewing it."""
        now = self._clock()
        with self._database.write("connection.died") as session:
            if connections.died(session, one, why, now=now, by=by):
                self._told(session, Happened(change=Change.DIED, connected=one))
            found = connections.of(session, one.team, one.owner, one.plugin)
        return needed(plugin, one.owner, found, why)

    def _claimed(self, one: Connected) -> str:
        """By which name we renew it, "" when another does."""
        by, now = uuid.uuid4().hex, self._clock()
        with self._database.write("connection.claim") as session:
            is_ours = connections.claim(session, one, by=by, now=now, until=now + _ALONE)
        return by if is_ours else ""

    def _renewed(self, plugin: Plugin, one: Connected, secrets: Secrets, by: str) -> Connection:
        try:
            got = self.minted(plugin, one, secrets)
        except (SignInNeeded, ToolError) as refused:
            raise self.dead(plugin, one, str(refused), by=by) from None
        except Exception as error:
            with self._database.write("connection.let_go") as session:
                connections.let_go(session, one, by=by)
            if isinstance(error, Unavailable) and self._lasts(one, secrets):
                return self._opening.connection(plugin, one, secrets)
            raise
        self._opening.hide(plugin, one, got.secrets)
        now = self._clock()
        with self._database.write("connection.renew") as session:
            connections.renewed(session, self._seal, one, got.secrets, by=by, ends_at=got.ends_at, now=now)
        return self._opening.connection(plugin, *self._opening.as_kept(plugin, one))

    def _is_due(self, plugin: Plugin, one: Connected, secrets: Secrets) -> bool:
        """What nothing renews is used to its end, and then is dead."""
        way, now = plugin.way(one.way), self._clock()
        if not isinstance(way, OAuth):
            is_minted = way is not None and way.mint is not None
            return is_minted and (one.ends_at is None or one.ends_at - MARGIN <= now)
        if one.ends_at is None or one.ends_at - MARGIN > now:
            return False
        if not secrets.get(REFRESH) and one.ends_at <= now:
            raise self.dead(plugin, one, "its sign-in has ended.")
        return bool(secrets.get(REFRESH))

    def _lasts(self, one: Connected, secrets: Secrets) -> bool:
        """It ends soon, but not yet."""
        return TOKEN in secrets and one.ends_at is not None and one.ends_at > self._clock() + MARGIN / 10
