"""What one task may spend: its own budget, and those it shares, of which it holds a part while a call is on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.budget import Budget, Scope, SpentOut, Used
from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.task import Task
from bot.domain.turn import Turn, Usage
from bot.engine import news
from bot.engine.ruts import Ruts
from bot.engine.wording import NOTE_BY
from bot.store import budgets, messages, spending, words
from bot.store.budgets import Reservation, Standing
from bot.store.calls import Entry
from bot.store.database import Session
from bot.store.spending import Spending

ROOM = 25_000
"""Tokens of results that may come in before the next call."""

_NEARLY = "Nearly used up: {}. Bring what matters most to an end; when it is used up, a person is asked."
_LOOK_AGAIN = timedelta(minutes=1)


class Purse:
    """`shared` are the budgets that are set; `ceiling` is the most that a call may use, given its prompt in tokens.

    `held` was reserved for the task by whoever claimed it, or by a process that died.
    """

    def __init__(
        self,
        task: Task,
        *,
        clock: Clock,
        shared: Mapping[Scope, Budget] | None = None,
        ceiling: Callable[[int], Used] = lambda tokens: Used(turns=1, tokens=tokens),
        held: Reservation | None = None,
        ruts: Ruts | None = None,
    ) -> None:
        self._task = task
        self._clock = clock
        self._shared = _of_place(task, shared or {})
        self._ceiling = ceiling
        self._counted_at = clock()
        self._held = held
        self._ruts = ruts or Ruts()
        self._refused: SpentOut | None = None
        self._lent: tuple[Reservation, ...] = ()

    def lap(self) -> int:
        """Milliseconds of work since this was asked last, or since the task was taken up."""
        now = self._clock()
        worked = max(timedelta(), now - self._counted_at)
        self._counted_at = now
        return round(worked.total_seconds() * 1000)

    def spent_out(
        self,
        now: Spending,
        writing: Callable[[], AbstractContextManager[Session]],
        size: int,
        made: Sequence[Entry] = (),
    ) -> SpentOut | None:
        """Why no call may be made. What is shared is held from here on, for a conversation of `size` tokens.

        As a rule it is held already: since the task was claimed, or since its last turn was written. Nor is one made
        where the calls `made` in the last turn got the task nowhere.
        """
        if stuck := self._ruts.after(made):
            return stuck
        if reached := now.budget.reached(now.used):
            return SpentOut(why=f"The task has used the {reached} it was given.")
        if not self._shared:
            return None
        if self._held is None:
            with writing() as session:
                budgets.lock(session)
                self._try(session, size)
        return self._refused

    def take_up(self, session: Session) -> None:
        """A task is claimed. What a process that died held for it is still held."""
        if self._shared and budgets.reserved(session, self._task.id) is None:
            budgets.lock(session)
            self._try(session, messages.size(session, self._task.id))

    def count(self, session: Session, usage: Usage) -> None:
        """What was paid for besides the turns of the task. What is held stays so."""
        spending.add_usage(session, self._task.id, usage)
        if self._held is not None:
            budgets.lock(session)
            budgets.move(session, self._held.keys, used=spending.used_by(usage))

    def lend(self, session: Session, now: Spending, wanted: Used) -> Reservation | SpentOut:
        """For a call of the model in the middle of another. It may use no more than is left, and leaves a turn for the
        task's own last words. In a thread beside the one that makes the turns.
        """
        if reached := now.budget.reached(now.used + self._all_lent() + wanted):
            return SpentOut(why=f"What is left of the {reached} of the task does not suffice for it.")
        keys = tuple(self._keys())
        lent = Reservation(keys=keys, amount=wanted)
        if keys:
            budgets.lock(session)
            standings = budgets.opened(session, keys)
            then = {key: replace(one, held=one.held + wanted) for key, one in standings.items()}
            if refused := self._refusal(then):
                return refused
            budgets.move(session, keys, held=wanted)
            budgets.put_reserved(session, self._task.id, _with(self._held, (*self._lent, lent)))
        return lent

    def is_lent(self, lent: Reservation) -> None:
        """That is on disk."""
        self._lent = (*self._lent, lent)

    def repay(self, session: Session, lent: Reservation, usage: Usage, *, is_ours: bool) -> None:
        """What it used takes the place of what was lent. Of a task that is another's now nothing is held here."""
        if usage != Usage():
            spending.add_usage(session, self._task.id, usage)
        used = Used() if usage == Usage() else spending.used_by(usage)
        if not lent.keys:
            return
        budgets.lock(session)
        budgets.move(session, lent.keys, used=used, held=-lent.amount if is_ours else Used())
        if is_ours:
            budgets.put_reserved(session, self._task.id, _with(self._held, self._others(lent)))

    def is_repaid(self, lent: Reservation) -> None:
        """That is on disk."""
        self._lent = self._others(lent)

    def settle(self, session: Session, turn: Turn, now: Spending, *, size: int, worked: int) -> bool:
        """A turn was made: what it used takes the place of what was held; with calls in it another will follow.

        True when people, and with calls in it the model, are told of a budget that is nearly used up.
        """
        self._ruts.begin()
        is_nearly = not now.is_told and bool(now.budget.nearly(now.used))
        if is_nearly:
            self._tell(session, now, turn)
        if self._held is None:
            return is_nearly
        used = spending.used_by(turn.usage, worked=worked)
        standings = self._settled(session, used, size if turn.calls else None)
        nearly = [one for one in standings if self._is_nearly(one)]
        for one in nearly:
            self._tell_shared(session, one, turn)
        return is_nearly or bool(nearly)

    def _settled(self, session: Session, used: Used, size: int | None) -> list[Standing]:
        """As a rule one statement, beside what the task itself holds: the budgets of today, and all of them last."""
        assert self._held is not None
        budgets.lock(session)
        before, keys = self._held, tuple(self._keys())
        if size is None or keys != before.keys:
            found = budgets.move(session, before.keys, used=used, held=-before.amount)
            self._hold(session, None)
            if size is not None:
                self._try(session, size)
            return list(found.values())
        wanted = self._ceiling(size + ROOM)
        found = budgets.move(session, keys, used=used, held=wanted + -before.amount)
        free = {key: replace(one, held=one.held + -wanted) for key, one in found.items()}
        self._refused = self._refusal(free)
        if self._refused is not None:
            budgets.move(session, keys, held=-wanted)
        self._hold(session, None if self._refused else Reservation(keys=keys, amount=wanted))
        return list(free.values())

    def _try(self, session: Session, size: int) -> None:
        keys, wanted = tuple(self._keys()), self._ceiling(size + ROOM)
        self._refused = self._refusal(budgets.opened(session, keys))
        if self._refused is None:
            budgets.move(session, keys, held=wanted)
        self._hold(session, None if self._refused else Reservation(keys=keys, amount=wanted))

    def _hold(self, session: Session, reservation: Reservation | None) -> None:
        self._held = reservation
        budgets.put_reserved(session, self._task.id, _with(reservation, self._lent))

    def _all_lent(self) -> Used:
        return sum((one.amount for one in self._lent), Used())

    def _others(self, lent: Reservation) -> tuple[Reservation, ...]:
        return tuple(one for one in self._lent if one is not lent)

    def _refusal(self, standings: Mapping[str, Standing]) -> SpentOut | None:
        """What is used up tells more than what is only held."""
        for with_held in (False, True):
            for one in standings.values():
                scope, limit = self._limit(one)
                if limit.reached(one.used + one.held if with_held else one.used):
                    return self._spent(one.key, scope, limit, is_held=with_held)
        return None

    def _spent(self, key: str, scope: Scope, limit: Budget, *, is_held: bool) -> SpentOut:
        most, now = " · ".join(limit.words), self._clock()
        whose = _WHOSE[scope](self._task)
        if is_held:
            why = f"What is left of {whose} for today ({most}) is held by calls that are on their way."
            return SpentOut(why=why, key=key, again_at=now + _LOOK_AGAIN, is_held=True)
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        why = f"{whose[0].upper()}{whose[1:]} for today ({most}) is used up."
        return SpentOut(why=why, key=key, again_at=tomorrow)

    def _keys(self) -> dict[str, Scope]:
        return _keys(self._task, self._shared, self._clock())

    def _limit(self, one: Standing) -> tuple[Scope, Budget]:
        scope = Scope(one.key.partition(":")[0])
        return scope, self._shared[scope].times(1 + one.raised)

    def _is_nearly(self, one: Standing) -> bool:
        return not one.is_told and bool(self._limit(one)[1].nearly(one.used))

    def _tell(self, session: Session, now: Spending, turn: Turn) -> None:
        spending.tell(session, self._task.id)
        self._say(session, Scope.TASK, now.budget.nearly(now.used), "the budget of this task", turn)

    def _tell_shared(self, session: Session, one: Standing, turn: Turn) -> None:
        scope, limit = self._limit(one)
        budgets.tell(session, one.key)
        self._say(session, scope, limit.nearly(one.used), f"{_WHOSE[scope](self._task)} for today", turn)

    def _say(self, session: Session, scope: Scope, part: str, whose: str, turn: Turn) -> None:
        """Once for each budget: people on the card and in the log, and the model, unless that was its last word."""
        now, said = self._clock(), f"{part} of {whose}"
        if turn.calls:
            words.add(session, self._task.id, author=NOTE_BY, text=_NEARLY.format(said), now=now)
        data = {"budget": scope, "what": said, "note": f"Nearly used up: {said}"}
        news.tell(session, self._task.id, self._task.place, News.NEARLY_SPENT, now=now, data=data)


