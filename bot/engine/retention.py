"""How long the audit log is kept: what is older than the operator said is cut off, and signed for."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from datetime import timedelta

from bot.audit import pruning
from bot.audit.chain import Broken
from bot.audit.signing import Signer
from bot.domain.clock import Clock, uptime
from bot.errors import NotConfigured
from bot.store.database import Database

_EVERY = timedelta(hours=6).total_seconds()

logger = logging.getLogger(__name__)


class Retention:
    """`days` 0 keeps everything. It looks every few hours, however often it is called."""

    def __init__(
        self, days: float, signer: Signer, *, clock: Clock, elapsed: Callable[[], float] = uptime
    ) -> None:
        self._days = days
        self._signer = signer
        self._clock = clock
        self._elapsed = elapsed
        self._next = -math.inf
        self._turn = threading.Lock()

    def once(self, database: Database) -> int:
        """How many entries were cut off. What keeps it from that is logged: no work waits for it."""
        if not self._days or not self._is_time():
            return 0
        before = self._clock() - timedelta(days=self._days)
        try:
            done = pruning.prune(
                database, before=before, signer=self._signer, by="retention", clock=self._clock
            )
        except NotConfigured as why:
            logger.error("the audit log was not pruned: %s", why)
            return 0
        if isinstance(done, Broken):
            logger.error("the audit log was not pruned: it is broken at entry %s: %s", done.id, done.why)
            return 0
        if done.count:
            logger.info("%s entries of the audit log were pruned, through entry %s", done.count, done.through)
        return done.count

    def _is_time(self) -> bool:
        with self._turn:
            at = self._elapsed()
            if at < self._next:
                return False
            self._next = at + _EVERY
            return True
