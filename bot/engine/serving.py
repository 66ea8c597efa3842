"""What a program may do with tasks: as the person of its token, within its scopes, and never more than they could."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

from bot.audit.account import Account
from bot.domain import versions
from bot.domain.approval import Approval, Decision
from bot.domain.budget import Budget
from bot.domain.deciders import Authority, Facts
from bot.domain.event import Event
from bot.domain.grant import FolderGrant
from bot.domain.label import Audience, audience_of
from bot.domain.person import NOWHERE, Person, Place
from bot.domain.receipt import Deliverable
from bot.domain.snapshot import Snapshot
from bot.domain.task import Autonomy, Task, TaskState
from bot.domain.token import Token, TokenScope
from bot.domain.veil import Veil
from bot.domain.verdict import Allow
from bot.engine import goals
from bot.engine.connectors import Actor
from bot.engine.deciding import Decided
from bot.engine.hearing import Heard
from bot.engine.intake import Intake, Started
from bot.engine.narrowing import narrowed
from bot.engine.plugging import AdminsOnly
from bot.engine.record import Record
from bot.engine.undoing import Undo
from bot.errors import NotAllowed, Unavailable
from bot.policy import approvers
from bot.settings import Settings

FactsOf = Callable[[Person, frozenset[str]], Facts]
"""What Slack says of a person now, and in which of these groups they are. Raises `Unavailable` when it is silent."""

MayBegin = Callable[[Person, str], None]
"""Raises `NotAllowed` for who has left, and for a channel ("" for none) that is not theirs to begin a task in."""


class NotThere(NotAllowed):
    """There is none, or it is not theirs to see: nobody is told which."""


class OutOfScope(NotAllowed):
    """The token may not do this at all."""


class KeyUsed(NotAllowed):
    """The same key came with another request."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A task as a program asks for it. No `channel`: it lives in no thread. None is as it would be without."""

    goal: str
    channel: str = ""
    autonomy: Autonomy | None = None
    folders: tuple[FolderGrant, ...] | None = None
    budget: Budget | None = None
    output: str = ""


