"""A task that ends the process again and again is not tried for ever."""

from __future__ import annotations

from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.store import leases
from tests.engine.office import ANA


def crashes(office, task_id, times):
    """So many processes die while they work on it."""
    for _ in range(times):
        assert office.claimed(task_id) is not None
        with office.database.write("test") as session:
            leases.take_all_back(session, now=office.clock())


def test_after_five_deaths_in_a_row_it_fails_and_says_so_and_retry_goes_on(new_office):
    office = new_office(text("Done."))
    task_id = office.start()

    crashes(office, task_id, 5)
    failed = office.work(task_id)

    assert failed.state is TaskState.FAILED
    assert failed.note.startswith("Cowork ended 5 times in a row while it was at this step")
    assert office.double.requests == []
    office.intake.retry(ANA, task_id)
    assert office.work(task_id).state is TaskState.DONE


def test_deaths_with_something_achieved_between_them_do_not_add_up(new_office):
    office = new_office(
        lambda _: calls(("list_folder", {"path": str(office.reports)})),
        lambda _: calls(("ask_person", {"question": "Which?"})),
        text("Done."),
    )
    task_id = office.start()
    crashes(office, task_id, 4)
    assert office.work(task_id).state is TaskState.WAITING
    office.say(task_id, "All of them")
    crashes(office, task_id, 4)

    assert office.work(task_id).state is TaskState.DONE


def test_what_becomes_of_a_task_is_logged_with_its_reference_and_without_peoples_words(new_office, caplog):
    caplog.set_level("INFO", "bot.engine.news")
    office = new_office(text("Done."))
    task_id = office.start("Tidy the secret folder")
    crashes(office, task_id, 5)
    failed = office.work(task_id)

    said = [record.getMessage() for record in caplog.records]
    assert said[0] == "started by UANA@T1"
    assert said[-1].startswith("failed by cowork: Cowork ended 5 times")
    assert said[-1].endswith(failed.reference)
    assert not [line for line in said if "secret" in line]
