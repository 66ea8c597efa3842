"""The sender of webhooks: news goes out in order per task, again and again for a day until it has arrived."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot import crossing
from bot.domain import webhook as signing
from bot.domain.clock import Clock
from bot.domain.event import Hooking
from bot.engine import outward
from bot.engine.bell import Bell
from bot.engine.outward import Posted
from bot.engine.webhooks import told
from bot.errors import DatabaseOut, NotConfigured
from bot.store import tokens, webhooks
from bot.store.database import Database
from bot.store.sealing import Seal
from bot.store.webhooks import Delivery

Post = Callable[[str, bytes, dict[str, str]], Posted]

_AT_ONCE = 8
_CLAIMED = timedelta(minutes=1)
_GONE = 410
_REST = 0.25
_LOOK = 5.0

logger = logging.getLogger(__name__)


class CallingBack:
    """One per fleet sends, where `may_send` says so. A webhook has one piece of news on its way at a time."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        *,
        clock: Clock,
        bell: Bell,
        may_send: Callable[[], bool] = lambda: True,
        origins: Collection[str] = (),
        post: Post | None = None,
    ) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._bell = bell
        self._may_send = may_send
        self._post = post or (lambda url, body, headers: outward.post(url, body, headers, allowed=origins))
        self._busy: set[str] = set()
        self._hands: ThreadPoolExecutor | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is on its way is waited for, and not begun anew."""
        self._stopping.set()
        self._bell.ring()
        self._thread.join(5)
        if self._hands is not None:
            self._hands.shutdown(wait=False, cancel_futures=True)

    def once(self) -> int:
        """How many were tried: the next of each webhook that is due, one after the other."""
        found = self._next()
        for one in found:
            self._try(one)
        return len(found)

    def _run(self) -> None:
        seen = 0
        while not self._stopping.wait(_REST):
            try:
                if not (self._may_send() and self._begun()):
                    seen = self._bell.wait(seen, _LOOK)
            except DatabaseOut as out:
                logger.warning("webhooks wait: %s", out)
                self._stopping.wait(_LOOK)
            except Exception:
                logger.exception("webhooks were not posted")
                self._stopping.wait(_LOOK)

    def _begun(self) -> int:
        found = self._next()
        for one in found:
            self._hands = self._hands or ThreadPoolExecutor(_AT_ONCE, "webhook")
            self._busy.add(one.webhook.id)
            self._hands.submit(self._tried, one)
        return len(found)

    def _next(self) -> list[Delivery]:
        """One of each webhook."""
        with self._database.read() as session:
            found = webhooks.due(session, now=self._clock(), busy=tuple(self._busy), limit=100)
        first: dict[str, Delivery] = {}
        for one in found:
            first.setdefault(one.webhook.id, one)
        return list(first.values())[: _AT_ONCE - len(self._busy)]

    def _tried(self, one: Delivery) -> None:
        try:
            self._try(one)
        except DatabaseOut as out:
            logger.warning("a webhook waits: %s", out)
        except Exception:
            logger.exception("a webhook was not posted")
        finally:
            self._busy.discard(one.webhook.id)
            self._bell.ring()

    def _try(self, one: Delivery) -> None:
        if not self._claimed(one):
            return
        posted = self._posted(one)
        now = self._clock()
        tried = one.attempt + 1
        again = now + max(signing.pause_after(tried), timedelta(seconds=min(posted.retry_after, 3600)))
        with self._database.write("webhook.settle") as session:
            if 200 <= posted.status < 300:
                webhooks.over(session, one)
            elif posted.status == _GONE:
                if webhooks.end(
                    session, one.webhook.id, why="the receiver said that it is gone (410)", now=now
                ):
                    told(session, one.webhook, Hooking.ENDED, now=now, data={"status": _GONE})
            elif again - one.at <= signing.LASTS:
                webhooks.later(session, one, at=again)
            elif webhooks.over(session, one):
                why = {
                    "task": one.task_id,
                    "type": signing.type_of(one.news),
                    "tries": tried,
                    "why": _why(posted),
                }
                told(session, one.webhook, Hooking.GIVEN_UP, now=now, data=why)
                logger.warning("webhook %s was given up: %s", one.webhook.id, _why(posted))

    def _claimed(self, one: Delivery) -> bool:
        """A webhook hears no longer than its token could ask."""
        now, hook = self._clock(), one.webhook
        with self._database.write("webhook.claim") as session:
            if hook.made_by and not tokens.has_good(session, hook.owner, hook.made_by, now=now):
                for ended in webhooks.end_of_token(session, hook.owner, hook.made_by, now=now):
                    told(session, ended, Hooking.ENDED, now=now, data={"why": "its token has run out"})
                return False
            return webhooks.claim(session, one, until=now + _CLAIMED)

    def _posted(self, one: Delivery) -> Posted:
        try:
            secret = self._seal.opened(one.sealed)
        except NotConfigured as error:
            return Posted(why=str(error))
        headers = signing.signed(secret, one.body, id=f"msg_{one.id}", now=self._clock())
        headers |= {"content-type": "application/json", "user-agent": "Cowork-Webhooks"}
        with crossing.outside("webhook.post"):
            return self._post(one.webhook.url, one.body.encode(), headers)


def _why(posted: Posted) -> str:
    return posted.why or f"HTTP {posted.status}"
