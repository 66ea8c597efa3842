"""Kinds of calls that people allow for a task: offered with a request, used up with each intent, withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from bot.domain.approval import Approval
from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.grant import KindGrant
from bot.domain.kind import USES
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import news
from bot.errors import Halted, NotAllowed
from bot.policy import kinds as policy
from bot.store import kinds
from bot.store.database import Database, Session

_NOT_OFFERED = "There is no kind of call to allow here. Press Approve for exactly what is shown."
_OVER = "What was allowed for this task is over already: it was used up, or ran out, or was withdrawn."


class Allowed:
    """What of a task is allowed by kind, for the worker that has it.

    Nobody allows more while it works. What is withdrawn, or over, is found out as a call is begun by it.
    """

    def __init__(self, task: Task, database: Database, *, clock: Clock) -> None:
        self._task = task
        self._database = database
        self._clock = clock
        self._known: tuple[KindGrant, ...] | None = self._holding()

    def grants(self) -> tuple[KindGrant, ...]:
        if self._known is None:
            self._known = self._holding()
        return self._known

    def use(self, session: Session, ids: Collection[str]) -> None:
        """In the unit of the intent: a call that is begun uses one up. Raises `Halted` when none is left."""
        if ids and not kinds.use(session, ids, now=self._clock()):
            self._known = None
            raise Halted("What was allowed for this kind of call is over; nothing was changed.")

    def _holding(self) -> tuple[KindGrant, ...]:
        with self._database.read() as session:
            return policy.grants(kinds.holding(session, self._task.id, now=self._clock()))


def check(approval: Approval, task: Task, *, is_usual: bool) -> None:
    """Raises `NotAllowed` where all of the kind cannot be allowed: not offered, or it takes more than the requester."""
    if not is_usual or policy.offered(approval.draft, task) is None:
        raise NotAllowed(_NOT_OFFERED)


def allow(
    session: Session, person: Person, task: Task, approval: Approval, now: datetime
) -> dict[str, object]:
    """All of the kind of what was asked, beside that itself: for the log of the decision."""
    kind = policy.offered(approval.draft, task)
    if kind is None:
        raise NotAllowed(_NOT_OFFERED)
    given = kinds.give(session, uuid4().hex, task, kind, by=person, now=now)
    return {
        "id": given.id,
        "tool": kind.tool,
        "effects": list(kind.effects),
        "where": kind.where,
        "uses": USES,
        "until": given.until.isoformat(),
    }


def withdraw(session: Session, person: Person, task: Task, kind_id: str, now: datetime) -> None:
    """Raises `NotAllowed` when there is nothing to withdraw any more. A call that is begun already goes on."""
    if not kinds.withdraw(session, kind_id, now=now):
        raise NotAllowed(_OVER)
    news.tell(session, task.id, task.place, News.WITHDRAWN, now=now, by=person, data={"kind": kind_id})
