"""What stands in the way of a task is told to the one who can act, and the work is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from bot.errors import NotAllowed
from bot.model.claude import Claude
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.rehearsal.gate import Gate
from bot.store import tasks
from tests.engine.office import ANA, BEN


def again_at(office, task_id):
    with office.database.read() as session:
        return tasks.again_at(session, task_id)


@pytest.mark.parametrize(
    "fault",
    [
        trouble.overloaded(),
        trouble.server_error(),
        trouble.rate_limited(),
        trouble.reset(),
        trouble.reset(3),
        trouble.dropped(3),
        trouble.cut_short(3),
        trouble.error_event(2),
        trouble.broken_tool(),
        trouble.empty_body(),
    ],
    ids=lambda fault: f"{fault.name} {fault.after or ''}".strip(),
)
def test_an_outage_pauses_with_a_time_and_goes_on_by_itself_when_it_has_come(new_office, fault):
    office = new_office(lambda _: calls(("list_folder", {"path": str(office.reports)})), text("Done."))
    office.double.faults.next(fault)
    task = office.begin()

    assert task.state is TaskState.PAUSED
    assert task.note.startswith("The model cannot be reached: ")
    assert task.note.endswith("What was done is kept. I will try again by myself; Retry tries now.")
    assert again_at(office, task.id) == office.clock() + timedelta(seconds=5)
    assert office.claimed(task.id) is None

    office.clock.forward(seconds=5)
    task = office.work(task.id)
    assert (task.state, task.note) == (TaskState.DONE, "")


def test_nobody_at_the_address_is_an_outage_and_what_was_done_is_kept(new_office):
    office = new_office(
        lambda _: (
            calls(("list_folder", {"path": str(office.reports)})),
            office.double.faults.next(trouble.reset()),
        )[0],
        text("Done."),
        model="claude-opus-5-5",
    )
    task = office.begin()
    assert (task.state, task.spent.turns) == (TaskState.PAUSED, 1)
    address = office.double.url
    office.double.stop()
    office.clock.forward(seconds=5)
    task = office.work(task.id)

    assert task.state is TaskState.PAUSED
    assert f"Nothing answers at {address}" in task.note or "The model cannot be reached" in task.note
    office.double.start(int(address.rpartition(":")[2]))
    office.clock.forward(seconds=10)
    assert office.work(task.id).state is TaskState.DONE
    assert len(office.history(task.id)) == 4


def test_outages_in_a_row_wait_longer_each_time_and_end_with_a_person(new_office):
    office = new_office(text("Done."))
    office.double.faults.always = trouble.overloaded()
    task_id = office.start()
    waits = []
    while True:
        task = office.work(task_id)
        at = again_at(office, task_id)
        if at is None:
            break
        waits.append((at - office.clock()).total_seconds())
        office.clock.now = at

    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600]
    assert task.note.endswith("I stopped trying; Retry tries now.")
    office.double.faults.always = None
    office.intake.retry(ANA, task_id)
    assert office.work(task_id).state is TaskState.DONE


def test_the_service_is_given_as_long_as_it_asks_for(new_office):
    office = new_office()
    office.double.faults.next(trouble.rate_limited("42"))
    task = office.begin()

    assert again_at(office, task.id) == office.clock() + timedelta(seconds=42)


def test_a_service_that_falls_silent_is_given_up_and_the_task_pauses(new_office):
    office = new_office(text("Never heard."), text("Done."), model="claude-opus-5-5")
    gate = Gate()
    office.double.faults.next(trouble.stall(2, gate))
    impatient = Claude(
        api_key="key", base_url=office.double.url, model="claude-opus-5-5", endpoint="anthropic", silence=0.2
    )
    office.claude = impatient
    office.__post_init__()
    task = office.begin()
    gate.open()

    assert task.state is TaskState.PAUSED
    assert (
        "The model cannot be reached: The connection to the model service failed (ReadTimeout). " in task.note
    )
    assert office.history(task.id) == []
    office.clock.forward(seconds=5)
    assert office.work(task.id).state is TaskState.DONE
    impatient.close()


def test_a_call_that_was_cut_off_is_never_run_and_is_asked_for_again(new_office):
    make = lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "whole"}))  # noqa: E731
    office = new_office(make, text("Done."))
    office.double.faults.next(trouble.cut_tool())
    task = office.begin()

    assert task.state is TaskState.DONE
    assert office.tree()["reports/new.md"] == "whole"
    assert len(office.entries(task.id)) == 1
    first, second = [request["max_tokens"] for request in office.double.requests[:2]]
    assert second == 2 * first


def test_an_answer_that_does_not_fit_twice_over_is_told_and_nothing_of_it_was_done(new_office):
    make = lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "whole"}))  # noqa: E731
    office = new_office(make, text("Done."))
    office.double.faults.next(trouble.cut_tool(), trouble.cut_tool())
    task = office.begin()

    assert task.state is TaskState.FAILED
    assert "did not fit in" in task.note
    assert "reports/new.md" not in office.tree()
    assert office.entries(task.id) == []
    office.intake.retry(ANA, task.id)
    assert office.work(task.id).state is TaskState.DONE


def test_an_answer_that_makes_no_sense_is_asked_for_twice_more_at_most(new_office):
    look = [lambda _: calls(("list_folder", {"path": str(office.reports)}))] * 3
    office = new_office(*look, text("Done."))
    office.double.faults.next(*[trouble.broken_tool()] * 3)
    task_id = office.start()
    for seconds in (5, 10):
        office.work(task_id)
        office.clock.forward(seconds=seconds)
    task = office.work(task_id)

    assert (task.state, again_at(office, task_id)) == (TaskState.PAUSED, None)
    assert task.note.endswith("I stopped trying; Retry tries now.")
    office.intake.retry(ANA, task_id)
    assert office.work(task_id).state is TaskState.DONE


def test_a_pause_of_the_service_in_mid_turn_is_gone_on_from(new_office):
    office = new_office(text("Half of it."), text("The other half."))
    office.double.faults.next(trouble.pause_turn())
    task = office.begin()

    assert (task.state, task.spent.turns) == (TaskState.DONE, 1)
    assert task.answer.endswith("The other half.")


def test_retry_does_not_wait_for_the_time(new_office):
    office = new_office(text("Done."))
    office.double.faults.next(trouble.overloaded())
    task = office.begin()
    office.intake.retry(ANA, task.id)

    assert office.work(task.id).state is TaskState.DONE


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (
            trouble.refused(401, "authentication_error", "invalid x-api-key"),
            "Set ANTHROPIC_API_KEY to a valid key",
        ),
        (trouble.refused(403, "permission_error", "no"), "set COWORK_MODEL to a model that it may use"),
        (trouble.refused(404, "not_found_error", "model: x"), "Set COWORK_MODEL to one that is"),
        (trouble.spend_limit(), "Raise the limit or add credit"),
    ],
    ids=["key", "right", "model", "money"],
)
def test_what_the_operator_must_set_pauses_with_the_remedy_and_goes_on_with_retry(new_office, fault, remedy):
    office = new_office(text("Done."))
    office.double.faults.next(fault)
    task = office.begin()

    assert task.state is TaskState.PAUSED
    assert remedy in task.note
    assert task.note.endswith("What was done is kept. Press Retry when it is set.")
    office.clock.forward(days=1)
    assert office.claimed(task.id) is None
    office.intake.retry(ANA, task.id)
    assert office.work(task.id).state is TaskState.DONE


def test_another_model_after_an_unknown_one_takes_over_the_task(new_office):
    office = new_office(text("Done."), model="claude-none-1")
    task = office.begin()
    assert "“claude-none-1” is not known" in task.note
    assert office.double.invalid == ["model: claude-none-1"]
    office.double.invalid.clear()

    claude = Claude(api_key="key", base_url=office.double.url, model="rehearsal", endpoint="anthropic")
    office.claude = claude
    office.__post_init__()
    office.intake.retry(ANA, task.id)

    assert office.work(task.id).state is TaskState.DONE
    claude.close()


def test_a_refusal_fails_with_its_words_and_a_reference(new_office):
    office = new_office(
        lambda _: calls(("list_folder", {"path": str(office.reports)})), text("Second."), text("Third.")
    )
    office.double.faults.next(trouble.refusal(midway=True))
    task = office.begin()

    assert task.state is TaskState.FAILED
    assert task.note == "The model declined to go on with this, and gave no reason."
    assert task.reference.startswith(f"{task.id}-")
    assert office.history(task.id) == []
    office.intake.retry(ANA, task.id)
    task = office.work(task.id)
    assert (task.state, task.round, task.note, task.reference) == (TaskState.DONE, 2, "", "")


def test_an_answer_without_a_word_does_not_stand_in_the_way_of_the_next_round(new_office):
    office = new_office(text("Never heard."), text("Here I am."))
    office.double.faults.next(trouble.empty_end_turn())
    task = office.begin()
    office.say(task.id, "Hello?")

    assert office.work(task.id).answer == "Here I am."


def test_a_fault_of_our_own_fails_with_a_reference_that_is_in_the_log(new_office, caplog):
    office = new_office(lambda _: calls(("make_folder", {"path": f"{office.reports}/New"})), text("Done."))
    office.laid_out = broken
    task = office.begin()

    assert (task.state, task.note) == (
        TaskState.FAILED,
        "Something in Cowork itself went wrong. What was done is kept. Press Retry to go on from there.",
    )
    assert task.reference in caplog.text
    office.laid_out = lambda bench: bench
    office.intake.retry(ANA, task.id)
    assert office.work(task.id).state is TaskState.DONE
    assert "reports/New" in office.tree()


def broken(bench):
    def fail(_):
        raise ZeroDivisionError

    bench.toolbox.run = fail
    return bench


def test_a_task_that_has_used_its_turns_pauses_and_retry_gives_as_many_again(new_office):
    look = [lambda _: calls(("list_folder", {"path": str(office.reports)}))] * 4
    office = new_office(*look, text("Done."), changes={"turns": 2})
    task = office.begin()

    assert (task.state, task.spent.turns) == (TaskState.PAUSED, 2)
    assert task.note == (
        "The task has used the 2 turns it was given. What was done is kept. Press Retry to give it as much again."
    )
    office.intake.retry(ANA, task.id)
    assert office.work(task.id).spent.turns == 4
    office.intake.retry(ANA, task.id)
    assert office.work(task.id).state is TaskState.DONE


def test_retry_is_for_who_may_decide_and_for_what_paused_or_failed(new_office):
    office = new_office(calls(("ask_person", {"question": "Which?"})))
    task = office.begin()

    with pytest.raises(NotAllowed):
        office.intake.retry(BEN, task.id)
    assert office.intake.retry(ANA, task.id) == task
    assert office.pending(task.id).state is ApprovalState.PENDING
