"""Undo: a person's click takes back what a round changed, once, whatever happens meanwhile, and says what stayed."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from bot.audit import chain
from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.deciders import Facts
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import Autonomy, TaskState
from bot.engine.undoing import LAST
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from bot.store import entries, leases
from bot.store.calls import CallState
from tests.engine.mortal import Death, Died, MortalDatabase
from tests.engine.office import ANA, BEN, Office, words
from tests.store import databases
from tests.tools.trees import tree


def every_write(office):
    """Each tool that writes, on one another's files too."""
    at = office.reports
    return calls(
        ("write_file", {"path": f"{at}/report.md", "content": "# Report"}),
        ("edit_file", {"path": f"{at}/plan.md", "old_text": "Ship it", "new_text": "Wait"}),
        ("write_file", {"path": f"{at}/a.txt", "content": "overwritten"}),
        ("move_file", {"source": f"{at}/a.txt", "destination": f"{at}/Done/2026/a.txt"}),
        ("edit_file", {"path": f"{at}/Done/2026/a.txt", "old_text": "over", "new_text": "re"}),
        ("copy_file", {"source": f"{at}/b.txt", "destination": f"{at}/Done/2026/b.txt"}),
        ("copy_file", {"source": f"{at}/report.md", "destination": f"{at}/c.txt"}),
        ("make_folder", {"path": f"{at}/New/Empty"}),
        ("move_file", {"source": f"{at}/Done", "destination": f"{at}/New/Done"}),
    )


def done(new_office, *turns, goal="Do it", **given):
    """A task of an autonomous colleague that is over, and the tree as it was before."""
    office = new_office(*(saying(turn, lambda: office) for turn in turns), **given)
    (office.reports / "b.txt").chmod(0o600)
    (office.reports / "Old" / "Empty").mkdir(parents=True)
    before = tree(office.reports)
    task = office.begin(goal, autonomy=Autonomy.AUTONOMOUS)
    assert task.state is TaskState.DONE
    office.clock.forward(minutes=1)
    return office, task, before


def saying(turn, office):
    """A turn that is written for the folder of an office."""
    return (lambda _: turn(office())) if callable(turn) else turn


def undone(office, task, person=ANA, number=1):
    assert office.intake.undo(person, task.id, number).is_new
    return office.work(task.id)


def test_the_folder_is_as_it_was_to_the_byte_and_the_report_says_what_was_taken_back(new_office):
    office, task, before = done(new_office, every_write, text("Done."))
    assert tree(office.reports) != before

    after = undone(office, task)

    assert tree(office.reports) == before
    assert (after.state, after.answer, after.round) == (
        TaskState.DONE,
        "Undone: 9 changes. Everything is as it was before.",
        2,
    )
    receipts = office.record.snapshot(task.id).receipts
    assert [receipt.what for receipt in receipts[:2]] == ["Moved back", "Took away again"]
    assert len(receipts) == 9 and all(receipt.takes_back and not receipt.undo for receipt in receipts)
    assert len(office.double.requests) == 2, "the model was not asked"


def test_a_deleted_file_and_an_emptied_folder_are_there_again(new_office):
    office = new_office(
        lambda _: calls(
            ("delete_file", {"path": f"{office.reports}/a.txt"}),
            ("delete_file", {"path": f"{office.reports}/Old"}),
        ),
        text("Done."),
    )
    (office.reports / "Old").mkdir(mode=0o2750)
    (office.reports / "a.txt").chmod(0o640)
    before = tree(office.reports)
    task = office.begin()
    task = office.approve(task.id)
    assert sorted(tree(office.reports)) == ["b.txt", "c.txt", "plan.md"]

    undone(office, task)

    assert tree(office.reports) == before


def test_a_file_that_somebody_changed_since_is_left_and_named_and_the_rest_is_restored(new_office):
    office, task, before = done(new_office, every_write, text("Done."))
    (office.reports / "plan.md").write_text("By hand.")
    by_hand = tree(office.reports)["plan.md"]

    after = undone(office, task)

    assert tree(office.reports) == before | {"plan.md": by_hand}
    assert after.answer == (
        "Undone: 8 of 9 changes.\n\nLeft as it is:\n"
        "- Edit reports/plan.md: it was changed since, and that change is kept\n\n"
        "Where this task changed it in a later round, undo that round first."
    )


