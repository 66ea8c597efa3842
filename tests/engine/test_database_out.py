"""The database does not answer for a while: the task pauses or its end is written down later, and nothing is lost."""

from __future__ import annotations

import contextlib
import json
import threading

import pytest

from bot.domain.event import News
from bot.domain.task import TaskState
from bot.errors import DatabaseOut
from bot.rehearsal.answer import calls, text
from bot.store import entries
from bot.store.database import Database
from tests.store import databases

REJECTS_DONE = (
    "CREATE TRIGGER no_end BEFORE UPDATE ON task WHEN NEW.state = 'done' "
    "BEGIN SELECT RAISE(ABORT, 'not that'); END"
)


class FailingDatabase(Database):
    """Refuses its writes while `is_out`; counts those it refused. Nobody can tell it from one whose disk is full."""

    def __init__(self, url):
        super().__init__(url)
        self.is_out = False
        self.refused = 0

    @contextlib.contextmanager
    def write(self, name):
        if self.is_out:
            self.refused += 1
            raise DatabaseOut("the database did not take it (disk full)", retry_after=1)
        with super().write(name) as session:
            yield session


@pytest.fixture
def database(tmp_path):
    database = FailingDatabase(databases.sqlite_url(tmp_path))
    yield database
    database.close()


def heals(database):
    timer = threading.Timer(0.4, lambda: setattr(database, "is_out", False))
    timer.start()
    return timer


def test_the_end_of_a_stretch_of_work_is_written_down_as_soon_as_the_database_answers(new_office, database):
    def lost(_):
        database.is_out = True
        timers.append(heals(database))
        return text("Done.")

    timers = []
    office = new_office(lost, lambda _: text("Done."), database=database)
    task = office.begin()

    assert (task.state, database.refused) == (TaskState.PAUSED, 2)
    assert "disk full" in task.note
    office.clock.forward(seconds=5)
    assert office.work(task.id).state is TaskState.DONE
    timers[0].join()


def test_a_result_that_cannot_be_written_down_is_kept_until_it_can(new_office, database):
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/new.md", "content": "n"})),
        text("Done."),
        database=database,
    )
    office.laid_out = lambda bench: refusing_after(bench, database)
    task = office.begin()

    assert (task.state, database.refused) == (TaskState.DONE, 1)
    assert (office.reports / "new.md").read_text() == "n"
    assert len(office.record.snapshot(task.id).receipts) == 1


def refusing_after(bench, database):
    """The disk is full as soon as the call was made."""
    run = bench.toolbox.run

    def full(call):
        result = run(call)
        database.is_out = True
        heals(database)
        return result

    bench.toolbox.run = full
    return bench


def test_an_end_that_the_database_rejects_is_a_failure_and_not_silence(new_office, database):
    office = new_office(text("Done."), database=database)
    with database.write("test") as session:
        session.connection().exec_driver_sql(REJECTS_DONE)
    task = office.advance(office.start())

    assert (task.state, task.note[:31]) == (TaskState.FAILED, "Something in Cowork itself went")


class DoubtfulDatabase(Database):
    """Makes the first write of each of these names, and loses the word of it: a connection cut at the commit."""

    def __init__(self, url, *names):
        super().__init__(url)
        self.unheard = set(names)

    @contextlib.contextmanager
    def write(self, name):
        with super().write(name) as session:
            yield session
        if name in self.unheard:
            self.unheard.remove(name)
            raise DatabaseOut("the database did not take it (connection cut)", retry_after=1)


def test_an_answer_whose_commit_was_not_heard_of_is_not_told_twice(new_office, tmp_path):
    database = DoubtfulDatabase(databases.sqlite_url(tmp_path), "journal.answer")
    office = new_office(
        lambda _: calls(
            ("read_file", {"path": f"{office.reports}/a.txt"}),
            ("make_folder", {"path": f"{office.reports}/New"}),
        ),
        text("Done."),
        database=database,
    )
    task_id = office.start()
    office.work(task_id)

    with database.read() as session:
        told = [
            json.loads(line.data)["call"]
            for line in entries.all_of(session, task_id)
            if line.action == News.CALLED
        ]
    assert office.task(task_id).state is TaskState.DONE
    assert (len(told), len(set(told)), database.unheard) == (2, 2, set())
    database.close()
