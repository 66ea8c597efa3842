"""What cards, lists and the Details view are told of a task."""

from __future__ import annotations

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.snapshot import LogLine
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.rehearsal.script import turns
from tests.engine.office import ANA, BEN


def test_the_activity_is_the_call_that_runs_and_nothing_when_nothing_runs(new_office):
    office = new_office(
        lambda _: calls(
            ("read_file", {"path": f"{office.reports}/a.txt"}),
            ("make_folder", {"path": f"{office.reports}/New"}),
        ),
        text("Done."),
    )
    task_id = office.start()
    seen = []

    def watched(bench):
        run = bench.toolbox.run
        bench.toolbox.run = lambda call: (seen.append(office.record.snapshot(task_id).activity), run(call))[1]
        return bench

    office.laid_out = watched
    seen.append(office.record.snapshot(task_id).activity)
    office.work(task_id)

    assert seen == ["", f"Read {office.reports}/a.txt", f"Make folder {office.reports}/New"]
    assert office.record.snapshot(task_id).activity == ""


def test_a_task_that_is_asked_to_stop_says_so_until_it_has(new_office):
    office = new_office()
    task_id = office.start()
    office.claimed(task_id)
    office.intake.stop(ANA, task_id)

    assert office.record.snapshot(task_id).activity == "Stopping"


def test_the_log_tells_every_call_and_every_decision_with_its_outcome(new_office):
    def batch():
        given = [
            {
                "tool": "move_file",
                "input": {"source": f"{office.reports}/{name}", "destination": f"{office.reports}/{to}"},
            }
            for name, to in (("a.txt", "1"), ("b.txt", "2"), ("c.txt", "3"))
        ]
        return calls(
            ("read_file", {"path": f"{office.reports}/gone"}),
            ("delete_file", {"path": f"{office.wiki}/rules.md"}),
            ("checkpoint", {"title": "Move", "summary": "s", "actions": given}),
        )

    office = new_office(lambda _: batch(), text("Done."))
    task = office.begin()
    (office.reports / "b.txt").unlink()
    office.clock.forward(minutes=1)
    office.approve(task.id)

    lines = {line.what.replace(str(office.reports), ""): line.outcome for line in office.record.log(task.id)}
    assert lines == {
        "Read /gone": "failed",
        f"Delete {office.wiki}/rules.md": "denied",
        "Checkpoint: Move": "failed",
        "Ana Silva: Move": "approved",
        "Move /a.txt → /1": "ok",
        "Move /b.txt → /2": "failed",
        "Move /c.txt → /3": "not executed",
    }
    times = [line.at for line in office.record.log(task.id)]
    assert times == sorted(times)


def test_a_redirection_is_in_the_log_with_its_words(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})), text("Fine."))
    task = office.begin()
    office.decide(task.id, ApprovalState.REDIRECTED, "Keep it")

    preview = f"Delete {office.reports}/a.txt"
    assert [line for line in office.record.log(task.id) if line.outcome == "redirected"] == [
        LogLine(at=office.clock(), what=f"Ana Silva: {preview}", outcome="redirected", why="Keep it")
    ]


def test_a_list_holds_a_persons_own_tasks_newest_first(new_office):
    office = new_office(mind=turns(text("Done.")))
    mine = [office.start(f"Goal {number}") for number in range(3)]
    office.start(person=BEN)
    office.work(mine[0])

    assert [(task.id, task.state) for task in office.record.tasks_of(ANA, limit=3)] == [
        (mine[2], TaskState.QUEUED),
        (mine[1], TaskState.QUEUED),
        (mine[0], TaskState.DONE),
    ]
    assert len(office.record.newest()) == 4


def test_what_a_plan_will_take_is_told_by_what_the_steps_of_finished_tasks_took(new_office):
    def planned(count):
        return calls(("update_plan", {"steps": [{"title": "Look", "status": "pending"}] * count}))

    def mind(request):
        has_planned = any(one["role"] == "assistant" for one in request["messages"])
        if len(finished) < 5:
            return text("Done.") if has_planned else planned(2)
        return calls(("ask_person", {"question": "Which?"})) if has_planned else planned(6)

    office, finished = new_office(mind=mind), []
    while len(finished) < 5:
        task_id = office.start()
        office.work(task_id)
        finished.append(task_id)
    task_id = office.start()
    assert office.record.snapshot(task_id).estimate is None
    office.work(task_id)

    found = office.record.snapshot(task_id).estimate
    spent = sorted(office.record.snapshot(done).task.spent.dollars for done in finished)
    assert (found.tasks, found.dollars) == (5, pytest.approx(spent[2] / 2 * 6))
    assert office.record.snapshot(finished[0]).estimate is None
