"""Messages that we posted after another process had taken them over: found when that one is done, and deleted."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from bot.slack.courier import Courier
from bot.slack.web import FAILURES, error_code
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Post, PostKind

_MOST = 1000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stray:
    """`ts` is what we posted; "" when its answer never came."""

    post: Post
    ts: str


class Strays:
    """A process that slept in the middle of a send wakes up to this; otherwise there are none."""

    def __init__(self, database: Database, courier: Courier) -> None:
        self._database = database
        self._courier = courier
        self._known: list[Stray] = []
        self._lock = threading.Lock()

    def add(self, post: Post, ts: str) -> None:
        with self._lock:
            self._known = [*self._known, Stray(post, ts)][-_MOST:]

    def clear(self) -> None:
        """Those whose message stands by now, or will stand in another thread, are looked for and deleted."""
        with self._lock:
            known, self._known = self._known, []
        for stray in known:
            try:
                is_over = self._is_cleared(stray)
            except FAILURES as error:
                logger.warning(
                    "a stray message is still there (%s)", error_code(error) or type(error).__name__
                )
                is_over = False
            if not is_over:
                self.add(stray.post, stray.ts)

    def _is_cleared(self, stray: Stray) -> bool:
        post = stray.post
        with self._database.read() as session:
            stands = outbox.stands(session, post)
        if stands is None:
            return False
        for ts in self._extra(stray, stands):
            logger.warning("%s had been posted twice: the other is deleted", post.key)
            self._courier.delete(post.place, ts)
        return True

    def _extra(self, stray: Stray, stands: str) -> list[str]:
        """A file carries no key; of a message with parts, the first of each and the one that is kept true stay."""
        if stray.post.kind is PostKind.FILE:
            return [stray.ts] if stray.ts not in ("", stands) else []
        found = self._courier.all_of(stray.post.place, {stray.post.key})
        if not stands:
            return [ts for _, ts in found]
        kept: dict[str, str] = {}
        for key, ts in sorted(found, key=lambda one: one[1]):
            if key not in kept or ts == stands:
                kept[key] = ts
        return [ts for key, ts in found if kept[key] != ts]
