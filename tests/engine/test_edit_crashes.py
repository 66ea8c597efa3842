"""The process dies at any write around an edit: it is there or not, and what runs is what was shown last, once."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.store import approvals, leases
from tests.engine.mortal import Death, Died, MortalDatabase, counting
from tests.engine.office import ANA
from tests.store import databases


def said(office, in_batch):
    made = [("delete_file", {"path": f"{office.reports}/{name}"}) for name in ("a.txt", "b.txt")]
    if not in_batch:
        return calls(*made)
    prepared = [{"tool": tool, "input": given} for tool, given in made]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))


def life(office, ran):
    """One process, until the task is done: Ana edits the second action of the first request, and approves the rest."""
    office.laid_out = lambda bench: counting(bench, ran)
    with office.database.write("test") as session:
        leases.take_all_back(session, now=office.clock())
    task_id = office.start(key="T1:Ev1")
    while (task := office.work(task_id)).state is TaskState.WAITING:
        shown = office.pending(task_id)
        if any(action.revision is not None for action in shown.draft.actions):
            office.decide(task_id, ApprovalState.APPROVED)
        else:
            office.intake.edit(ANA, shown.id, 2, {"path": f"{office.reports}/c.txt"})
    return task


def lived(new_office, folder, in_batch, death):
    database = MortalDatabase(databases.sqlite(folder).url)
    office = new_office(lambda _: said(office, in_batch), text("Done."), database=database)
    ran: Counter[str] = Counter()
    try:
        for number in range(5):
            database.reborn(death if number == 0 else None)
            office.__post_init__()
            try:
                return office, life(office, ran), ran, database.writes
            except Died:
                continue
        raise AssertionError("the task did not end")
    finally:
        database.close()


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("in_batch", [False, True])
def test_at_every_write_around_an_edit(new_office, tmp_path, in_batch, is_after):
    folder = tmp_path / "calm"
    folder.mkdir()
    _, _, _, writes = lived(new_office, folder, in_batch, None)
    assert writes > 10
    for at in range(1, writes + 1):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        office, task, ran, _ = lived(new_office, folder, in_batch, Death(at=at, is_after=is_after))

        assert task.state is TaskState.DONE, at
        assert {"reports/a.txt", "reports/c.txt"} & office.tree().keys() == set(), at
        assert "reports/b.txt" in office.tree(), at
        assert max(ran.values()) == 1, at
        with office.database.read() as session:
            states = {one.state for one in approvals.of_task(session, task.id)}
        assert states == {ApprovalState.EDITED, ApprovalState.APPROVED}, at
