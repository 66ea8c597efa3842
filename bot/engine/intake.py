"""Every way in: start, say, edit, decide, stop, retry. Each is one transaction; the same key is the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.approval import ApprovalState, Decision
from bot.domain.budget import Budget
from bot.domain.clock import Clock
from bot.domain.deciders import Authority, Facts
from bot.domain.grant import FolderGrant
from bot.domain.label import Audience
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task, TaskState
from bot.engine import (
    allowing,
    catching_up,
    course,
    deciding,
    decisions,
    early,
    editing,
    goals,
    hearing,
    known,
    open_tasks,
    remarking,
    retrying,
    revising,
    stopping,
    undoing,
)
from bot.engine.bell import Bell
from bot.engine.deciding import Decided
from bot.engine.early import Kept
from bot.engine.editing import Edit
from bot.engine.hearing import Heard
from bot.engine.revising import Weigh
from bot.engine.undoing import Undo
from bot.settings import Settings
from bot.store import inbound, preferences, tasks
from bot.store.database import Database, Session
from bot.store.early import Early

AUTONOMY = "autonomy"


@dataclass(frozen=True, kw_only=True)
class Started:
    task: Task
    is_new: bool


class Intake:
    """`interrupt` reaches a running task at once. `authority` says who decides; `weigh` judges an edited call."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        clock: Clock,
        bell: Bell,
        interrupt: Callable[[int], None] = lambda _: None,
        weigh: Weigh = lambda task, call, batch: call.tool,
        authority: Authority | None = None,
        tools: revising.Tools = revising.built_in,
    ) -> None:
        self._database = database
        self._settings = settings
        self._veil = database.veil
        self._clock = clock
        self._bell = bell
        self.interrupt = interrupt
        self._weigh = weigh
        self._tools = tools
        self._authority = authority or Authority(approvers=settings.approvers)
        self._budget = settings.budgets.task

    def start(
        self,
        person: Person,
        place: Place,
        goal: str,
        *,
        key: str,
        autonomy: Autonomy | None = None,
        folder: str = "",
        output: str = "",
        context: str = "",
        audience: Audience = Audience.ANYONE,
        folders: tuple[FolderGrant, ...] | None = None,
        budget: Budget | None = None,
    ) -> Started:
        """A new task; `audience` may read its `context`. Raises `NotAllowed` for a goal that cannot be taken."""
        goal, context = goals.checked(goal, self._veil), self._veil.masked(context)
        chosen = goals.chosen_folders(self._settings.folders if folders is None else folders, folder)
        now = self._clock()
        with self._database.write("intake.start") as session:
            if (before := inbound.answer_to(session, key)) is not None:
                return Started(task=known.task(session, int(before)), is_new=False)
            open_tasks.check(session, person, self._settings.open_tasks)
            task = course.begin(
                session,
                person,
                place,
                goal,
                autonomy=autonomy or self._preferred(session, person),
                folders=chosen,
                budget=budget or self._budget,
                now=now,
                output=output,
                context=context,
                audience=audience,
                chosen=[grant.path for grant in chosen] if folder or folders else (),
            )
            inbound.accept(session, key, str(task.id), now=now)
            task = catching_up.caught_up(session, task, key=key, budget=self._budget, now=now)
        self._bell.ring()
        return Started(task=task, is_new=True)

    def await_goal(self, one: Early, *, key: str, sent_at: datetime) -> Kept:
        """Something about a goal that is not known: kept, as it may still come. Raises `NotAllowed` when too long."""
        one = replace(one, text=goals.checked_words(one.text, self._veil))
        with self._database.write("intake.await_goal") as session:
            return early.keep(session, one, key=key, sent_at=sent_at, now=self._clock())

    def pass_over(self, place: Place) -> None:
        """The message that begins this thread is no goal: nothing is to wait for one there."""
        with self._database.write("intake.pass_over") as session:
            early.pass_over(session, place, self._clock())

    def task_in(self, place: Place, person: Person | None = None) -> Task | None:
        """The newest task of this thread; for a person their own, where they have one there."""
        with self._database.read() as session:
            return tasks.in_thread(session, place, person)

    def begun_by(self, place: Place) -> Task | None:
        """The task that was begun by the message that `place.thread` names, wherever that stands."""
        with self._database.write("intake.begun_by") as session:
            task_id = early.begun_by(session, place)
            return None if task_id is None else tasks.get(session, task_id)

    def say(self, person: Person, task_id: int, text: str, *, key: str) -> Heard:
        """Words in the thread: they answer, redirect, steer, continue or stop. Raises `NotAllowed` when too long."""
        text = goals.checked_words(text, self._veil)
        now = self._clock()
        with self._database.write("intake.say") as session:
            if inbound.answer_to(session, key) is not None:
                return Heard.REPEATED
            task = known.task(session, task_id)
            heard = hearing.heard(session, person, task, text, now, budget=self._budget)
            if heard in (Heard.NOT_YOURS, Heard.CONTRADICTS):
                remarking.kept(session, person, task, text, key, now)
            inbound.accept(session, key, heard, now=now)
        self._bell.ring()
        if heard is Heard.STOPPING:
            self.interrupt(task_id)
        return heard

    def decide(
        self, person: Person, approval_id: str, decision: Decision, *, facts: Facts = Facts()
    ) -> Decided:
        """One decision per approval; a yes may take several people. Raises `NotAllowed` when it is not theirs."""
        decision = replace(decision, words=goals.checked_words(decision.words, self._veil))
        now = self._clock()
        with self._database.write("intake.decide") as session:
            task = known.task(session, known.approval(session, approval_id).task_id)
            approval = known.approval(session, approval_id)  # as it is now that nobody else decides
            decisions.refuse_too_early(session, approval, decision, lease=self._settings.lease, now=now)
            decided = deciding.decided(
                session, self._authority, person, facts, task, approval, decision, now=now
            )
        self._bell.ring()
        if decided.is_new and decision.state is ApprovalState.STOPPED:
            self.interrupt(task.id)
        return decided

    def groups_asked(self, approval_id: str = "", *, task_id: int = 0) -> frozenset[str]:
        """The user groups on whose members a decision on this approval, or a stop of this task, may depend."""
        if not any(rule.deciders.groups for rule in self._authority.rules):
            return frozenset()
        with self._database.read() as session:
            return deciding.groups_asked(session, self._authority, approval_id, task_id)

    def edit(
        self,
        person: Person,
        approval_id: str,
        number: int,
        given: Mapping[str, Any],
        *,
        facts: Facts = Facts(),
    ) -> Decided:
        """Change the arguments of action `number` before it is approved: it is judged and put to people anew.

        Raises `NotAllowed` where it is not theirs, or not to be: `BadArgument` names what is wrong with which.
        """
        with self._database.read() as session:
            approval = known.approval(session, approval_id)
            task = known.task(session, approval.task_id, locked=False)
        deciding.check_edit(self._authority, person, facts, task, approval)
        one = revising.edited(self._tools(task), approval, number, given, by=person, veil=self._veil)
        one = replace(one, preview=self._weigh(task, one.call, revising.batch(approval, one)))
        with self._database.write("intake.edit") as session:
            task = known.task(session, approval.task_id)
            is_new = course.edit(session, person, task, approval, one, self._clock())
            decided = known.approval(session, approval_id)
        self._bell.ring()
        return Decided(approval=decided, is_new=is_new)

    def edited(self, person: Person, edit: Edit) -> Task | None:
        """The goal's message was edited: the task that could begin again with the new words, if they are new."""
        with self._database.write("intake.edited") as session:
            return editing.kept(session, person, edit, self._clock(), self._veil)

    def start_again(self, person: Person, task_id: int) -> Started:
        """A new task with the goal as it was edited last; the old one is stopped. Said twice it is begun once."""
        with self._database.write("intake.start_again") as session:
            if known.task(session, task_id).state.is_over:
                open_tasks.check(session, person, self._settings.open_tasks)
            new = editing.begun_again(session, person, task_id, budget=self._budget, now=self._clock())
            task = new or known.task(session, task_id)
        self._bell.ring()
        if new is not None:
            self.interrupt(task_id)
        return Started(task=task, is_new=new is not None)

    def stop(self, person: Person, task_id: int, *, key: str = "", facts: Facts = Facts()) -> Task:
        """The task as it was. It ends here, or at its worker: what runs is cut, every open call is answered, and the
        report says what was done.

        A delivery (`key`) that comes again, later, does not stop what was begun since.
        """
        now = self._clock()
        with self._database.write("intake.stop") as session:
            task = known.task(session, task_id)
            if key and inbound.answer_to(session, key) is not None:
                return task
            deciding.check_stop(session, self._authority, person, facts, task)
            stopping.stop(session, person, task, now)
            if key:
                inbound.accept(session, key, "stop", now=now)
        self._bell.ring()
        self.interrupt(task_id)
        return task

    def retry(self, person: Person, task_id: int, *, facts: Facts = Facts()) -> Task:
        """Go on with a paused or failed task, from where it was, with its budget anew.

        Where a budget is used up that it shares, as much again is allowed to all of them, by an approver or an admin.
        """
        now = self._clock()
        with self._database.write("intake.retry") as session:
            task = known.task(session, task_id)
            retrying.check(session, self._authority, person, facts, task)
            if task.state in (TaskState.PAUSED, TaskState.FAILED):
                retrying.retry(session, person, task, self._budget, now=now)
            task = known.task(session, task_id)
        self._bell.ring()
        return task

    def withdraw(self, person: Person, kind_id: str) -> None:
        """Ask again before calls of this kind. Raises `NotAllowed` when it is not theirs, or is over already."""
        with self._database.write("intake.withdraw") as session:
            task = known.of_kind(session, kind_id)
            deciding.check_turn(session, self._authority, person, Facts(), task)
            allowing.withdraw(session, person, task, kind_id, self._clock())
        self._bell.ring()

    def undo(
        self, person: Person, task_id: int, number: int, *, key: str = "", facts: Facts = Facts()
    ) -> Undo:
        """Take back what round `number` of the task changed. Raises `NotAllowed` when it is not theirs to decide.

        A delivery (`key`) that comes again is answered as before, and does not go on with what was stopped since.
        """
        now = self._clock()
        with self._database.write("intake.undo") as session:
            task = known.task(session, task_id)
            if key and inbound.answer_to(session, key) is not None:
                return Undo(task=task, is_new=True, by=person.name)
            deciding.check_undo(self._authority, person, facts, task)
            undo = undoing.begun(session, person, task, number, now=now)
            if key:
                inbound.accept(session, key, "undo", now=now)
        self._bell.ring()
        return undo

    def prefer(self, person: Person, autonomy: Autonomy) -> None:
        """How freely this person's new tasks may work."""
        with self._database.write("intake.prefer") as session:
            preferences.choose(session, person, AUTONOMY, autonomy)

    def _preferred(self, session: Session, person: Person) -> Autonomy:
        return Autonomy(preferences.of_person(session, person, AUTONOMY) or self._settings.autonomy)