def _with(held: Reservation | None, lent: Sequence[Reservation]) -> Reservation | None:
    """What stands in the task's row is free again should this process die. Yesterday's is gone with its day."""
    for one in lent:
        if held is None:
            held = one
        elif held.keys == one.keys:
            held = replace(held, amount=held.amount + one.amount)
    return held


def _of_place(task: Task, shared: Mapping[Scope, Budget]) -> dict[Scope, Budget]:
    """The terminal is no channel, and neither is nowhere."""
    return {
        scope: budget
        for scope, budget in shared.items()
        if scope is not Scope.CHANNEL or task.place.is_in_slack
    }


def _keys(task: Task, shared: Mapping[Scope, Budget], now: datetime) -> dict[str, Scope]:
    whose = {
        Scope.PERSON: f"{task.person.user}@{task.person.team}",
        Scope.CHANNEL: f"{task.place.channel}@{task.place.team}",
        Scope.WORKSPACE: task.person.team,
    }
    named = budgets.today(now, {scope: whose[scope] for scope in shared})
    return {key: Scope(scope) for scope, key in named.items()}


_WHOSE: Mapping[Scope, Callable[[Task], str]] = {
    Scope.PERSON: lambda task: f"the budget of {task.person.name}",
    Scope.CHANNEL: lambda _: "the budget of this channel",
    Scope.WORKSPACE: lambda _: "the budget of this workspace",
}
