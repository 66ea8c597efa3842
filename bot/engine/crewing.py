"""Every way of saying who steers a task: helpers come and go, the task is handed over, and remarks are answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from bot.domain.budget import Budget
from bot.domain.clock import Clock
from bot.domain.crew import Crew
from bot.domain.deciders import Facts
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.remark import Remark, RemarkState
from bot.domain.task import Task
from bot.engine import known, news, open_tasks, remarking
from bot.engine.bell import Bell
from bot.engine.hearing import Heard
from bot.errors import NotAllowed
from bot.store import approvals, crews, inbound, remarks
from bot.store.database import Database, Session
from bot.store.outbox import PostKind

MOST_HELPERS = 20


class Crewing:
    """`budget` is that of new work, `open_tasks` how many unfinished ones a person may have."""

    def __init__(
        self, database: Database, *, budget: Budget, open_tasks: int, clock: Clock, bell: Bell
    ) -> None:
        self._database = database
        self._budget = budget
        self._open_tasks = open_tasks
        self._clock = clock
        self._bell = bell

    def add(self, owner: Person, task_id: int, helper: Person, facts: Facts) -> bool:
        """From now on the helper's words are instructions, too. False when they were before."""
        with self._changing(owner, task_id) as (session, task, now):
            _check_fit(helper, facts, task, "steer a task")
            if task.is_steered_by(helper):
                return False
            if len(task.crew.helpers) >= MOST_HELPERS:
                raise NotAllowed(f"{MOST_HELPERS} people steer this task already. Remove one of them first.")
            crew = replace(task.crew, helpers=(*task.crew.helpers, helper))
            crews.put(session, task, crew)
            _tell(session, task, News.CREWED, owner, now, added=helper)
        self._bell.ring()
        return True

    def remove(self, owner: Person, task_id: int, helper: Person) -> bool:
        """Their words are no instructions any more. False when they were none before."""
        with self._changing(owner, task_id) as (session, task, now):
            if not task.crew.helps(helper):
                return False
            crews.put(session, task, _without(task.crew, helper))
            _tell(session, task, News.CREWED, owner, now, removed=helper)
        self._bell.ring()
        return True

    def offer(self, owner: Person, task_id: int, to: Person, facts: Facts, *, key: str = "") -> None:
        """Ask someone to take the task over: it stays the owner's until they accept. A `key` asks once."""
        with self._changing(owner, task_id) as (session, task, now):
            if key and inbound.answer_to(session, f"offer:{key}") is not None:
                return
            _check_fit(to, facts, task, "own a task")
            if to.is_same(owner):
                raise NotAllowed("This task is yours already.")
            if task.place.channel.startswith("D") or not task.place.is_in_slack:
                raise NotAllowed(
                    "Nobody else can see this conversation, so nobody could take the task over here. "
                    "Begin it again in a channel that you are both in."
                )
            before, ref = task.crew.offer, f"{owner.user}:{to.user}:{uuid4().hex[:12]}"
            crews.put(session, task, replace(task.crew, offered_to=to, offer=ref))
            _tell(session, task, News.OFFERED, owner, now, to=to)
            for message in filter(None, (before, ref)):
                news.want(session, PostKind.OFFER, task.id, task.place, message, now=now)
            if key:
                inbound.accept(session, f"offer:{key}", ref, now=now)
        self._bell.ring()

    def accept(self, person: Person, task_id: int, facts: Facts) -> Task:
        """It is theirs now: they steer it and decide for it, and it counts as theirs. The brief stays as it is."""
        with self._offered(person, task_id) as (session, task, now):
            _check_fit(person, facts, task, "own a task")
            if task.place.channel.startswith("D"):
                raise NotAllowed(
                    "This task goes on where only its requester sees it: nobody can take it over."
                )
            if not task.state.is_over:
                open_tasks.check(session, person, self._open_tasks)
            crew = _without(task.crew, person)
            crew = replace(crew, before=_with(crew.before, task.person), offered_to=None, offer="")
            crews.put(session, task, crew, owner=person)
            _tell(session, task, News.HANDED_OVER, person, now, owner=person, was=task.person)
            news.want(session, PostKind.OFFER, task.id, task.place, task.crew.offer, now=now)
            if approval := approvals.pending_of(session, task.id):
                news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
        self._bell.ring()
        return replace(task, person=person, crew=crew)

    def decline(self, person: Person, task_id: int) -> None:
        with self._offered(person, task_id) as (session, task, now):
            crews.put(session, task, replace(task.crew, offered_to=None, offer=""))
            _tell(session, task, News.OFFERED, person, now, declined=person)
            news.want(session, PostKind.OFFER, task.id, task.place, task.crew.offer, now=now)
        self._bell.ring()

    def remark(self, key: str) -> Remark | None:
        """What was said in this delivery, where it was no instruction."""
        with self._database.read() as session:
            return remarks.get(session, key)

    def answer(self, owner: Person, key: str, state: RemarkState) -> Heard:
        """The owner takes somebody's words up, or leaves them; the second time `REPEATED`."""
        with self._database.write("crew.answer") as session:
            heard = remarking.answered(session, owner, key, state, budget=self._budget, now=self._clock())
        self._bell.ring()
        return heard

    @contextmanager
    def _changing(self, owner: Person, task_id: int) -> Iterator[tuple[Session, Task, datetime]]:
        with self._database.write("crew.change") as session:
            task = known.task(session, task_id)
            if not task.person.is_same(owner):
                raise NotAllowed(f"This task is {task.person.name}'s: only they say who steers it.")
            yield session, task, self._clock()

    @contextmanager
    def _offered(self, person: Person, task_id: int) -> Iterator[tuple[Session, Task, datetime]]:
        with self._database.write("crew.offered") as session:
            task = known.task(session, task_id)
            offered_to = task.crew.offered_to
            if offered_to is None:
                raise NotAllowed(f"This offer stands no more: the task is {task.person.name}'s.")
            if not offered_to.is_same(person):
                raise NotAllowed(f"{offered_to.name} was asked to take this over, so only they can say.")
            yield session, task, self._clock()


def _check_fit(person: Person, facts: Facts, task: Task, deed: str) -> None:
    if facts.is_guest or person.team != task.person.team:
        raise NotAllowed(
            f"{person.name} is a guest here, a bot or from another workspace, and cannot {deed}."
        )


def _without(crew: Crew, helper: Person) -> Crew:
    """A helper no more; that they were one is kept."""
    if not crew.helps(helper):
        return crew
    helpers = tuple(one for one in crew.helpers if not one.is_same(helper))
    return replace(crew, helpers=helpers, before=_with(crew.before, helper))


def _with(people: tuple[Person, ...], person: Person) -> tuple[Person, ...]:
    return (*(one for one in people if not one.is_same(person)), person)


def _tell(session: Session, task: Task, what: News, by: Person, now: datetime, **people: Person) -> None:
    data = {role: f"{one.name} ({one.user})" for role, one in people.items()}
    news.tell(session, task.id, task.place, what, now=now, by=by, data=data)
