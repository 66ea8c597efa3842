"""The audit log: whole as long as nobody touches it, and broken at the place where somebody did."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.audit import chain
from bot.audit.chain import Broken, Whole
from bot.store import entries
from tests.store.conftest import NOW


def written(database, count=5):
    for number in range(1, count + 1):
        with database.write("test") as session:
            chain.append(
                session,
                number % 2,
                actor="UANA@T1",
                action="decided",
                now=NOW + timedelta(microseconds=number),
                data={"words": "räume “auf”", "number": number},
            )


def verified(database, head=""):
    with database.read() as session:
        return chain.verify(entries.all_of(session), head=head)


def tampered(database, sql, **given):
    with database.write("test") as session:
        session.execute(text(sql), given)
    return verified(database)


def test_an_untouched_log_is_whole(database):
    assert verified(database) == Whole(count=0, head="0" * 64)
    written(database)
    assert verified(database).count == 5
    with database.read() as session:
        assert [entry.id for entry in entries.all_of(session, 1)] == [1, 3, 5]


@pytest.mark.parametrize(
    "change",
    [
        "task_id = 9",
        "actor = 'cowork'",
        "action = 'denied'",
        "data = '{}'",
        "at = (SELECT at FROM audit WHERE id = 2)",
        "hash = 'f'",
    ],
)
def test_a_changed_entry_is_found(database, change):
    written(database)

    broken = tampered(database, f"UPDATE audit SET {change} WHERE id = 3")

    assert (broken.id, broken.why) == (3, "its content was changed")


@pytest.mark.parametrize(("gone", "found_at"), [(1, 2), (3, 4)])
def test_a_removed_entry_is_found_at_the_next(database, gone, found_at):
    written(database)

    broken = tampered(database, "DELETE FROM audit WHERE id = :gone", gone=gone)

    assert broken.id == found_at
    assert "removed" in broken.why


def test_an_entry_put_in_is_found(database):
    written(database)
    columns = "task_id, actor, action, data, at, before, hash"
    broken = tampered(
        database, f"INSERT INTO audit (id, {columns}) SELECT 99, {columns} FROM audit WHERE id = 2"
    )

    assert broken.id == 99


def test_two_entries_that_changed_places_are_found(database):
    written(database)
    for sql in (
        "UPDATE audit SET id = 77 WHERE id = 2",
        "UPDATE audit SET id = 2 WHERE id = 3",
        "UPDATE audit SET id = 3 WHERE id = 77",
    ):
        broken = tampered(database, sql)

    assert broken.id == 2


def test_many_writers_at_once_make_one_chain(database):
    together = threading.Barrier(4)

    def write(_: int) -> None:
        together.wait(20)
        written(database, 8)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert verified(database).count == 32


def test_entries_cut_off_the_end_are_missed_by_a_head_that_was_kept(database):
    written(database)
    kept = verified(database).head
    written(database)
    assert verified(database, head=kept) == verified(database)
    shorter = tampered(database, "DELETE FROM audit WHERE id >= 5")

    assert shorter.count == 4
    assert verified(database, head=kept) == Broken(
        id=4, why="the entry with the given head is missing: entries were cut off the end"
    )
