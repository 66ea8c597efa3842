"""The law of approvals: one that ran out, was used, superseded or altered never makes a call happen."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from bot.domain.approval import ApprovalState, Decision
from bot.errors import CoworkError
from bot.rehearsal.answer import calls, text
from tests.engine.furnished import offices
from tests.engine.office import ANA, Office
from tests.laws import tried

ALTER = {
    "alter call": "UPDATE call SET input = replace(input, 'a.txt', 'plan.md') WHERE state != 'answered'",
    "alter edit": "UPDATE call SET revisions = replace(revisions, 'plan.md', 'c.txt')",
    "alter approval": "UPDATE approval SET actions = replace(actions, 'a.txt', 'plan.md')",
}
EDIT = {"edit": (1, "plan.md"), "edit another": (2, "a.txt")}
STEPS = [
    "approve newest",
    "approve first",
    "change",
    "expire",
    "work",
    *EDIT,
    *ALTER,
]


def edit(office: Office, approval_id: str, number: int, name: str) -> None:
    try:
        office.intake.edit(ANA, approval_id, number, {"path": f"{office.reports}/{name}"})
    except CoworkError:  # there is no such action, it is the same, or there is nothing of this name any more
        return


def approve(office: Office, approval_id: str) -> None:
    try:
        office.intake.decide(ANA, approval_id, Decision(state=ApprovalState.APPROVED))
    except CoworkError:  # it was altered: nobody's yes counts
        return


class Life:
    """One task that wants to delete three files, and what is known of the yes that each deletion rests on."""

    def __init__(self, office: Office, in_batch: bool) -> None:
        self.office = office
        wanted = [("delete_file", {"path": f"{office.reports}/{name}.txt"}) for name in "abc"]
        prepared = [{"tool": tool, "input": given} for tool, given in wanted]
        self.said = (
            calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))
            if in_batch
            else (calls(*wanted))
        )
        self.seen: list[str] = []
        self.shown: dict[str, dict[str, str]] = {}
        self.valid: set[str] = set()

    def begin(self) -> None:
        self.task = self.office.begin()
        self.look()

    def look(self) -> None:
        """The newest request, with the contents of the files as they are when it is put."""
        pending = self.office.record.pending(self.task.id)
        if pending is not None and pending.id not in self.shown:
            self.seen.append(pending.id)
            self.shown[pending.id] = {
                str(path): path.read_text()
                for path in (Path(action.call.input["path"]) for action in pending.draft.actions)
                if path.exists()
            }

    def do(self, step: str) -> None:
        office = self.office
        match step:
            case "approve newest":
                self.approve(self.seen[-1])
            case "approve first":
                self.approve(self.seen[0])
            case "change":
                for path in office.reports.glob("[abc].txt"):
                    path.write_text(path.read_text() + "!")
            case "expire":
                office.clock.forward(hours=169)
            case "edit" | "edit another":
                edit(office, self.seen[-1], *EDIT[step])
            case "work":
                self.work()
            case _:
                self.execute(ALTER[step])

    def approve(self, chosen: str) -> None:
        pending = self.office.record.pending(self.task.id)
        approve(self.office, chosen)
        is_good = pending is not None and pending.id == chosen and not pending.is_over(self.office.clock())
        after = self.office.record.approval(chosen)
        if is_good and after is not None and after.state is ApprovalState.APPROVED:
            self.valid.add(chosen)

    def execute(self, statement: str) -> None:
        with self.office.database.write("test") as session:
            session.execute(sql(statement))

    def work(self) -> None:
        """Whatever is deleted now was approved in time, as it is, by a yes to a request that showed it so."""
        before = {str(path): path.read_text() for path in self.office.reports.glob("*") if path.is_file()}
        self.office.work(self.task.id)
        gone = {path: content for path, content in before.items() if not Path(path).exists()}
        for path, content in gone.items():
            held = [self.shown[one] for one in self.valid]
            assert any(shown.get(path) == content for shown in held), f"{path} was deleted without a yes"
        self.look()


@settings(max_examples=tried(60), deadline=None)
@given(in_batch=st.booleans(), steps=st.lists(st.sampled_from(STEPS), max_size=9))
def test_only_a_yes_in_time_to_what_is_still_so_makes_a_call_happen(in_batch: bool, steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, offices(Path(folder)) as new_office:
        office = new_office(lambda _: life.said, *(text("Done.") for _ in range(20)))
        life = Life(office, in_batch)
        life.begin()
        for step in [*steps, "work"]:
            life.do(step)


def test_the_law_lets_what_was_approved_happen(tmp_path: Path) -> None:
    """Else the one above would say nothing."""
    with offices(tmp_path) as new_office:
        office = new_office(lambda _: life.said, text("Done."))
        life = Life(office, True)
        life.begin()
        for step in ("change", "approve newest", "work", "approve newest", "work"):
            life.do(step)

        assert len(list(office.reports.glob("[abc].txt"))) == 0
        assert len(life.seen) == 2
