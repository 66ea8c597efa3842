"""A task whose thread was lost goes on in a new one, with what still matters; nothing of that is left in the old."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.event import News
from bot.domain.person import NOWHERE, Person, Place
from bot.engine import news
from bot.engine.record import Record
from bot.slack.courier import Courier
from bot.slack.sessions import Sessions
from bot.slack.web import FAILURES, error_code
from bot.store import origins, outbox, standing
from bot.store.database import Database
from bot.store.outbox import PostKind

UPROOTED = "The message this began with was deleted, so I go on here."

_MISSED = timedelta(seconds=5)

logger = logging.getLogger(__name__)


class Mover:
    def __init__(self, database: Database, record: Record, courier: Courier, sessions: Sessions) -> None:
        self._database = database
        self._record = record
        self._courier = courier
        self._sessions = sessions

    def uproot(self, task_id: int, old: Place, *, now: datetime) -> None:
        """It moves to a new thread of the same channel and says why; once, however often the loss is noticed.

        The old thread is cleared first, as nobody remembers it once the task has moved; and again, of what came there
        in between. Should we die meanwhile, what is cleared is missed a little later by whoever sends then.
        """
        approval = self._record.pending(task_id)
        again = [f"{PostKind.NOTE}:{task_id}:{UPROOTED}"]
        again += [f"{PostKind.APPROVAL}:{approval.id}"] if approval else []
        standing_there = [f"{PostKind.CARD}:{task_id}", *again]
        with self._database.write("outbox.clearing") as session:
            if not standing.is_rooted_in(session, task_id, old, locked=True):
                return
            standing.redraw(session, standing_there, at=now + _MISSED)
        self.clear(old, standing_there)
        with self._database.write("outbox.uproot") as session:
            if not standing.is_rooted_in(session, task_id, old, locked=True):
                return
            unknown = standing.may_stand(session, task_id)
            outbox.want(session, PostKind.NOTE, task_id, UPROOTED, now=now)
            standing.uproot(session, task_id, again=again, now=now)
        self.clear(old, [*standing_there, *unknown])
        self._put_to_rest(task_id, old)

    def set_apart(self, task_id: int, old: Place, *, now: datetime) -> None:
        """It goes on in the direct messages with its requester, and the old thread says only that.

        What waits there for a decision goes first; what was posted there was drawn before it knew what is not for all.
        A task that was shown nowhere leaves nothing behind.
        """
        task = self._record.snapshot(task_id).task
        channel = self.direct(task.person)
        approval = self._record.pending(task_id)
        again = [f"{PostKind.APPROVAL}:{approval.id}"] if approval else []
        with self._database.read() as session:
            if not standing.is_rooted_in(session, task_id, old):
                return
            unknown = standing.may_stand(session, task_id)
        if old.channel != NOWHERE:
            self.clear(old, [*again, *unknown])
        with self._database.write("outbox.set_apart") as session:
            if not standing.is_rooted_in(session, task_id, old, locked=True):
                return
            if old.channel == NOWHERE:
                standing.uproot(session, task_id, again=again, now=now, channel=channel)
                return
            card = origins.card_in(session, task_id)
            standing.uproot(session, task_id, again=again, now=now, channel=channel)
            origins.leave(session, task_id, old, card, now=now)
            about = {"channel": old.channel, "labels": sorted(task.labels)}
            news.tell(session, task_id, replace(old, channel=channel), News.SET_APART, now=now, data=about)
        self._put_to_rest(task_id, old)

    def direct(self, person: Person) -> str:
        """The channel of our direct messages with someone. Raises `FAILURES`."""
        return self._courier.direct(person.user)

    def clear(self, old: Place, keys: Collection[str]) -> None:
        """Take away what is posted anew elsewhere: its buttons would be pressed here. As far as Slack lets us."""
        try:
            for _, ts in self._courier.all_of(old, keys):
                self._courier.delete(old, ts)
        except FAILURES as error:
            logger.info("the lost thread was left as it is: %s", error_code(error) or type(error).__name__)

    def _put_to_rest(self, task_id: int, old: Place) -> None:
        """The old thread shows no work any more, unless another task of it goes on."""
        with self._database.read() as session:
            others = standing.rooted_in(session, old)
        if old.thread is not None and not others:
            self._sessions.left(replace(self._record.snapshot(task_id).task, place=old), old.thread)
