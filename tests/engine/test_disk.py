"""The disk is full, or the database may only be read: it is said clearly, nothing is lost, and work goes on."""

from __future__ import annotations

import pytest

from bot.domain.task import TaskState
from bot.errors import DatabaseOut
from bot.rehearsal.answer import calls, text
from bot.store.database import Database
from tests.store import databases
from tests.store.disks import Disk

LONG = "word " * 20_000


@pytest.fixture
def database(tmp_path):
    database = databases.sqlite(tmp_path)
    yield database
    database.close()


def test_on_a_full_disk_a_goal_is_refused_clearly_and_nothing_of_it_stays(new_office, database):
    office = new_office(database=database)
    disk = Disk(database)
    first = office.start()
    disk.fill()
    with pytest.raises(DatabaseOut, match=r"^the database did not take it \(its disk is full\)$"):
        office.start("Sum this up: " + LONG[:7000], key="again")
    disk.make_room()
    assert office.start("Sum this up", key="again") == first + 1


def test_a_task_whose_disk_fills_up_pauses_and_goes_on_when_there_is_room(new_office, database):
    def full(_):
        disk.fill()
        return calls(("write_file", {"path": f"{office.reports}/new.md", "content": LONG}))

    office = new_office(full, text("Done."), database=database)
    disk = Disk(database)
    task = office.begin()
    assert task.state is TaskState.PAUSED
    assert task.note.startswith(
        "I could not write down what I did: the database did not take it (its disk is full)."
    )
    assert not (office.reports / "new.md").exists()

    disk.make_room()
    office.clock.forward(seconds=5)
    done = office.work(task.id)
    assert (done.state, done.answer) == (TaskState.DONE, "Done.")


def test_a_database_that_may_only_be_read_says_so_and_shows_what_it_holds(new_office, database):
    office = new_office(database=database)
    task_id = office.start("Organize the reports")
    readonly = Database(f"sqlite:///file:{database.url.database}?mode=ro&uri=true")
    with pytest.raises(DatabaseOut, match="it may only be read"), readonly.write("test") as session:
        session.connection().exec_driver_sql("UPDATE task SET goal = ''")
    with readonly.read() as session:
        goal = session.connection().exec_driver_sql("SELECT goal FROM task").scalar_one()
    readonly.close()
    assert (task_id, goal) == (1, "Organize the reports")
