"""Whatever people click, edit and alter in whatever order: nothing runs but what was approved, and that once."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from bot.domain.approval import Approval, ApprovalState, Decision
from bot.domain.person import Person
from bot.domain.task import Autonomy, TaskState
from bot.errors import CoworkError, NotAllowed
from bot.rehearsal.answer import calls, text
from bot.store import approvals
from tests.engine.furnished import offices
from tests.engine.mortal import counting
from tests.engine.office import ANA, BEN, Office
from tests.laws import tried

TURNS, FILES = 4, 12
STRANGER = Person(team="T2", user=ANA.user, name="Ana of another team")
YES = Decision(state=ApprovalState.APPROVED)
RUN_OUT = 200

people = st.sampled_from([ANA, ANA, ANA, BEN, STRANGER])
steps = st.one_of(
    st.tuples(st.just("approve"), people, st.integers(0, 2)),
    st.tuples(st.just("approve_but_the_first"), people, st.just(0)),
    st.tuples(st.just("redirect"), people, st.integers(0, 1)),
    st.tuples(st.just("edit"), people, st.integers(0, 1)),
    st.tuples(st.just("alter_the_calls"), st.none(), st.integers(0, FILES - 1)),
    st.tuples(st.just("alter_what_is_asked"), st.none(), st.integers(0, FILES - 1)),
    st.tuples(st.just("wait"), st.none(), st.sampled_from([1, RUN_OUT])),
    st.tuples(st.just("work"), st.none(), st.just(0)),
    st.tuples(st.just("work"), st.none(), st.just(0)),
)


@dataclass
class Ledger:
    """`allowed` is how often each file may be deleted by what really was approved, `ran` how often it was."""

    office: Office
    task_id: int
    ran: Counter[str]
    allowed: Counter[str] = field(default_factory=Counter)

    def step(self, name, person, number):
        getattr(self, name)(person, number)

    def approve(self, person, back):
        self.decide(person, back, YES)

    def approve_but_the_first(self, person, back):
        self.decide(person, back, Decision(state=ApprovalState.APPROVED, left_out=(1,)))

    def redirect(self, person, back):
        self.decide(person, back, Decision(state=ApprovalState.REDIRECTED, words="No"))

    def alter_the_calls(self, _, number):
        self.alter("UPDATE call SET input = replace(input, '/f', :other) WHERE state != 'answered'", "/g")

    def alter_what_is_asked(self, _, number):
        self.alter("UPDATE approval SET actions = replace(actions, '/f0', :other)", f"/f{number}")

    def wait(self, _, hours):
        self.office.clock.forward(hours=hours)

    def work(self, *_):
        self.office.work(self.task_id)

    def decide(self, person, back, decision):
        """On the newest request, or one of those before it."""
        put = self.put()
        if len(put) <= back:
            return
        approval = put[-1 - back]
        shown = approval.is_pending and not approval.is_over(self.office.clock())
        with suppress(NotAllowed, CoworkError):
            self.office.intake.decide(person, approval.id, decision)
            if shown and person is ANA and decision.state is ApprovalState.APPROVED:
                kept = [
                    one
                    for number, one in enumerate(approval.draft.actions, 1)
                    if number not in decision.left_out
                ]
                self.allowed.update(Path(action.call.input["path"]).name for action in kept)

    def edit(self, person, number):
        put = self.put()
        if put and len(put[-1].draft.actions) > number:
            given = {"path": f"{self.office.reports}/f{FILES - 1 - number}"}
            with suppress(NotAllowed, CoworkError):
                self.office.intake.edit(person, put[-1].id, number + 1, given)

    def alter(self, statement, other):
        with self.office.database.write("test") as session:
            session.execute(sql(statement), {"other": other})

    def put(self) -> list[Approval]:
        with self.office.database.read() as session:
            return approvals.of_task(session, self.task_id)


def deleting(office, turn):
    return calls(*(("delete_file", {"path": f"{office.reports}/f{turn * 2 + one}"}) for one in (0, 1)))


def opened(new_office):
    turns = [lambda _, turn=turn: deleting(office, turn) for turn in range(TURNS)]
    office = new_office(*turns, *[text("Done.")] * 8)
    for number in range(FILES):
        (office.reports / f"f{number}").write_text("x")
        (office.reports / f"g{number}").write_text("x")
    ran: Counter[str] = Counter()
    office.laid_out = lambda bench: counting(bench, ran)
    return Ledger(office, office.begin("Tidy up", autonomy=Autonomy.CHECKPOINT).id, ran)


@settings(max_examples=tried(40), deadline=None)
@given(st.lists(steps, min_size=2, max_size=14))
def test_nothing_runs_but_what_was_approved_in_time_by_who_may_and_that_once(story):
    with tempfile.TemporaryDirectory() as folder, offices(Path(folder)) as new_office:
        ledger = opened(new_office)
        for step in story:
            ledger.step(*step)
        ledger.office.work(ledger.task_id)

        files = {f"{kind}{number}" for kind in "fg" for number in range(FILES)}
        gone = files - {path.name for path in ledger.office.reports.iterdir()}
        deleted = Counter(name.partition("['")[2].rstrip("']") for name in ledger.ran.elements())
        assert deleted <= ledger.allowed, (deleted, ledger.allowed)
        assert gone == set(deleted)


def test_what_is_approved_in_such_a_story_does_run(new_office):
    ledger = opened(new_office)
    for step in [
        ("edit", ANA, 0),
        ("work", None, 0),
        ("wait", None, RUN_OUT),
        ("approve", ANA, 0),
        ("work", None, 0),
    ]:
        ledger.step(*step)
    assert not ledger.ran
    while ledger.office.task(ledger.task_id).state is TaskState.WAITING:
        ledger.step("approve", ANA, 0)
        ledger.step("work", None, 0)

    assert sum(ledger.ran.values()) == 2 * TURNS
    assert sum(ledger.allowed.values()) == 2 * TURNS
