"""What follows from a delivery: kept as sent, tried later, begun in a new thread, or given up and said so."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.task import Task
from bot.slack.announcer import Announcer
from bot.slack.delivery import Superseded
from bot.slack.limits import Rates
from bot.slack.moving import Mover
from bot.slack.outcomes import (
    Gone,
    Misshapen,
    Outcome,
    Refused,
    Sent,
    Throttled,
    TooOpen,
    Unauthorised,
    Unknown,
)
from bot.slack.sessions import Sessions
from bot.slack.strays import Strays
from bot.slack.web import FAILURES
from bot.store import outbox, standing, tasks
from bot.store.database import Database
from bot.store.outbox import AWAY, Post, PostKind

NOT_SHARED = "I did not post it for everyone: {reason}. Only you have seen it."
LOST_FILE = "I could not hand over “{name}”: {reason}."

_LONGEST_BACKOFF = 60.0
_UNAUTHORISED = timedelta(minutes=1)

logger = logging.getLogger(__name__)


class Aftermath:
    """`refused` hears of a task that cannot be shown where it lives, once, with Slack's reason.

    What another sender has taken over in the middle of ours is its to settle: what we did to it is undone.
    """

    def __init__(
        self,
        database: Database,
        announcer: Announcer,
        sessions: Sessions,
        mover: Mover,
        strays: Strays,
        *,
        rates: Rates,
        refused: Callable[[Task, str], None],
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._sessions = sessions
        self._mover = mover
        self._strays = strays
        self._rates = rates
        self._refused = refused

    def settle(self, post: Post, outcome: Outcome | Superseded, *, now: datetime) -> bool:
        """False when the task's thread was lost."""
        match outcome:
            case Sent(ts):
                self._sent(post, ts, now)
            case Throttled(seconds=seconds, is_begun=is_begun):
                self._later(post, now + timedelta(seconds=seconds), is_unknown=is_begun)
            case Unknown(why):
                logger.warning("the fate of %s is unknown (%s)", post.key, why)
                seconds = min(_LONGEST_BACKOFF, 2.0**post.attempt)
                self._later(post, now + timedelta(seconds=seconds), is_unknown=post.ts is None)
            case Unauthorised(reason):
                logger.error("Slack refuses our token (%s): messages wait until it is mended", reason)
                self._later(post, now + _UNAUTHORISED, is_unknown=post.is_unknown)
            case Gone() | TooOpen():
                return self._displaced(post, outcome, now)
            case Refused(reason) | Misshapen(reason):
                self._give_up(post, reason, now)
            case Superseded():
                self._superseded(post, now)
            case _:
                assert_never(outcome)
        return True

    def _sent(self, post: Post, ts: str, now: datetime) -> None:
        is_card = post.kind is PostKind.CARD
        again = now + timedelta(seconds=self._rates.card_every) if is_card else now
        with self._database.write("outbox.sent") as session:
            if is_card and post.place.thread is None:
                tasks.get(session, post.task_id, locked=True)  # before the outbox's row, as the workers do
            is_ours = outbox.sent(session, post, ts=ts, next_at=again)
            if is_ours and is_card and post.place.thread is None:
                tasks.settle_thread(session, post.task_id, ts)
        if not is_ours:
            self._overtaken(post, ts)
        elif is_card:
            self._sessions.follow(self._announcer.task(post.task_id), post.place.thread or ts, now=now)

    def _later(self, post: Post, at: datetime, *, is_unknown: bool) -> None:
        with self._database.write("outbox.later") as session:
            is_ours = outbox.later(session, post, at=at, is_unknown=is_unknown)
        if not is_ours:
            self._overtaken(post, "")

    def _overtaken(self, post: Post, ts: str) -> None:
        """A message of ours may stand beside the other's; a change of ours may have hidden a newer one."""
        logger.warning("%s was taken over while we sent it", post.key)
        if post.ts is None:
            self._strays.add(post, ts)
            return
        with self._database.write("outbox.redraw") as session:
            standing.redraw(session, [post.key])

    def _displaced(self, post: Post, outcome: Gone | TooOpen, now: datetime) -> bool:
        if isinstance(outcome, TooOpen):
            return self._set_apart(post, now)
        return self._gone(post, is_thread=outcome.is_thread, now=now)

    def _set_apart(self, post: Post, now: datetime) -> bool:
        """Nothing more of it is posted there, also while Slack does not let us go on elsewhere."""
        try:
            self._mover.set_apart(post.task_id, post.place, now=now)
        except FAILURES as error:
            logger.warning(
                "%s waits for its requester's direct messages (%s)", post.key, type(error).__name__
            )
            seconds = min(_LONGEST_BACKOFF, 2.0**post.attempt)
            self._later(post, now + timedelta(seconds=seconds), is_unknown=post.is_unknown)
            return True
        return False

    def _gone(self, post: Post, *, is_thread: bool, now: datetime) -> bool:
        if post.kind in AWAY:
            self._not_shared(post, "its thread was deleted", now)
            return True
        if is_thread or post.ts == post.place.thread:
            self._mover.uproot(post.task_id, post.place, now=now)
            return False
        if post.kind is PostKind.CARD or post.ref == self._announcer.pending(post.task_id):
            with self._database.write("outbox.reroot") as session:
                outbox.reroot(session, post, now=now)
        else:
            self._drop(post, now)
        return True

    def _give_up(self, post: Post, reason: str, now: datetime) -> None:
        """Said before it is written down: a death in between says it twice, where otherwise nobody would ever hear."""
        logger.error("Slack does not take %s: %s", post.key, reason)
        if post.kind in AWAY:
            self._not_shared(post, reason, now)
            return
        if post.kind is PostKind.FILE:
            self._say_lost(post, reason, now)
            return
        with self._database.read() as session:
            is_first = not standing.is_blocked(session, post.task_id)
        if is_first:
            self._refused(self._announcer.task(post.task_id), reason)
        with self._database.write("outbox.blocked") as session:
            outbox.blocked(session, post, reason=reason)

    def _say_lost(self, post: Post, reason: str, now: datetime) -> None:
        shown = self._announcer.shown(post)
        name = shown.uploads[0].title if shown and shown.uploads else post.ref
        with self._database.write("outbox.lost") as session:
            if outbox.sent(session, post, ts=post.ts or "", next_at=now):
                told = LOST_FILE.format(name=name, reason=reason)
                outbox.want(session, PostKind.NOTE, post.task_id, told, now=now)

    def _superseded(self, post: Post, now: datetime) -> None:
        if post.kind is PostKind.SHARED:
            self._not_shared(post, "it is not as it was when you said so", now)
        else:
            self._drop(post, now)

    def _not_shared(self, post: Post, reason: str, now: datetime) -> None:
        """What its requester let others see is not there: they hear of that, and can say it again."""
        told = NOT_SHARED.format(reason=reason)
        with self._database.write("outbox.not_shared") as session:
            if outbox.sent(session, post, ts="", next_at=now) and post.kind is PostKind.SHARED:
                outbox.want(session, PostKind.NOTE, post.task_id, told, now=now)

    def _drop(self, post: Post, now: datetime) -> None:
        with self._database.write("outbox.drop") as session:
            outbox.sent(session, post, ts=post.ts or "", next_at=now)