class Serving:
    """Every way in takes the token first. What is not its person's to see is not there."""

    def __init__(
        self,
        intake: Intake,
        record: Record,
        authority: Authority,
        *,
        settings: Settings,
        facts: FactsOf,
        may_begin: MayBegin,
        veil: Veil = Veil(),
    ) -> None:
        self._intake = intake
        self._record = record
        self._authority = authority
        self._settings = settings
        self._facts = facts
        self._may_begin = may_begin
        self._veil = veil

    def start(self, token: Token, wish: Wish, *, key: str = "") -> Started:
        """The same `key` is the same task. Raises `KeyUsed` where it came with another goal."""
        _check(token, TokenScope.WRITE)
        self._may_begin(token.person, wish.channel)
        started = self._intake.start(
            token.person,
            Place(team=token.person.team, channel=wish.channel or NOWHERE),
            wish.goal,
            key=_key(token, "start", key),
            autonomy=wish.autonomy,
            output=wish.output,
            folders=None if wish.folders is None else narrowed(self._settings.folders, wish.folders),
            budget=None if wish.budget is None else self._settings.budgets.task.least(wish.budget),
        )
        if not started.is_new and not self._is_same(started.task, wish):
            raise KeyUsed(
                f"This key was used for task {started.task.id}, which is another. Nothing was begun: take a new key."
            )
        return started

    def task(self, token: Token, task_id: int) -> Task:
        """Raises `NotThere`."""
        _check(token, TokenScope.READ)
        return self.seen(token, task_id)

    def snapshot(self, token: Token, task_id: int) -> Snapshot:
        _check(token, TokenScope.READ)
        self.seen(token, task_id)
        return self._record.snapshot(task_id)

    def tasks(
        self, token: Token, *, state: TaskState | None = None, before: int | None = None, limit: int = 20
    ) -> list[Task]:
        """Their own, newest first; those with a smaller number than `before`."""
        _check(token, TokenScope.READ)
        return self._record.tasks_of(token.person, limit, state=state, before=before)

    def news(self, token: Token, task_id: int, *, after: int = 0, limit: int | None = None) -> list[Event]:
        """What was told of it since event `after`."""
        _check(token, TokenScope.READ)
        self.seen(token, task_id)
        return self._record.news(task_id, after=after, limit=limit)

    def newest(self, token: Token, task_id: int) -> int:
        """The number of the last event of it, 0 for none."""
        _check(token, TokenScope.READ)
        self.seen(token, task_id)
        return self._record.latest([task_id]).get(task_id, 0)

    def say(self, token: Token, task_id: int, text: str, *, key: str = "") -> Heard:
        """As a reply in its thread would be heard. The same `key` is heard once."""
        _check(token, TokenScope.WRITE)
        self._check_work(token, self.seen(token, task_id))
        return self._intake.say(token.person, task_id, text, key=_key(token, f"say {task_id}", key))

    def stop(self, token: Token, task_id: int) -> Task:
        _check(token, TokenScope.WRITE)
        task = self.seen(token, task_id)
        self._intake.stop(_acting(token), task_id, facts=self._facts_for(token, task))
        return self.seen(token, task_id)

    def retry(self, token: Token, task_id: int) -> Task:
        _check(token, TokenScope.WRITE)
        task = self.seen(token, task_id)
        self._check_work(token, task)
        return self._intake.retry(_acting(token), task_id, facts=self._facts_for(token, task))

    def undo(self, token: Token, task_id: int, number: int) -> Undo:
        """Take back what round `number` changed."""
        _check(token, TokenScope.APPROVE)
        self.seen(token, task_id)
        facts = self._facts(token.person, self._intake.groups_asked(task_id=task_id))
        return self._intake.undo(_acting(token), task_id, number, facts=facts)

    def pending(self, token: Token, task_id: int) -> Approval | None:
        """What it waits for a person to decide."""
        _check(token, TokenScope.READ)
        task, asked = self.seen(token, task_id), self._record.pending(task_id)
        return None if asked is None else _shown(asked, task, token)

    def approval(self, token: Token, task_id: int, approval_id: str) -> Approval:
        """Raises `NotThere`, also for an approval of another task."""
        _check(token, TokenScope.READ)
        return self._asked(token, task_id, approval_id)

    def decide(self, token: Token, task_id: int, approval_id: str, decision: Decision) -> Decided:
        """As a click of its person's, whom Slack has to know; but a yes to what a token of theirs asked for is none."""
        _check(token, TokenScope.APPROVE)
        self._asked(token, task_id, approval_id)
        task = self.seen(token, task_id)
        facts = self._facts(token.person, self._intake.groups_asked(approval_id))
        decided = self._intake.decide(_acting(token), approval_id, decision, facts=facts)
        return replace(decided, approval=_shown(decided.approval, task, token))

    def deliverables(self, token: Token, task_id: int) -> list[Deliverable]:
        """Every file that it handed over, in order, each version of it."""
        _check(token, TokenScope.READ)
        self.seen(token, task_id)
        return self._record.handed_over(task_id)

    def deliverable(self, token: Token, task_id: int, name: str) -> Deliverable:
        """The newest of this name, or an earlier version by its own. Raises `NotThere`."""
        handed = self.deliverables(token, task_id)
        if found := (versions.newest(handed) | versions.earlier(handed)).get(name):
            return found
        raise NotThere(f"Task {task_id} handed over no file of this name.")

    def account(self, token: Token, task_id: int) -> Account:
        """What the audit log says of it, which quotes its calls: to who asked for it alone."""
        _check(token, TokenScope.AUDIT)
        if not self.seen(token, task_id).person.is_same(token.person):
            raise NotThere(f"The audit log of task {task_id} is for tokens of whoever asked for it.")
        return self._record.account(task_id)

    def admin(self, token: Token) -> Actor:
        """Of connectors. Raises `AdminsOnly` for a token of anybody else."""
        _check(token, TokenScope.CONNECTORS)
        facts = self._facts(token.person, frozenset())
        if not facts.is_admin or facts.is_guest:
            raise AdminsOnly("Only an admin of this workspace can look after connectors.")
        return Actor(person=_acting(token), is_admin=True)

    def _asked(self, token: Token, task_id: int, approval_id: str) -> Approval:
        task, found = self.seen(token, task_id), self._record.approval(approval_id)
        if found is None or found.task_id != task_id:
            raise NotThere(f"Task {task_id} has asked nothing of this id.")
        return _shown(found, task, token)

    def seen(self, token: Token, task_id: int) -> Task:
        """Whatever the scopes: whether it is theirs to see at all. Raises `NotThere`."""
        task = self._record.task(task_id)
        if task is None or not self._may_see(token.person, task):
            raise NotThere(f"There is no task {task_id} that you can see.")
        return task

    def _may_see(self, person: Person, task: Task) -> bool:
        """Their own; what they help with, decided in or could, unless it draws on what only its requester may read."""
        if task.person.is_same(person):
            return True
        if task.person.team != person.team or audience_of(task.labels) is Audience.REQUESTER:
            return False
        has_said = task.crew.helps(person) or self._record.has_decided(task.id, person)
        return has_said or self._could_decide(person, task)

    def _could_decide(self, person: Person, task: Task) -> bool:
        """Slack is asked only where it could make a difference."""
        if not self._authority.rules and person.user not in self._authority.approvers:
            return False
        asked = self._record.pending(task.id)
        needs = approvers.needed(asked.draft, task, self._authority) if asked else ()
        groups = frozenset(group for deciders in needs for group in deciders.groups)
        try:
            facts = self._facts(person, groups)
        except (NotAllowed, Unavailable):
            return False
        return isinstance(approvers.may_turn(person, facts, task, needs, self._authority), Allow)

    def _facts_for(self, token: Token, task: Task) -> Facts:
        """Of the requester nothing more has to be known to stop or to go on."""
        if task.person.is_same(token.person):
            return Facts()
        return self._facts(token.person, self._intake.groups_asked(task_id=task.id))

    def _check_work(self, token: Token, task: Task) -> None:
        """Who may not begin one there may not have one go on either. Raises as `start`."""
        self._may_begin(token.person, task.place.channel if task.place.is_in_slack else "")

    def _is_same(self, task: Task, wish: Wish) -> bool:
        asked = None if wish.folders is None else narrowed(self._settings.folders, wish.folders)
        budget = wish.budget and self._settings.budgets.task.least(wish.budget)
        return (
            (task.goal, task.output) == (goals.checked(wish.goal, self._veil), wish.output)
            and (asked is None or asked == task.folders)
            and (wish.autonomy in (None, task.autonomy))
            and (budget in (None, self._record.begun_with(task.id)))
        )


def _shown(asked: Approval, task: Task, token: Token) -> Approval:
    return asked if task.person.is_same(token.person) else asked.for_others()


def _check(token: Token, needed: TokenScope) -> None:
    if needed not in token.scopes:
        raise OutOfScope(f"The token “{token.name}” may not do this: it takes the scope {needed}.")


def _acting(token: Token) -> Person:
    """As cards and the log name who decided: "Ana Silva (API token ci)"."""
    person = token.person
    return replace(person, name=f"{person.name} ({person.via})")


def _key(token: Token, what: str, key: str) -> str:
    """One of its own without a key: then nothing is the same as anything."""
    whose = f"{token.person.team} {token.person.user} {what}"
    return f"api:{hashlib.sha256(f'{whose} {key or uuid4()}'.encode()).hexdigest()}"
