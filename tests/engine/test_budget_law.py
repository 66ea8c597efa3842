"""The law of shared budgets: whatever dies, and whoever works beside whom, one is passed by one call at most."""

from __future__ import annotations

import contextlib
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.budget import Budget, Scope, Used
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy
from bot.domain.turn import Turn, Usage
from bot.engine.purse import ROOM, Purse
from bot.store import budgets, tasks
from bot.store.spending import Spending
from tests.engine.office import ANA, BEN, Clock
from tests.laws import tried
from tests.store import databases

LIMIT = Budget(tokens=400_000)
SHARED = {Scope.PERSON: LIMIT, Scope.CHANNEL: Budget(tokens=600_000), Scope.WORKSPACE: Budget(turns=12)}
MOST = ROOM + 60_000
LASTING = Spending(used=Used(), budget=Budget())
CALLING = '[{"type": "tool_use", "id": "t", "name": "n", "input": {}}]'


class Killed(Exception):
    """The process ended before its commit."""


def ceiling(tokens):
    """Nothing is longer than a chapter."""
    return Used(turns=1, tokens=min(tokens, MOST))


class Fleet:
    """Three tasks of two people in two channels, each at work in a process of its own, one after the other."""

    def __init__(self, database):
        self.database, self.clock = database, Clock()
        with database.write("test") as session:
            self.tasks = [self._task(session, *of) for of in ((ANA, "C1"), (ANA, "C2"), (BEN, "C1"))]
        self.purses = [self._purse(number) for number in range(3)]

    def _task(self, session: object, person: Person, channel: str) -> object:
        return tasks.create(
            session,
            person=person,
            place=Place(team="T1", channel=channel, thread="1.1"),
            goal="Do it",
            autonomy=Autonomy.CHECKPOINT,
            folders=(),
            now=self.clock(),
        )

    def _purse(self, number: int) -> Purse:
        """As it is laid out for whoever claimed the task: what is held for it is held."""
        with self.database.read() as session:
            held = budgets.reserved(session, self.tasks[number].id)
        return Purse(self.tasks[number], clock=self.clock, shared=SHARED, ceiling=ceiling, held=held)

    def dies(self, number: int) -> None:
        with self.database.write("test") as session:
            self._purse(number).take_up(session)
        self.purses[number] = self._purse(number)

    def lets_go(self, number: int) -> None:
        with self.database.write("test") as session:
            budgets.release(session, self.tasks[number].id)
        self.dies(number)

    def step(self, number: int, size: int, part: float, death: str) -> None:
        """Reserve where nothing is held, make a call that uses a part of what was held, and write it down."""
        purse = self.purses[number]
        with contextlib.suppress(Killed):
            writing = lambda: self.writing(death == "reserving")  # noqa: E731
            if purse.spent_out(LASTING, writing, size=size) is None:
                held = self.held(number)
                usage = Usage(output_tokens=int(held.tokens * part))
                turn = Turn(content=CALLING, stop_reason="tool_use", usage=usage)
                with self.writing(death == "settling") as session:
                    purse.settle(session, turn, LASTING, size=size, worked=1)
        if death:
            self.dies(number)

    @contextlib.contextmanager
    def writing(self, is_killed):
        with self.database.write("test") as session:
            yield session
            session.flush()
            if is_killed:
                raise Killed

    def held(self, number: int) -> Used:
        with self.database.read() as session:
            found = budgets.reserved(session, self.tasks[number].id)
        return found.amount if found else Used()

    def check(self) -> None:
        """Each budget is passed by less than one call, and what it says is held is what the tasks hold."""
        holds = [self.held(number) for number in range(3)]
        with self.database.read() as session:
            rows = {one.key: one for one in map(budgets._standing, session.exec(_ALL))}
        for key, one in rows.items():
            limit = SHARED[Scope(key.partition(":")[0])]
            total = one.used + one.held
            if limit.tokens is not None:
                assert total.tokens < limit.tokens + MOST + 1, (key, one)
            if limit.turns is not None:
                assert total.turns <= limit.turns, (key, one)
        for key, one in rows.items():
            mine = [hold for task, hold in zip(self.tasks, holds, strict=True) if whose(key)(task)]
            assert one.held == sum(mine, Used()), (key, one)


_ALL = budgets.select(budgets.BudgetRow)


def whose(key):
    scope, whom, _ = key.split(":")
    return {
        "person": lambda task: task.person.user == whom.partition("@")[0],
        "channel": lambda task: task.place.channel == whom.partition("@")[0],
        "workspace": lambda task: True,
    }[scope]


@pytest.fixture(params=["sqlite", "postgres"], scope="module")
def database(request, tmp_path_factory):
    made = (
        databases.sqlite(tmp_path_factory.mktemp("law"))
        if request.param == "sqlite"
        else databases.postgres()
    )
    yield made
    made.close()


steps = st.tuples(
    st.integers(0, 2),
    st.integers(0, 60_000),
    st.floats(0, 1),
    st.sampled_from(["", "", "", "reserving", "settling", "after"]),
)
lettings = st.integers(0, 2)


@settings(max_examples=tried(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(steps, steps, steps, lettings), min_size=5, max_size=30))
def test_a_budget_is_never_passed_by_more_than_one_reserved_call(database, history):
    with database.write("test") as session:
        session.exec(budgets.sql("DELETE FROM budget"))
    fleet = Fleet(database)

    for happening in history:
        if isinstance(happening, int):
            fleet.lets_go(happening)
        else:
            fleet.step(*happening)
        fleet.check()


def test_tasks_side_by_side_pass_a_budget_by_one_call_at_most(database):
    with database.write("test") as session:
        session.exec(budgets.sql("DELETE FROM budget"))
    fleet = Fleet(database)
    threads = [
        threading.Thread(target=lambda number=number: [fleet.step(number, 9_000, 1, "") for _ in range(12)])
        for number in range(3)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    fleet.check()
    with database.read() as session:
        workspace = [one for one in session.exec(_ALL) if one.key.startswith("workspace")]
    assert workspace[0].turns == 12, "all of it was used, and no more"


def test_what_was_held_at_midnight_is_settled_on_the_day_before(database):
    with database.write("test") as session:
        session.exec(budgets.sql("DELETE FROM budget"))
    fleet = Fleet(database)
    fleet.step(0, 0, 0.5, "")
    fleet.clock.forward(hours=20)

    fleet.step(0, 0, 0.5, "")

    with database.read() as session:
        rows = {one.key: (one.turns, one.held_turns) for one in session.exec(_ALL)}
    assert {(key[-10:], *turns) for key, turns in rows.items()} == {
        ("2026-11-22", 2, 0),
        ("2026-11-23", 0, 1),
    }
