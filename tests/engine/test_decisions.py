"""A person decides once, and exactly what was shown is what happens."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text as sql

from bot.domain.approval import ApprovalKind, ApprovalState, Decision
from bot.domain.deciders import Facts
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.engine.hearing import Heard
from bot.errors import CoworkError, NotAllowed
from bot.rehearsal.answer import calls, text
from bot.store import approvals
from bot.store.calls import CallState
from tests.engine.office import ANA, BEN, results
from tests.store import databases


def batch(office, *actions):
    given = [{"tool": tool, "input": input} for tool, input in actions]
    return calls(("checkpoint", {"title": "Batch", "summary": "s", "actions": given}))


def move(office, name, to):
    return "move_file", {"source": f"{office.reports}/{name}", "destination": f"{office.reports}/{to}"}


def delete(office, name):
    return "delete_file", {"path": f"{office.reports}/{name}"}


def test_exactly_the_approved_calls_run_in_their_order(new_office):
    office = new_office(
        lambda _: batch(
            office,
            move(office, "a.txt", "x.txt"),
            move(office, "b.txt", "a.txt"),
            move(office, "x.txt", "b.txt"),
        ),
        text("Swapped."),
    )
    task = office.begin()
    shown = [action.call for action in office.pending(task.id).draft.actions]
    office.approve(task.id)

    ran = [entry for entry in office.entries(task.id) if entry.batch]
    assert [(entry.call, entry.state) for entry in ran] == [(call, CallState.ANSWERED) for call in shown]
    assert office.tree()["reports/a.txt"] == "beta"
    assert office.tree()["reports/b.txt"] == "alpha"


def test_a_batch_stops_at_its_first_failure_and_says_what_was_not_run(new_office):
    office = new_office(
        lambda _: batch(
            office,
            move(office, "a.txt", "1.txt"),
            move(office, "b.txt", "2.txt"),
            move(office, "c.txt", "3.txt"),
            move(office, "plan.md", "4.md"),
        ),
        text("It stopped."),
    )
    task = office.begin()
    (office.reports / "b.txt").unlink()

    assert office.approve(task.id).state is TaskState.DONE

    ((told, is_error),) = results(office.double)
    lines = told.splitlines()
    assert is_error
    assert lines[0] == "Approved by Ana Silva. Ran 1 of 4 actions, then stopped at a failure:"
    assert lines[1] == f"1. ok  Moved {office.reports}/a.txt → {office.reports}/1.txt"
    assert lines[2].startswith("2. failed  ")
    assert lines[3:] == ["3–4 not run."]
    assert office.tree().keys() == {"reports/1.txt", "reports/c.txt", "reports/plan.md", "wiki/rules.md"}
    assert office.record.snapshot(task.id).task.state is TaskState.DONE


def test_what_a_failed_batch_left_over_is_not_what_the_task_is_doing(new_office):
    office = new_office(
        lambda _: batch(office, move(office, "b.txt", "2.txt"), move(office, "c.txt", "3.txt")),
        lambda _: (activity.append(office.record.snapshot(task.id).activity), text("It stopped."))[1],
    )
    activity: list[str] = []
    task = office.begin()
    (office.reports / "b.txt").unlink()
    office.approve(task.id)

    assert activity == ["Thinking"]


def test_a_batch_whose_names_would_collide_is_refused_before_anyone_is_asked(new_office):
    office = new_office(
        lambda _: batch(office, move(office, "a.txt", "same.txt"), move(office, "b.txt", "SAME.txt")),
        text("I choose other names."),
    )
    task = office.begin()

    assert task.state is TaskState.DONE
    ((told, is_error),) = results(office.double)
    assert is_error
    assert told.startswith("Names in this batch would collide, so nobody was asked: ")


def test_a_redirection_gives_its_words_to_the_model_and_nothing_runs(new_office):
    office = new_office(
        lambda _: calls(
            ("delete_file", {"path": f"{office.reports}/a.txt"}),
            ("make_folder", {"path": f"{office.reports}/New"}),
            ("read_file", {"path": f"{office.reports}/b.txt"}),
        ),
        text("As you wish."),
    )
    before = office.tree()
    task = office.begin()
    office.decide(task.id, ApprovalState.REDIRECTED, "Leave everything <as it is>")

    assert office.work(task.id).state is TaskState.DONE
    told = "Not executed: redirected by Ana Silva: Leave everything <as it is>"
    assert results(office.double) == [(told, False)] * 3
    assert office.tree() == before


def test_a_redirected_batch_runs_nothing(new_office):
    office = new_office(lambda _: batch(office, move(office, "a.txt", "1.txt")), text("Fine."))
    before = office.tree()
    task = office.begin()

    assert office.say(task.id, "Only the PDFs please") is Heard.REDIRECTED
    office.work(task.id)

    assert results(office.double) == [("Not executed: redirected by Ana Silva: Only the PDFs please", False)]
    assert office.tree() == before
    assert [entry.batch for entry in office.entries(task.id)] == [""]


@pytest.mark.parametrize("yes", ["yes", "OK!", "approve", "Go ahead.", "👍"])
def test_a_yes_in_words_approves_nothing(new_office, yes):
    office = new_office(lambda _: batch(office, move(office, "a.txt", "1.txt")))
    task = office.begin()

    assert office.say(task.id, yes) is Heard.PRESS_APPROVE
    assert office.pending(task.id).is_pending
    assert office.claimed(task.id) is None


def test_calls_of_one_turn_that_ask_become_one_approval(new_office):
    office = new_office(
        lambda _: calls(
            ("read_file", {"path": f"{office.reports}/a.txt"}),
            delete(office, "a.txt"),
            ("make_folder", {"path": f"{office.reports}/New"}),
            delete(office, "b.txt"),
            move(office, "c.txt", "New/c.txt"),
        ),
        text("Done."),
    )
    task = office.begin()
    draft = office.pending(task.id).draft

    assert (draft.kind, draft.title) == (ApprovalKind.CALLS, "3 actions need your word")
    assert [action.call.tool for action in draft.actions] == ["delete_file", "delete_file", "move_file"]
    assert "reports/New" not in office.tree()

    assert office.approve(task.id).state is TaskState.DONE
    with office.database.read() as session:
        assert len(approvals.of_task(session, task.id)) == 1
    assert [told.split()[0] for told, _ in results(office.double)] == [
        f"[{office.reports}/a.txt",
        "Deleted",
        "Made",
        "Deleted",
        "Moved",
    ]
    assert office.tree().keys() == {"reports/New", "reports/New/c.txt", "reports/plan.md", "wiki/rules.md"}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_of_two_decisions_at_once_one_wins_and_the_other_learns_whose_it_was(new_office, kind, tmp_path):
    database = databases.sqlite(tmp_path) if kind == "sqlite" else databases.postgres()
    office = new_office(
        lambda _: batch(office, move(office, "a.txt", "1.txt")),
        text("Done."),
        database=database,
        changes={"approvers": frozenset({BEN.user})},
    )
    task = office.begin()
    approval_id = office.pending(task.id).id
    together = threading.Barrier(2)

    def decide(one):
        person, decision = one
        together.wait(60)
        return office.intake.decide(person, approval_id, decision)

    given = [
        (ANA, Decision(state=ApprovalState.APPROVED)),
        (BEN, Decision(state=ApprovalState.REDIRECTED, words="No")),
    ]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(decide, given)

    assert {first.is_new, second.is_new} == {True, False}
    assert first.approval == second.approval
    assert first.approval.decided_by.user == (ANA if first.is_new else BEN).user
    office.work(task.id)
    assert (office.reports / "1.txt").exists() is first.is_new
    database.close()


def test_a_second_click_changes_nothing(new_office):
    office = new_office(lambda _: batch(office, move(office, "a.txt", "1.txt")), text("Done."))
    task = office.begin()
    approval_id = office.pending(task.id).id
    office.approve(task.id)

    for state in (ApprovalState.APPROVED, ApprovalState.REDIRECTED, ApprovalState.STOPPED):
        again = office.intake.decide(ANA, approval_id, Decision(state=state))
        assert (again.is_new, again.approval.state) == (False, ApprovalState.APPROVED)
    assert office.task(task.id).state is TaskState.DONE


def test_only_the_requester_and_named_approvers_decide(new_office):
    office = new_office(
        lambda _: batch(office, move(office, "a.txt", "1.txt")), changes={"approvers": frozenset({BEN.user})}
    )
    task = office.begin()
    approval_id = office.pending(task.id).id
    yes = Decision(state=ApprovalState.APPROVED)
    stranger = Person(team="T2", user=ANA.user, name="Ana of another team")
    cleo = Person(team="T1", user="UCLEO", name="Cleo")

    for person, is_guest in ((cleo, False), (stranger, False), (BEN, True)):
        with pytest.raises(NotAllowed):
            office.intake.decide(person, approval_id, yes, facts=Facts(is_guest=is_guest))
    assert office.pending(task.id).is_pending
    assert office.intake.decide(BEN, approval_id, yes).approval.decided_by == BEN


def test_a_request_nobody_knows_is_refused(new_office):
    with pytest.raises(NotAllowed, match="not known here"):
        new_office().intake.decide(ANA, "nope", Decision(state=ApprovalState.APPROVED))


def test_an_approval_whose_calls_were_altered_runs_nothing(new_office):
    office = new_office(lambda _: batch(office, move(office, "a.txt", "1.txt")))
    before = office.tree()
    task = office.begin()
    with office.database.write("test") as session:
        session.execute(sql("UPDATE approval SET actions = replace(actions, '1.txt', '2.txt')"))

    with pytest.raises(CoworkError, match="digest"):
        office.decide(task.id, ApprovalState.APPROVED)
    assert office.pending(task.id).is_pending
    assert office.tree() == before


def test_an_approved_call_that_was_altered_is_put_to_the_person_again(new_office):
    office = new_office(lambda _: calls(delete(office, "a.txt")))
    before = office.tree()
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    with office.database.write("test") as session:
        session.execute(
            sql("UPDATE call SET input = replace(input, 'a.txt', 'b.txt') WHERE tool = 'delete_file'")
        )
    office.work(task.id)

    (action,) = office.pending(task.id).draft.actions
    assert action.call.input == {"path": f"{office.reports}/b.txt"}
    assert office.tree() == before
