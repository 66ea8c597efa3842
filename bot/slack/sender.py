"""The sender: whatever the outbox wants shown is brought to Slack, most urgent first, and what became of it is kept."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot import crossing, log
from bot.domain.clock import Clock
from bot.engine.bell import Bell
from bot.errors import DatabaseOut
from bot.slack.aftermath import Aftermath
from bot.slack.delivery import Delivery, Superseded
from bot.slack.limits import Rates
from bot.slack.orphans import Orphans
from bot.slack.outcomes import Outcome, Unknown
from bot.slack.strays import Strays
from bot.store import outbox, standing
from bot.store.database import Database
from bot.store.outbox import Post, PostKind

FILES = frozenset({PostKind.FILE})
MESSAGES = frozenset(PostKind) - FILES

_BATCH = 200
_LONGEST_WAIT = 5.0
_SHORTEST_WAIT = 0.02
_AFTER_TROUBLE = 5.0
_FILES_FIRST = timedelta(seconds=1)
_REFRESH_LOOK = timedelta(seconds=1)

QUIET = timedelta(seconds=30)
"""A call to Slack is over by then (it is given 15 s), also one of a process that died in it."""
QUIET_FILE = timedelta(minutes=3)

logger = logging.getLogger(__name__)


class Sender:
    """Two threads: a large file holds up no approval. Of several processes one sends at a time: `may_send` says which.

    `is_alone`: there is no other process, so what an earlier one left is looked for without waiting for its calls.
    """

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        aftermath: Aftermath,
        strays: Strays,
        orphans: Orphans,
        *,
        rates: Rates,
        bell: Bell,
        clock: Clock,
        is_alone: bool = True,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._aftermath = aftermath
        self._strays = strays
        self._orphans = orphans
        self._rates = rates
        self._bell = bell
        self._clock = clock
        self._is_alone = is_alone
        self._may_send = may_send
        self._refreshed: datetime | None = None
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
            self._strays.clear()
        if not self._may_send():
            return None
        if PostKind.CARD in kinds:
            self._refresh(now)
        with self._database.read() as session:
            posts = outbox.due(session, kinds, now=now, limit=_BATCH)
        self._send_in_turn(posts, now)
        if PostKind.CARD in kinds and not self._stopping.is_set() and self._may_send():
            self._orphans.tell(max(now, self._clock()))
        with self._database.read() as session:
            return standing.next_at(session, kinds)

    def _send_in_turn(self, posts: list[Post], now: datetime) -> None:
        """Those whose turn it is not are put off, each behind what waits in the same line."""
        lost: set[int] = set()
        waiting: list[tuple[Post, datetime]] = []
        lines: Counter[tuple[str, str]] = Counter()
        for post in posts:
            if self._stopping.is_set() or not self._may_send():
                break
            if post.task_id in lost:
                continue
            line = self._delivery.line(post)
            at = self._not_before(post, now, ahead=lines[line])
            if at is not None:
                lines[line] += 1
                waiting.append((post, at))
            elif not self._sent(post, now):
                lost.add(post.task_id)
        self._put_off(waiting)

    def _not_before(self, post: Post, now: datetime, *, ahead: int) -> datetime | None:
        """None: it is its turn."""
        if self._is_behind_its_files(post):
            return now + _FILES_FIRST
        return self._delivery.wait_for(post, now=now, ahead=ahead)

    def _put_off(self, waiting: list[tuple[Post, datetime]]) -> None:
        if waiting:
            with self._database.write("outbox.wait") as session:
                for post, at in waiting:
                    outbox.wait(session, post, at=at)

    def _is_behind_its_files(self, post: Post) -> bool:
        if post.kind is not PostKind.RESULT:
            return False
        with self._database.read() as session:
            return standing.has_unsent_files(session, post.task_id)

    def _sent(self, post: Post, now: datetime) -> bool:
        """False when the task's thread was lost: its other posts are drawn anew."""
        quiet = timedelta() if self._is_alone else QUIET_FILE if post.kind is PostKind.FILE else QUIET
        with self._database.write("outbox.claim") as session:
            if not outbox.claim(session, post, now=self._clock(), quiet=quiet):
                return True
        with log.about(task=post.task_id), crossing.watched(f"post.{post.kind}"):
            return self._aftermath.settle(post, self._outcome(post, now), now=now)

    def _outcome(self, post: Post, now: datetime) -> Outcome | Superseded:
        """A post that cannot be drawn must not hold up the others."""
        try:
            return self._delivery.deliver(post, now=now)
        except Exception:
            logger.exception("%s could not be sent", post.key)
            return Unknown("an error of our own")

    def _refresh(self, now: datetime) -> None:
        """The elapsed time on the cards of working tasks, looked at once a second at most."""
        if self._refreshed is not None and abs(now - self._refreshed) < _REFRESH_LOOK:
            return
        self._refreshed = now
        with self._database.read() as session:
            room = standing.cards_at_work(session) * self._rates.refresh_room
            age = timedelta(seconds=max(self._rates.refresh_every, room))
            stale = standing.stale_cards(session, before=now - age)
        if stale:
            with self._database.write("outbox.redraw") as session:
                standing.redraw(session, stale)

    def _run(self, kinds: Collection[PostKind]) -> None:
        seen = 0
        while not self._stopping.is_set():
            try:
                again = self.send_due(self._clock(), kinds)
            except DatabaseOut as out:
                logger.warning("messages to Slack wait: %s", out)
                self._stopping.wait(_AFTER_TROUBLE)
                continue
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
