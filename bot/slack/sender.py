"""The sender: whatever the outbox wants shown is brought to Slack, most urgent first, and what became of it is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.engine.bell import Bell
from bot.slack.aftermath import Aftermath
from bot.slack.delivery import Delivery, Superseded
from bot.slack.limits import Rates
from bot.slack.outcomes import Outcome, Unknown
from bot.store import outbox, standing
from bot.store.database import Database
from bot.store.outbox import Post, PostKind

MESSAGES = frozenset({PostKind.CARD, PostKind.APPROVAL, PostKind.RESULT, PostKind.NOTE})
FILES = frozenset({PostKind.FILE})

_BATCH = 200
_LONGEST_WAIT = 5.0
_SHORTEST_WAIT = 0.02
_AFTER_TROUBLE = 5.0
_FILES_FIRST = timedelta(seconds=1)

logger = logging.getLogger(__name__)


class Sender:
    """Two threads: a large file holds up no approval. No two senders share a kind of post."""

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        aftermath: Aftermath,
        *,
        rates: Rates,
        bell: Bell,
        clock: Clock,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._aftermath = aftermath
        self._rates = rates
        self._bell = bell
        self._clock = clock
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(kinds,), name=f"slack-{name}", daemon=True)
            for name, kinds in (("messages", MESSAGES), ("files", FILES))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """What is being sent is finished; the rest is sent after the next start."""
        self._stopping.set()
        self._bell.ring()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout)

    def send_due(self, now: datetime, kinds: Collection[PostKind] = MESSAGES | FILES) -> datetime | None:
        """Send what can be sent now. When to look again, None when nothing is left to send."""
        if PostKind.CARD in kinds:
            self._refresh(now)
        with self._database.read() as session:
            posts = [post for post in outbox.due(session, now=now, limit=_BATCH) if post.kind in kinds]
        lost: set[int] = set()
        for post in posts:
            if self._stopping.is_set():
                break
            if post.task_id not in lost and not self._sent(post, now):
                lost.add(post.task_id)
        with self._database.read() as session:
            return standing.next_at(session, kinds)

    def _sent(self, post: Post, now: datetime) -> bool:
        """False when the task's thread was lost: its other posts are drawn anew."""
        if not self._is_its_turn(post, now):
            return True
        with self._database.write() as session:
            if not outbox.claim(session, post, now=now):
                return True
        return self._aftermath.settle(post, self._outcome(post, now), now=now)

    def _outcome(self, post: Post, now: datetime) -> Outcome | Superseded:
        """A post that cannot be drawn must not hold up the others."""
        try:
            return self._delivery.deliver(post, now=now)
        except Exception:
            logger.exception("%s could not be sent", post.key)
            return Unknown("an error of our own")

    def _is_its_turn(self, post: Post, now: datetime) -> bool:
        at = self._delivery.wait_for(post, now=now)
        if at is None and post.kind is PostKind.RESULT:
            with self._database.read() as session:
                at = now + _FILES_FIRST if standing.has_unsent_files(session, post.task_id) else None
        if at is None:
            return True
        with self._database.write() as session:
            outbox.later(session, post, at=at, is_unknown=post.is_unknown)
        return False

    def _refresh(self, now: datetime) -> None:
        """The elapsed time on the cards of working tasks."""
        with self._database.read() as session:
            room = standing.cards_at_work(session) * self._rates.refresh_room
            age = timedelta(seconds=max(self._rates.refresh_every, room))
            stale = standing.stale_cards(session, before=now - age)
        if stale:
            with self._database.write() as session:
                standing.redraw(session, stale)

    def _run(self, kinds: Collection[PostKind]) -> None:
        seen = 0
        while not self._stopping.is_set():
            try:
                again = self.send_due(self._clock(), kinds)
            except Exception:
                logger.exception("messages could not be sent to Slack")
                self._stopping.wait(_AFTER_TROUBLE)
                continue
            seen = self._bell.wait(seen, self._wait(again))
            self._stopping.wait(_SHORTEST_WAIT)

    def _wait(self, again: datetime | None) -> float:
        if again is None:
            return _LONGEST_WAIT
        return min(_LONGEST_WAIT, max(_SHORTEST_WAIT, (again - self._clock()).total_seconds()))
