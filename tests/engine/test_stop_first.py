"""A stop that was committed first comes first, though no word of it has reached the worker yet."""

from __future__ import annotations

from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from tests.engine.office import ANA


def stopping_after(judged, office, task_id):
    """Somebody stops the task at another process, between the verdict on this call and what follows."""
    office.intake.interrupt = lambda _: None

    def changed(bench):
        judge = bench.toolbox.judge

        def judging(entry):
            verdict = judge(entry)
            if entry.call.tool == judged:
                office.intake.stop(ANA, task_id)
            return verdict

        bench.toolbox.judge = judging
        return bench

    office.laid_out = changed


def test_a_call_is_not_begun_after_a_stop(new_office):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "n"})), text("Done.")
    )
    task_id = office.start()
    stopping_after("write_file", office, task_id)

    assert office.work(task_id).state is TaskState.STOPPED
    assert "reports/new.md" not in office.tree()
    assert [entry.text for entry in office.entries(task_id)] == ["Not executed: stopped by Ana Silva."]


def test_nothing_is_put_before_a_person_after_a_stop_and_the_next_words_reach_the_model(new_office):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})), text("I leave it.")
    )
    task_id = office.start()
    stopping_after("delete_file", office, task_id)

    assert office.work(task_id).state is TaskState.STOPPED
    assert office.record.pending(task_id) is None
    office.laid_out = lambda bench: bench
    office.say(task_id, "Leave it there")
    assert office.work(task_id).state is TaskState.DONE
    assert "Leave it there" in str(office.double.requests[-1]["messages"][-1])
