"""The machine's clock was a day ahead when a rest was written down: at the next start it is over."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.task import TaskState
from bot.store import astray, outbox, tasks
from bot.store.database import Database
from bot.store.outbox import PostKind
from tests.store.conftest import NOW, NewTask

AHEAD = NOW + timedelta(days=1)


def paused(database: Database, new_task: NewTask, until) -> int:
    with database.write("test") as session:
        new_task(session)
        task = tasks.claim(session, owner="one", now=NOW)
        tasks.release(session, task, TaskState.PAUSED, now=NOW, not_before=until)
    return task.id


def test_a_pause_written_by_a_clock_that_ran_ahead_is_over(database, new_task):
    task_id = paused(database, new_task, AHEAD)
    with database.write("test") as session:
        assert tasks.claim(session, owner="one", now=NOW) is None
        assert astray.brought_back(session, now=NOW) == 1
        assert tasks.claim(session, owner="one", now=NOW).id == task_id


def test_a_pause_of_ordinary_length_is_kept(database, new_task):
    task_id = paused(database, new_task, NOW + timedelta(hours=1))
    with database.write("test") as session:
        assert astray.brought_back(session, now=NOW) == 0
        assert tasks.again_at(session, task_id) == NOW + timedelta(hours=1)


def test_a_message_put_off_by_such_a_clock_goes_out_and_is_looked_for_in_the_whole_thread(database, new_task):
    with database.write("test") as session:
        task = new_task(session)
        outbox.want(session, PostKind.CARD, task.id, now=AHEAD)
        (post,) = outbox.due(session, now=AHEAD)
        assert outbox.claim(session, post, now=AHEAD)
        assert outbox.due(session, now=NOW) == []
        assert astray.brought_back(session, now=NOW) == 1
        (post,) = outbox.due(session, now=NOW)
    assert (post.is_unknown, post.started_at) == (True, None)
