"""One row per Slack message that is kept true."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import select

from bot.domain.person import Place
from bot.store import outbox, standing, tasks
from bot.store.outbox import PostKind
from bot.store.tables import OutboxRow
from tests.store.conftest import NOW, THREAD


def wanted(database, task_id, *posts):
    with database.write("test") as session:
        for kind, ref in posts:
            outbox.want(session, kind, task_id, ref, now=NOW)


def due(database, *, now=NOW):
    with database.read() as session:
        return outbox.due(session, now=now)


def claimed(database, *, now=NOW):
    """The one post that is due, as its sender has it."""
    (post,) = due(database, now=now)
    with database.write("test") as session:
        assert outbox.claim(session, post, now=now)
    return post


def posted(session, key):
    """The ts of a message that stands in Slack."""
    return session.exec(select(OutboxRow.ts).where(OutboxRow.key == key)).one()


def task_in(database, new_task, place=THREAD):
    with database.write("test") as session:
        return new_task(session, place=place).id


def test_many_changes_before_the_sender_comes_are_one_message(database, new_task):
    task_id = task_in(database, new_task)
    for _ in range(5):
        wanted(database, task_id, *[(PostKind.CARD, "")] * 2)

    (post,) = due(database)

    assert (post.key, post.wanted, post.ts, post.place) == (f"card:{task_id}", 5, None, THREAD)


def test_a_change_during_the_send_is_sent_next(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""))
    post = claimed(database)
    wanted(database, task_id, (PostKind.CARD, ""))
    with database.write("test") as session:
        outbox.sent(session, post, ts="1.1", next_at=NOW + timedelta(seconds=1))

    assert due(database) == []
    (again,) = due(database, now=NOW + timedelta(seconds=1))
    assert (again.ts, again.wanted, again.is_unknown, again.attempt) == ("1.1", 2, False, 0)
    claimed(database, now=NOW + timedelta(seconds=1))
    with database.write("test") as session:
        assert outbox.sent(session, again, ts="1.1", next_at=NOW)
    assert due(database, now=NOW + timedelta(hours=1)) == []
    with database.read() as session:
        assert posted(session, f"card:{task_id}") == "1.1"


def test_a_post_of_unknown_fate_is_looked_for_from_its_first_try_on(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""))
    for minute in range(3):
        (post,) = due(database, now=NOW + timedelta(minutes=minute))
        with database.write("test") as session:
            assert outbox.claim(session, post, now=NOW + timedelta(minutes=minute))
            outbox.later(session, post, at=NOW, is_unknown=True)

    (post,) = due(database, now=NOW + timedelta(hours=1))
    assert (post.is_unknown, post.started_at) == (True, NOW)


def test_until_there_is_a_thread_only_the_card_goes_out(database, new_task):
    task_id = task_in(database, new_task, Place(team="T1", channel="C1"))
    wanted(
        database,
        task_id,
        (PostKind.APPROVAL, "a1"),
        (PostKind.RESULT, "1"),
        (PostKind.CARD, ""),
        (PostKind.FILE, "c1"),
    )

    assert [post.key for post in due(database)] == [f"card:{task_id}"]
    with database.write("test") as session:
        tasks.settle_thread(session, task_id, "5.5")
    found = due(database)

    assert [post.key for post in found] == [
        "approval:a1",
        f"file:{task_id}:c1",
        f"result:{task_id}:1",
        f"card:{task_id}",
    ]
    assert {post.place.thread for post in found} == {"5.5"}


def test_of_many_senders_one_has_a_message(database, new_task):
    wanted(database, task_in(database, new_task), (PostKind.CARD, ""))
    (post,) = due(database)
    together = threading.Barrier(6)

    def claim(_: int) -> bool:
        together.wait(60)
        with database.write("test") as session:
            return outbox.claim(session, post, now=NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(claim, range(6))) == [False] * 5 + [True]
    (claimed,) = due(database)
    assert (claimed.attempt, claimed.is_unknown, claimed.started_at) == (1, True, NOW)


def test_an_update_of_a_message_that_stands_is_never_of_unknown_outcome(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""))
    post = claimed(database)
    with database.write("test") as session:
        assert outbox.sent(session, post, ts="1.1", next_at=NOW)
    wanted(database, task_id, (PostKind.CARD, ""))
    claimed(database)

    assert [post.is_unknown for post in due(database)] == [False]


def test_a_send_that_is_to_wait_comes_up_at_its_time(database, new_task):
    wanted(database, task_in(database, new_task), (PostKind.CARD, ""))
    later = NOW + timedelta(seconds=30)
    post = claimed(database)
    with database.write("test") as session:
        assert outbox.later(session, post, at=later, is_unknown=True)

    assert due(database) == []
    assert [post.is_unknown for post in due(database, now=later)] == [True]


def test_what_slack_refused_for_good_is_not_sent_again(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""))
    post = claimed(database)
    with database.write("test") as session:
        assert outbox.blocked(session, post, reason="is_archived")
    wanted(database, task_id, (PostKind.CARD, ""))

    assert due(database, now=NOW + timedelta(days=1)) == []


def test_a_message_that_was_deleted_is_posted_anew(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""))
    post = claimed(database)
    with database.write("test") as session:
        assert outbox.sent(session, post, ts="1.1", next_at=NOW)
    wanted(database, task_id, (PostKind.CARD, ""))
    post = claimed(database)
    with database.write("test") as session:
        assert outbox.reroot(session, post, now=NOW)

    assert [(post.ts, post.is_unknown) for post in due(database)] == [(None, False)]


def test_what_another_sender_took_over_is_no_longer_ours_to_settle(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""))
    ours = claimed(database)
    theirs = claimed(database)

    with database.write("test") as session:
        settled = [
            outbox.sent(session, ours, ts="1.1", next_at=NOW),
            outbox.later(session, ours, at=NOW + timedelta(hours=1), is_unknown=False),
            outbox.blocked(session, ours, reason="is_archived"),
            outbox.reroot(session, ours, now=NOW),
        ]
        assert (settled, outbox.stands(session, ours)) == ([False] * 4, None)
        assert outbox.sent(session, theirs, ts="2.2", next_at=NOW)
        assert outbox.stands(session, ours) == "2.2"
    wanted(database, task_id, (PostKind.CARD, ""))
    claimed(database)

    with database.write("test") as session:
        assert not outbox.sent(session, ours, ts="1.1", next_at=NOW)
    with database.read() as session:
        assert posted(session, f"card:{task_id}") == "2.2"


def test_what_a_dead_sender_left_is_taken_up_when_its_call_must_be_over(database, new_task):
    wanted(database, task_in(database, new_task), (PostKind.CARD, ""))
    with database.write("test") as session:
        (post,) = outbox.due(session, now=NOW)
        assert outbox.claim(session, post, now=NOW, quiet=timedelta(seconds=30))

    assert due(database, now=NOW + timedelta(seconds=29)) == []
    (left,) = due(database, now=NOW + timedelta(seconds=30))
    assert (left.is_unknown, left.started_at) == (True, NOW)


def test_every_channel_has_its_share_and_urgent_things_come_first(database, new_task):
    busy = task_in(database, new_task)
    wanted(database, busy, *[(PostKind.NOTE, f"{n}") for n in range(100)], (PostKind.CARD, ""))
    other = task_in(database, new_task, Place(team="T1", channel="C2", thread="1.1"))
    rootless = task_in(database, new_task, Place(team="T1", channel="C3"))
    wanted(database, other, (PostKind.CARD, ""), (PostKind.RESULT, "1"), (PostKind.APPROVAL, "a1"))
    wanted(database, rootless, (PostKind.CARD, ""))

    with database.read() as session:
        keys = [post.key for post in outbox.due(session, now=NOW, limit=200)]

    assert keys[:3] == ["approval:a1", f"note:{busy}:0", f"card:{rootless}"]
    assert keys[-2:] == [f"result:{other}:1", f"card:{other}"]
    assert len(keys) == 20 + 4


def test_a_send_into_a_thread_that_was_lost_is_nobodys(database, new_task):
    task_id = task_in(database, new_task)
    wanted(database, task_id, (PostKind.CARD, ""), (PostKind.RESULT, "1"))
    result, card = due(database)
    with database.write("test") as session:
        assert outbox.claim(session, result, now=NOW)
        assert outbox.claim(session, card, now=NOW)
        standing.uproot(session, task_id, again=[], now=NOW)

    with database.write("test") as session:
        assert not outbox.sent(session, result, ts="1.1", next_at=NOW)
        assert outbox.stands(session, result) == ""
    assert [(post.key, post.place.thread, post.is_unknown) for post in due(database)] == [
        (f"card:{task_id}", None, False)
    ]