def test_what_cannot_be_undone_is_said_on_the_card_before_and_in_the_receipt_after(new_office):
    office = new_office(
        lambda _: calls(
            ("delete_file", {"path": f"{office.reports}/a.txt"}),
            ("move_file", {"source": f"{office.reports}/b.txt", "destination": f"{office.reports}/B.txt"}),
        ),
        text("Done."),
        changes={"undo_megabytes": 0},
    )
    task = office.begin()

    asked = [action.preview for action in office.pending(task.id).draft.actions]
    office.approve(task.id)

    assert asked == [
        f"Delete {office.reports}/a.txt (cannot be undone)",
        f"Move {office.reports}/b.txt → {office.reports}/B.txt",
    ]
    receipts = office.record.snapshot(task.id).receipts
    assert [receipt.undo for receipt in receipts] == ["", "Move it back"]


def test_undo_pressed_twice_is_one_undo(new_office):
    office, task, before = done(new_office, every_write, text("Done."))

    first, second = (office.intake.undo(ANA, task.id, 1) for _ in range(2))
    office.work(task.id)
    third = office.intake.undo(ANA, task.id, 1)

    assert [(one.is_new, one.by) for one in (first, second, third)] == [
        (True, "Ana Silva"),
        (False, "Ana Silva"),
        (False, "Ana Silva"),
    ]
    assert office.claimed(task.id) is None
    assert tree(office.reports) == before


def test_a_click_that_is_delivered_again_does_not_go_on_with_an_undo_that_was_stopped(new_office):
    office, task, _ = done(new_office, every_write, text("Done."))
    office.intake.undo(ANA, task.id, 1, key="click:1")
    office.intake.stop(ANA, task.id)
    office.work(task.id)
    since = tree(office.reports)

    assert office.intake.undo(ANA, task.id, 1, key="click:1").is_new

    assert office.claimed(task.id) is None and tree(office.reports) == since


def test_only_those_who_may_decide_may_undo(new_office):
    office, task, _ = done(new_office, every_write, text("Done."))
    since = tree(office.reports)
    stranger = Person(team="T2", user="UANA", name="Eve")

    for person, is_guest in ((BEN, False), (stranger, False), (ANA, True)):
        with pytest.raises(NotAllowed):
            office.intake.undo(person, task.id, 1, facts=Facts(is_guest=is_guest))

    assert office.claimed(task.id) is None and tree(office.reports) == since


def test_a_named_approver_may_undo(new_office):
    changes = {"approvers": frozenset({"UBEN"})}
    office, task, before = done(new_office, every_write, text("Done."), changes=changes)

    undone(office, task, BEN)

    assert tree(office.reports) == before


def test_each_report_undoes_its_own_round(new_office):
    office, task, _ = done(
        new_office,
        lambda office: calls(("write_file", {"path": f"{office.reports}/first.md", "content": "1"})),
        text("One."),
        lambda office: calls(("write_file", {"path": f"{office.reports}/second.md", "content": "2"})),
        text("Two."),
    )
    office.clock.forward(minutes=1)
    office.say(task.id, "And another")
    task = office.work(task.id)
    names = lambda: {path.name for path in office.reports.glob("*.md")}  # noqa: E731

    undone(office, task, number=1)
    assert names() == {"plan.md", "second.md"}
    undone(office, task, number=2)
    assert names() == {"plan.md"}


def test_the_last_round_that_changed_something_is_meant_where_none_is_named(new_office):
    office, task, before = done(new_office, every_write, text("Done."), text("Nothing more."))
    office.clock.forward(minutes=1)
    office.say(task.id, "Thanks")
    task = office.work(task.id)

    undone(office, task, number=LAST)

    assert tree(office.reports) == before
    assert not office.intake.undo(ANA, task.id, LAST).is_new


def test_a_task_at_work_is_not_undone_under_its_hands(new_office):
    office, task, _ = done(new_office, every_write, text("Done."), text("More."))
    office.say(task.id, "Go on")

    with pytest.raises(NotAllowed, match="at work"):
        office.intake.undo(ANA, task.id, 1)


def test_where_nothing_was_changed_there_is_nothing_to_undo(new_office):
    office, task, _ = done(new_office, text("Done."))

    with pytest.raises(NotAllowed, match="nothing to undo"):
        office.intake.undo(ANA, task.id, 1)


