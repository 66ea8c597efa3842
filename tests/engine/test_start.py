"""What may begin a task, and what is told to the person where it may not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.domain.grant import FolderGrant
from bot.domain.person import Place
from bot.domain.task import Autonomy, TaskState
from bot.errors import NotAllowed
from bot.rehearsal.answer import text
from tests.engine.office import ANA, BEN, THREAD
from tests.store import databases


def test_a_delivery_that_comes_again_is_the_same_task(new_office):
    office = new_office(text("Done."))

    started = [office.intake.start(ANA, THREAD, "Do it", key="T1:Ev1") for _ in range(3)]

    assert [one.is_new for one in started] == [True, False, False]
    assert len({one.task.id for one in started}) == 1
    assert len(office.record.tasks_of(ANA)) == 1
    office.work(started[0].task.id)
    again = office.intake.start(ANA, THREAD, "Do it", key="T1:Ev1")
    assert (again.is_new, again.task.state) == (False, TaskState.DONE)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_deliveries_at_the_same_moment_are_one_task(new_office, kind, tmp_path):
    office = new_office(database=databases.sqlite(tmp_path) if kind == "sqlite" else databases.postgres())
    together = threading.Barrier(4)

    def start(_):
        together.wait(60)
        return office.intake.start(ANA, THREAD, "Do it", key="T1:Ev1")

    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(start, range(4)))

    assert sorted(one.is_new for one in started) == [False, False, False, True]
    assert len({one.task.id for one in started}) == 1
    assert len(office.record.newest()) == 1
    office.database.close()


@pytest.mark.parametrize("goal", ["", "   \n\t "])
def test_a_goal_without_words_is_answered_with_an_example(new_office, goal):
    with pytest.raises(NotAllowed, match=r"Tell me the goal, for example: `/cowork "):
        new_office().start(goal)


def test_a_goal_that_is_too_long_says_how_long_it_may_be_and_what_to_do(new_office):
    office = new_office()

    with pytest.raises(
        NotAllowed, match=r"40,000 characters; I can take 10,000\. Put the long part in a file"
    ):
        office.start("x" * 40_000)
    assert office.record.tasks_of(ANA) == []
    assert office.task(office.start("x" * 10_000)).goal == "x" * 10_000


def test_a_folder_that_is_not_granted_names_those_that_are(new_office):
    office = new_office()

    with pytest.raises(NotAllowed, match=f"/etc is not granted. Granted: {office.reports}, {office.wiki}"):
        office.start(folder="/etc")


def test_a_chosen_folder_is_the_only_one_granted(new_office):
    office = new_office()

    task = office.task(office.start(folder=str(office.wiki)))

    assert task.folders == (FolderGrant(path=str(office.wiki), writable=False),)


def test_a_person_has_so_many_open_tasks_and_others_have_their_own(new_office):
    office = new_office(text("Done."), changes={"open_tasks": 2})
    first = office.start()
    office.start(key="second")

    with pytest.raises(NotAllowed, match="already have 2 tasks that are not finished"):
        office.start()
    assert office.start(key="second")
    office.start(person=BEN)
    office.work(first)
    office.start()


def test_a_person_chooses_how_freely_new_tasks_work_and_a_goal_may_say_otherwise(new_office):
    office = new_office()
    office.intake.prefer(ANA, Autonomy.SUPERVISED)

    tasks = [
        office.start(),
        office.start(person=BEN),
        office.start(autonomy=Autonomy.AUTONOMOUS),
    ]

    assert [office.task(one).autonomy for one in tasks] == [
        Autonomy.SUPERVISED,
        Autonomy.CHECKPOINT,
        Autonomy.AUTONOMOUS,
    ]


def test_a_thread_has_the_task_that_was_started_in_it_last(new_office):
    office = new_office()
    office.start()
    newest = office.start()
    office.start(place=Place(team="T1", channel="C1"))

    assert office.intake.task_in(THREAD).id == newest
    assert office.intake.task_in(Place(team="T1", channel="C1")) is None


def test_a_person_is_heard_by_their_own_task_where_another_began_one_in_the_same_thread(new_office):
    office = new_office()
    anas = office.start()
    bens = office.start(person=BEN)

    found = [office.intake.task_in(THREAD, person) for person in (ANA, BEN, replace(BEN, user="UEVA"))]
    assert [task.id for task in found] == [anas, bens, bens]


def test_a_task_nobody_knows_is_refused_in_words(new_office):
    office = new_office()

    for act in (office.intake.stop, office.intake.retry):
        with pytest.raises(NotAllowed, match="There is no task 77"):
            act(ANA, 77)
    with pytest.raises(NotAllowed, match="There is no task 77"):
        office.say(77, "Hello")
    with pytest.raises(LookupError):
        office.record.snapshot(77)
