"""A person's say: what only its requester was shown, because not everyone may read what it draws on, others may see."""

from __future__ import annotations

import hashlib

from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import known, news
from bot.engine.bell import Bell
from bot.errors import NotAllowed
from bot.store import approvals, origins
from bot.store.database import Database, Session
from bot.store.outbox import PostKind

_ROUND = "round"


def of_round(number: int) -> str:
    """What names the report of this round, with its files."""
    return f"{_ROUND}:{number}"


def of_approval(approval_id: str) -> str:
    """What names a request to decide."""
    return f"{PostKind.APPROVAL}:{approval_id}"


class Sharing:
    def __init__(self, database: Database, *, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def share(self, person: Person, task_id: int, ref: str) -> bool:
        """Post this where the task began, as it is shown now. False when that was said before.

        Raises `NotAllowed` for anybody but the requester, and for what is not as it was when they were asked.
        """
        with self._database.write("share.post") as session:
            task = known.task(session, task_id)
            if not task.person.is_same(person):
                raise NotAllowed(f"Only {task.person.name} can say that others may see this.")
            origin = origins.of_task(session, task)
            if origin is None:
                raise NotAllowed("This is shown where it was asked for already.")
            digest = _digest(session, task, ref)
            now = self._clock()
            is_new = origins.share(session, task_id, ref, now=now)
            if is_new:
                said = {"what": ref, "channel": origin.channel, "digest": digest}
                news.tell(session, task_id, task.place, News.SHARED, now=now, by=person, data=said)
        self._bell.ring()
        return is_new


def _digest(session: Session, task: Task, ref: str) -> str:
    """Of exactly what others are to see."""
    kind, _, which = ref.partition(":")
    if kind == _ROUND:
        if which != str(task.round) or not task.state.is_over:
            raise NotAllowed("I have gone on since this report. The newest one has its own button.")
        return hashlib.sha256(task.answer.encode()).hexdigest()
    asked = approvals.get(session, which)
    if asked is None or asked.task_id != task.id or not asked.is_pending:
        raise NotAllowed("This is decided already. Nothing of it was posted.")
    return asked.digest