def test_the_model_hears_of_an_undo_with_the_next_words(new_office):
    office, task, _ = done(new_office, every_write, text("Done."), text("I see."))
    undone(office, task)
    assert len(office.double.requests) == 2

    office.clock.forward(minutes=1)
    office.say(task.id, "Now do it otherwise")
    assert office.work(task.id).answer == "I see."

    heard = words(office.double)
    assert "Ana Silva pressed Undo: 9 changes" in heard[0] and "Now do it otherwise" in heard[1]


def test_the_model_cannot_undo_by_itself(new_office):
    office = new_office(
        lambda _: calls(("undo_change", {"change": "x"}), ("undo", {})),
        text("Done."),
    )
    task = office.begin()

    assert [entry.text.partition(".")[0] for entry in office.entries(task.id)] == [
        "There is no tool 'undo_change' here",
        "There is no tool 'undo' here",
    ]


def test_an_undo_does_not_pass_a_folder_that_is_granted_read_only_by_now(new_office):
    office, task, _ = done(new_office, every_write, text("Done."))
    since = tree(office.reports)
    with office.database.write("test") as session:
        grants = json.dumps([{"path": str(office.reports), "writable": False}])
        session.connection().exec_driver_sql("UPDATE task SET folders = ?", (grants,))

    after = undone(office, task)

    assert tree(office.reports) == since
    assert after.answer.startswith("Nothing was undone.") and "Not allowed (rule 1)" in after.answer


def test_a_boundary_that_allowed_the_deed_allows_its_undoing_and_one_that_forbids_it_does_not(new_office):
    office, task, before = done(new_office, every_write, text("Done."), goal="Do it, but delete nothing")
    after = undone(office, task)
    assert (after.answer.startswith("Undone: 9 changes."), tree(office.reports) == before) == (True, True)

    office, task, before = done(new_office, every_write, text("Done."), text("Understood."))
    spoken(office, task, "No new files from now on.")
    assert 'You said "No new files"' in undone(office, task).answer


def test_a_move_is_taken_back_where_nothing_new_is_to_be_made_but_not_where_nothing_is_to_be_moved(
    new_office,
):
    office, task, before = done(new_office, a_move, text("Done."), text("Understood."))
    spoken(office, task, "No new files from now on.")
    assert (undone(office, task).answer[:18], tree(office.reports) == before) == ("Undone: 1 change. ", True)

    office, task, before = done(new_office, a_move, text("Done."), text("Understood."))
    spoken(office, task, "Don't rename or move anything.")
    assert "rule 2" in undone(office, task).answer and tree(office.reports) != before


def test_an_undo_needs_no_plan_and_approves_none(new_office):
    turns = (a_move, text("Done."), text("Understood."), a_move, text("As you like."))
    office, task, before = done(new_office, *turns)
    spoken(office, task, "From now on show me the plan first.")

    assert (undone(office, task).answer[:18], tree(office.reports) == before) == ("Undone: 1 change. ", True)

    office.say(task.id, "Now go on.")
    assert office.work(task.id).state is TaskState.WAITING
    assert office.pending(task.id).draft.kind is ApprovalKind.PLAN
    assert tree(office.reports) == before


def a_move(office):
    at = office.reports
    return calls(("move_file", {"source": f"{at}/a.txt", "destination": f"{at}/z.txt"}))


def spoken(office, task, words):
    office.say(task.id, words)
    assert office.work(task.id).state is TaskState.DONE


def test_an_undo_that_was_stopped_says_what_is_left_and_can_be_asked_for_again(new_office):
    office, task, before = done(new_office, every_write, text("Done."))
    office.intake.undo(ANA, task.id, 1)
    office.laid_out = stopping_after(office, task, 2)

    stopped = office.work(task.id)
    assert (stopped.state, stopped.note) == (TaskState.STOPPED, "Stopped by Ana Silva.")
    assert len(office.record.snapshot(task.id).undone) == 7

    office.laid_out = lambda bench: bench
    undone(office, task)
    assert tree(office.reports) == before


def stopping_after(office, task, number):
    def laid(bench):
        run, count = bench.undoer.run, []

        def ran(call):
            count.append(call)
            result = run(call)
            if len(count) == number:
                office.intake.stop(ANA, task.id)
            return result

        bench.undoer.run = ran
        return bench

    return laid


