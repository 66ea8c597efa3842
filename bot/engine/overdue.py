"""What waits for a person too long: they are reminded once, then the approvers are asked; in the end nobody answered.

Nobody answering is no denial: nothing is run and nothing refused, the task keeps waiting, and a click asks anew.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from bot.domain.approval import Approval
from bot.domain.clock import Clock
from bot.domain.deciders import Authority
from bot.domain.event import News
from bot.domain.patience import ESCALATED, REMINDED, Patience
from bot.domain.task import Task, TaskState
from bot.engine import news
from bot.engine.bell import Bell
from bot.engine.retention import Retention
from bot.errors import DatabaseOut
from bot.policy import approvers
from bot.store import approvals, tasks
from bot.store.database import Database, Session
from bot.store.outbox import PostKind

_EVERY = 30.0

logger = logging.getLogger(__name__)


class Overdue:
    """`authority` says who may decide; where that is the requester alone, nobody else is asked."""

    def __init__(self, patience: Patience, authority: Authority, *, clock: Clock) -> None:
        self._patience = patience
        self._authority = authority
        self._clock = clock

    def once(self, database: Database) -> int:
        """How many approvals people are told of. Said again, or by two at once, it is told once."""
        now = self._clock()
        with database.read() as session:
            if not approvals.due(session, now=now, limit=1):
                return 0
        with database.write("overdue.tell") as session:
            return sum(self._told(session, approval, now) for approval in approvals.due(session, now=now))

    def _told(self, session: Session, approval: Approval, now: datetime) -> bool:
        task = tasks.get(session, approval.task_id, locked=True)
        if task is None or task.state.is_over:
            approvals.told(session, approval, due_at=None)
            return False
        if not _waits(task):
            return False
        if approval.is_over(now):
            return self._lapsed(session, task, approval, now)
        nudges = approval.nudges + 1
        due_at = self._patience.due_at(approval.created_at, approval.expires_at, nudges=nudges)
        if not approvals.told(session, approval, due_at=due_at):
            return False
        if nudges == REMINDED or (nudges == ESCALATED and self._asks_others(approval, task)):
            told = {"approval": approval.id, "title": approval.draft.title}
            what = News.REMINDED if nudges == REMINDED else News.ESCALATED
            news.tell(session, task.id, task.place, what, now=now, data=told)
            news.want(session, PostKind.REMINDER, task.id, task.place, f"{approval.id}:{nudges}", now=now)
        return True

    def _asks_others(self, approval: Approval, task: Task) -> bool:
        return approvers.asks_others(approvers.needed(approval.draft, task, self._authority))

    def _lapsed(self, session: Session, task: Task, approval: Approval, now: datetime) -> bool:
        if not approvals.told(session, approval, due_at=None, has_lapsed=True):
            return False
        told = {"approval": approval.id, "title": approval.draft.title}
        news.tell(session, task.id, task.place, News.LAPSED, now=now, data=told)
        news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
        return True


class Watch:
    """Looks from time to time, in the one process that does everything. In a fleet its sweep looks."""

    def __init__(
        self, database: Database, overdue: Overdue, *, bell: Bell, retention: Retention | None = None
    ) -> None:
        self._database = database
        self._overdue = overdue
        self._retention = retention
        self._bell = bell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)

    def once(self) -> None:
        if self._overdue.once(self._database):
            self._bell.ring()
        if self._retention is not None:
            self._retention.once(self._database)

    def _run(self) -> None:
        while True:
            try:
                self.once()
            except DatabaseOut as out:
                logger.warning("nobody was reminded: %s", out)
            except Exception:
                logger.exception("nobody was reminded")
            if self._stopping.wait(_EVERY):
                return


def _waits(task: Task) -> bool:
    """Not one that was just asked to stop, or goes on already."""
    return task.state is TaskState.WAITING and not task.stop_by
