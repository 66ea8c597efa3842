"""The process dies at any write while a batch drifts and is put anew: nothing is lost, and nothing happens twice."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.store import approvals, leases
from bot.store.calls import CallState
from tests.engine.mortal import Death, Died, MortalDatabase, counting
from tests.store import databases

NAMES = ("a.txt", "b.txt", "c.txt")


def said(office):
    moves = [
        {
            "tool": "move_file",
            "input": {"source": f"{office.reports}/{n}", "destination": f"{office.reports}/X/{n}"},
        }
        for n in NAMES
    ]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": moves}))


def told(office, task_id):
    with office.database.read() as session:
        return approvals.of_task(session, task_id)


def life(office, ran):
    """One process, until the task is done: every request is approved, and after the first yes Ben is faster."""
    office.laid_out = lambda bench: counting(bench, ran)
    with office.database.write("test") as session:
        leases.take_all_back(session, now=office.clock())
    task_id = office.start(key="T1:Ev1")
    while True:
        task = office.work(task_id) if len(told(office, task_id)) != 1 else office.task(task_id)
        if task.state is not TaskState.WAITING:
            first = told(office, task_id)[:1]
            if first and first[0].state is ApprovalState.APPROVED and (office.reports / "b.txt").exists():
                (office.reports / "b.txt").write_text("by Ben")
            task = office.work(task_id)
        if task.state is not TaskState.WAITING:
            return task
        office.decide(task_id, ApprovalState.APPROVED)


def lived(new_office, folder, death):
    database = MortalDatabase(databases.sqlite(folder).url)
    office = new_office(lambda _: said(office), text("Done."), database=database)
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
def test_at_every_write_of_a_batch_that_is_put_anew(new_office, tmp_path, is_after):
    folder = tmp_path / "calm"
    folder.mkdir()
    _, _, _, writes = lived(new_office, folder, None)
    assert writes > 10
    for at in range(1, writes + 1):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        office, task, ran, _ = lived(new_office, folder, Death(at=at, is_after=is_after))

        assert task.state is TaskState.DONE, at
        tree = office.tree()
        assert [tree[f"reports/X/{name}"] for name in NAMES] == ["alpha", "by Ben", "gamma"], at
        assert max(ran.values()) == 1, at
        states = [one.state for one in told(office, task.id)]
        assert states == [ApprovalState.APPROVED, ApprovalState.APPROVED], at


def test_what_was_begun_did_not_happen_and_drifted_is_asked_anew_as_not_done(new_office):
    def dying(bench):
        begin = bench.journal.begin

        def then_dead(entry, verdict, pin):
            begin(entry, verdict, pin)
            raise Died

        bench.journal.begin = then_dead
        return bench

    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    task = office.begin()
    office.laid_out = dying
    with pytest.raises(Died):
        office.approve(task.id)
    (office.reports / "a.txt").write_text("by Ben")
    office.laid_out = lambda bench: bench
    with office.database.write("test") as session:
        leases.take_all_back(session, now=office.clock())

    assert office.work(task.id).state is TaskState.WAITING
    [held] = office.entries(task.id)
    assert (held.state, held.begun_at, held.is_unknown) == (CallState.HELD, None, False)