def test_a_round_that_was_stopped_while_nobody_worked_on_it_is_undone_too(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "x"})),
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
    )
    before = tree(office.reports)
    task = office.begin()
    office.intake.stop(ANA, task.id)
    assert office.task(task.id).state is TaskState.STOPPED and tree(office.reports) != before
    office.clock.forward(minutes=1)

    undone(office, task)

    assert tree(office.reports) == before


def test_what_was_cut_off_and_may_have_happened_is_taken_back_too(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/a.txt", "content": "half known"})),
    )
    before = tree(office.reports)
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)

    def dies(bench):
        run = bench.toolbox.run

        def ran(call):
            run(call)
            raise RuntimeError("a fault of ours")

        bench.toolbox.run = ran
        return bench

    office.laid_out = dies
    task = office.work(task_id)
    assert task.state is TaskState.FAILED and tree(office.reports) != before

    undone(office, task)

    assert tree(office.reports) == before
    assert office.entries(task_id)[0].state is CallState.REFUSED


def test_the_audit_log_has_who_undid_what_and_is_whole(new_office):
    office, task, _ = done(new_office, every_write, text("Done."))
    undone(office, task)

    with office.database.read() as session:
        assert isinstance(chain.verify(entries.all_of(session)), chain.Whole)
        logged = list(entries.all_of(session))
    [asked] = [entry for entry in logged if entry.action == News.UNDOING]
    approval = office.record.approval(json.loads(asked.data)["approval"])
    assert asked.actor == "UANA@T1"
    assert approval is not None
    assert (approval.state, approval.decided_by, len(approval.draft.actions)) == (
        ApprovalState.APPROVED,
        ANA,
        9,
    )
    later = [json.loads(entry.data) for entry in logged if entry.id > asked.id]
    assert sum(one.get("tool") == "undo_change" and one.get("ok") is True for one in later) == 9


def test_killed_at_any_write_it_goes_on_and_is_undone_once(new_office, tmp_path):
    database = MortalDatabase(databases.sqlite_url(tmp_path))
    office, task, before = done(new_office, every_write, text("Done."), database=database)
    aside = Aside(office, tmp_path)

    undone_in_lives(office, database, None)
    count = database.writes
    assert count > 20 and tree(office.reports) == before

    for death in [
        Death(at=at, is_after=is_after) for at in range(1, count + 1) for is_after in (False, True)
    ]:
        aside.bring_back()
        lives = undone_in_lives(office, database, death)
        after = office.task(task.id)
        undos = [entry for entry in office.entries(task.id) if entry.call.tool == "undo"]
        assert (lives, tree(office.reports) == before, len(undos)) == (2, True, 1), death
        assert (after.answer, after.round) == ("Undone: 9 changes. Everything is as it was before.", 2), death
        assert len(office.record.snapshot(task.id).receipts) == 9, death


class Aside:
    """The folder, what was kept and the database as they were."""

    def __init__(self, office: Office, tmp_path: Path) -> None:
        self._office = office
        self._files = [office.reports, office.home]
        self._at = tmp_path / "aside"
        self._database = Path(str(office.database.url.database))
        office.database.close()
        shutil.copy(self._database, tmp_path / "aside.sqlite")
        for number, folder in enumerate(self._files):
            shutil.copytree(folder, self._at / str(number), symlinks=True)

    def bring_back(self) -> None:
        self._office.database.close()
        for path in self._database.parent.glob(f"{self._database.name}-*"):
            path.unlink()
        shutil.copy(self._at.parent / "aside.sqlite", self._database)
        for number, folder in enumerate(self._files):
            shutil.rmtree(folder)
            shutil.copytree(self._at / str(number), folder, symlinks=True)


def undone_in_lives(office: Office, database: MortalDatabase, death: Death | None) -> int:
    """A click and the work on it, in as many processes as it takes; a click that was not taken is made again."""
    database.reborn(death)
    for life in (1, 2, 3):
        with suppress(Died):
            with database.write("test") as session:
                leases.take_all_back(session, now=office.clock())
            office.intake.undo(ANA, 1, 1)
            office.work(1)
            return life
        database.reborn(None)
    raise AssertionError("it did not end")
