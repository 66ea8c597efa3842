"""Parts of a batch are left out: exactly the others run, it is written down who did it, and the model is told."""

from __future__ import annotations

import pytest

from bot.domain.approval import ApprovalState, Decision
from bot.domain.event import News
from bot.domain.task import TaskState
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from bot.store import entries
from bot.store.calls import CallState
from tests.engine.office import ANA, results


def delete(office, name):
    return "delete_file", {"path": f"{office.reports}/{name}.txt"}


def batch(office):
    prepared = [{"tool": tool, "input": given} for tool, given in (delete(office, name) for name in "abc")]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))


def approve_without(office, task, *numbers):
    decision = Decision(state=ApprovalState.APPROVED, left_out=numbers)
    office.intake.decide(ANA, office.pending(task.id).id, decision)
    return office.work(task.id)


def texts(office):
    return {name.rpartition("/")[2] for name in office.tree() if name.endswith(".txt")}


def test_of_a_batch_exactly_the_others_run_and_the_model_is_told(new_office):
    office = new_office(lambda _: batch(office), text("Done."))
    task = approve_without(office, office.begin(), 2)

    assert task.state is TaskState.DONE
    assert texts(office) == {"b.txt"}
    ((told, is_error),) = results(office.double)
    assert told.startswith(
        "Approved by Ana Silva without 1 of its 3 actions. Left out, and not to be done: "
        f"Delete {office.reports}/b.txt. Ran 2 of 2 actions:"
    )
    assert not is_error


def test_of_calls_held_together_the_one_left_out_is_answered_and_never_runs(new_office):
    office = new_office(lambda _: calls(*(delete(office, name) for name in "abc")), text("Done."))
    task = approve_without(office, office.begin(), 1, 3)

    assert texts(office) == {"a.txt", "c.txt"}
    assert [entry.state for entry in office.entries(task.id)] == [
        CallState.REFUSED,
        CallState.ANSWERED,
        CallState.REFUSED,
    ]
    assert results(office.double)[0] == ("Left out by Ana Silva; not executed. It is not to be done.", False)


def test_what_was_left_out_and_by_whom_stands_in_the_audit_with_the_digest_of_the_rest(new_office):
    office = new_office(lambda _: batch(office), text("Done."))
    task = office.begin()
    shown = office.pending(task.id)
    approve_without(office, task, 2)

    approval = office.record.approval(shown.id)
    assert (approval.left_out, approval.decided_by) == ((2,), ANA)
    assert approval.digest == shown.digest != approval.kept.digest
    [decided] = [event for event in office.record.news(task.id) if event.news is News.DECIDED]
    assert decided.data["digest"] == approval.kept.digest
    assert decided.data["left_out"] == [shown.draft.actions[1].preview]
    with office.database.read() as session:
        [audited] = [one for one in entries.all_of(session, task.id) if one.action == News.DECIDED]
    assert (audited.actor, "b.txt" in audited.data) == ("UANA@T1", True)


def test_of_what_a_batch_asks_anew_some_can_be_left_out_too(new_office):
    office = new_office(lambda _: batch(office), text("Done."))
    task = office.begin()
    (office.reports / "b.txt").write_text("by Ben")
    office.approve(task.id)
    task = approve_without(office, task, 1)

    assert task.state is TaskState.DONE
    assert texts(office) == {"b.txt"}
    ((told, _),) = results(office.double)
    assert "Ran 2 of 3 actions" in told
    assert "2. Left out by Ana Silva; not executed." in told


@pytest.mark.parametrize("numbers", [(1, 2, 3), (0,), (4,), (2, 1), (1, 1)])
def test_all_of_it_or_what_is_not_there_cannot_be_left_out(new_office, numbers):
    office = new_office(lambda _: batch(office))
    task = office.begin()

    with pytest.raises(NotAllowed):
        approve_without(office, task, *numbers)
    assert office.pending(task.id).is_pending
    assert texts(office) == {"a.txt", "b.txt", "c.txt"}


def test_a_redirection_leaves_nothing_out(new_office):
    office = new_office(lambda _: batch(office))
    task = office.begin()
    decision = Decision(state=ApprovalState.REDIRECTED, words="no", left_out=(1,))

    with pytest.raises(NotAllowed):
        office.intake.decide(ANA, office.pending(task.id).id, decision)
