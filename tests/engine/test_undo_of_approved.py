"""An Undo of what was approved: it is bound to what the task left, never to what the approval was based on."""

from __future__ import annotations

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import Autonomy, TaskState
from bot.engine.undoing import LAST
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from tests.engine.office import ANA
from tests.tools.trees import tree


def deeds(office, *, in_batch):
    at = office.reports
    actions = [
        ("write_file", {"path": f"{at}/a.txt", "content": "mine"}),
        ("move_file", {"source": f"{at}/b.txt", "destination": f"{at}/X/b.txt"}),
        ("delete_file", {"path": f"{at}/c.txt"}),
    ]
    if not in_batch:
        return calls(*actions)
    prepared = [{"tool": tool, "input": given} for tool, given in actions]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))


def overtaken_by_ben(office):
    """Ben writes a.txt between the last verdict on a call and the call itself, once."""

    def laid_out(bench):
        begin = bench.journal.begin

        def then_ben(entry, verdict, pin):
            begin(entry, verdict, pin)
            (office.reports / "a.txt").write_text("alpha by Ben")

        bench.journal.begin = then_ben
        return bench

    office.laid_out = laid_out


def undone(office, task):
    office.clock.forward(minutes=1)
    office.intake.undo(ANA, task.id, LAST)
    return office.work(task.id)


@pytest.mark.parametrize("in_batch", [False, True])
def test_an_undo_asks_nobody_whatever_was_changed_since_the_yes(new_office, in_batch):
    office = new_office(lambda _: deeds(office, in_batch=in_batch), text("Done."))
    before = tree(office.reports)
    task = office.approve(office.begin(autonomy=Autonomy.SUPERVISED).id)
    assert task.state is TaskState.DONE
    (office.reports / "a.txt").write_text("by hand")
    by_hand = tree(office.reports)["a.txt"]

    after = undone(office, task)

    assert office.record.pending(task.id) is None
    assert (after.state, after.answer.splitlines()[0]) == (TaskState.DONE, "Undone: 2 of 3 changes.")
    assert tree(office.reports) == before | {"a.txt": by_hand}


def test_what_was_approved_anew_over_somebodys_change_is_put_back_with_that_change(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/a.txt", "content": "mine"})), text("Done.")
    )
    task = office.begin(autonomy=Autonomy.SUPERVISED)
    overtaken_by_ben(office)
    assert office.approve(task.id).state is TaskState.WAITING
    office.laid_out = lambda bench: bench
    bens = tree(office.reports)
    task = office.approve(task.id)
    assert (office.reports / "a.txt").read_text() == "mine"

    after = undone(office, task)

    assert tree(office.reports) == bens
    assert after.answer == "Undone: 1 change. Everything is as it was before."


def test_a_call_that_was_overtaken_and_then_redirected_leaves_nothing_to_undo(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/a.txt", "content": "mine"})), text("Done.")
    )
    task = office.begin(autonomy=Autonomy.SUPERVISED)
    overtaken_by_ben(office)
    office.approve(task.id)
    office.decide(task.id, ApprovalState.REDIRECTED, "Leave it.")
    task = office.work(task.id)
    bens = tree(office.reports)

    with pytest.raises(NotAllowed, match="nothing to undo"):
        office.intake.undo(ANA, task.id, LAST)

    assert task.state is TaskState.DONE and tree(office.reports) == bens
