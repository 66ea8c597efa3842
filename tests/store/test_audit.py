"""The audit log: whole as long as nobody touches it, and broken at the place where somebody did."""

from __future__ import annotations

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.audit import chain, pruning
from bot.audit.chain import Broken, Whole
from bot.audit.signing import Signer
from bot.domain.call import canonical
from bot.errors import NotConfigured
from bot.store import entries
from bot.store.tables import AuditRow
from tests.laws import tried
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


def test_an_entry_that_was_only_numbered_anew_is_found(database):
    written(database)

    broken = tampered(database, "UPDATE audit SET id = 77 WHERE id = 5")

    assert (broken.id, broken.why) == (77, "its content was changed")


def test_entries_of_a_release_that_did_not_hash_their_number_are_whole_and_chained_on(database):
    before = entries.FIRST
    for number in (1, 2):
        content = canonical({"number": number})
        rest = chain._rest(number, "UANA@T1", "decided", NOW, content)
        made = hashlib.sha256(f'["{before}",{rest}'.encode()).hexdigest()
        with database.write("test") as session:
            session.add(
                AuditRow(
                    task_id=number,
                    actor="UANA@T1",
                    action="decided",
                    data=content,
                    at=NOW,
                    before=before,
                    hash=made,
                )
            )
        before = made
    written(database, 2)

    assert verified(database).count == 4
    assert tampered(database, "UPDATE audit SET actor = 'x' WHERE id = 2").id == 2


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
        together.wait(60)
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


def everything(database):
    with database.read() as session:
        return list(entries.all_of(session))


EDITS = st.one_of(
    st.tuples(
        st.just("change"),
        st.integers(0, 7),
        st.sampled_from(["task_id", "actor", "action", "data", "at", "before", "hash"]),
    ),
    st.tuples(st.just("delete"), st.integers(0, 7), st.just("")),
    st.tuples(st.just("insert"), st.integers(0, 7), st.just("")),
    st.tuples(st.just("swap"), st.integers(0, 6), st.just("")),
    st.tuples(st.just("cut"), st.integers(1, 8), st.just("")),
    st.tuples(st.just("renumber"), st.integers(0, 7), st.just("")),
)


def edited(log, edit):
    """The log as somebody with the database made it: a column changed, an entry removed, put in, moved, the end cut."""
    what, at, column = edit
    some = list(log)
    match what:
        case "change":
            was = getattr(some[at], column)
            new = (
                was + 1
                if isinstance(was, int)
                else was + timedelta(microseconds=1)
                if column == "at"
                else was + "0"
            )
            some[at] = replace(some[at], **{column: new})
        case "delete":
            del some[at]
        case "insert":
            some.insert(at + 1, replace(some[at], id=some[at].id + 100))
        case "swap":
            some[at], some[at + 1] = some[at + 1], some[at]
        case "cut":
            some = some[: len(some) - at]
        case "renumber":
            some[at] = replace(some[at], id=99)
    return some


@settings(max_examples=tried(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=EDITS)
def test_any_edit_of_the_log_is_found_against_a_head_that_was_kept(database, edit):
    if not everything(database):
        written(database, 8)
    log = everything(database)
    head = verified(database).head

    found = chain.verify(iter(edited(log, edit)), head=head)

    assert chain.verify(iter(log), head=head) == Whole(count=8, head=head, last=8)
    assert isinstance(found, Broken)


KEY = "a key of the operator that is long enough"
SIGNER = Signer((KEY,))


def pruned(database, upto, signer=SIGNER, at_once=2):
    before = NOW + timedelta(microseconds=upto) + timedelta(microseconds=1)
    return pruning.prune(
        database,
        before=before,
        signer=signer,
        by="operator",
        clock=lambda: NOW + timedelta(days=1),
        at_once=at_once,
    )


def checked(database, trusted=SIGNER.trusted, head=""):
    with database.read() as session:
        return chain.verify(entries.all_of(session), trusted=trusted, head=head)


def test_what_was_pruned_is_signed_for_and_the_rest_is_whole(database):
    written(database, 8)
    head = verified(database).head

    assert pruned(database, 5) == pruning.Pruned(count=5, through=5)
    written(database, 2)

    whole = checked(database, head=head)
    assert isinstance(whole, Whole) and whole.pruned == 5
    assert [entry.id for entry in everything(database)][:3] == [6, 7, 8]
    told = [json.loads(entry.data) for entry in everything(database) if entry.action == chain.PRUNED]
    assert [(one["count"], one["through"], one["by"]) for one in told] == [
        (2, 2, "operator"),
        (2, 4, "operator"),
        (1, 5, "operator"),
    ]


def test_pruned_again_the_older_statements_go_too_and_it_is_whole(database):
    written(database, 8)
    pruned(database, 3)
    with_first = checked(database)
    pruned(database, 8, at_once=100)

    assert with_first.pruned == 3
    assert checked(database).pruned == 8
    later = pruning.prune(
        database,
        before=NOW + timedelta(days=2),
        signer=SIGNER,
        by="operator",
        clock=lambda: NOW + timedelta(days=3),
    )
    assert later.count == 3
    assert [entry.action for entry in everything(database)] == [chain.PRUNED]
    assert checked(database).count == 1


def test_nothing_old_is_nothing_pruned(database):
    written(database, 3)
    assert pruned(database, 0) == pruning.Pruned()
    assert verified(database).count == 3


@pytest.mark.parametrize("gone", ["id <= 6", "id <= 4 OR id = 6", "action = 'pruned'", "id = 7"])
def test_whatever_else_is_missing_at_the_beginning_is_found(database, gone):
    written(database, 8)
    pruned(database, 5)

    with database.write("test") as session:
        session.execute(text(f"DELETE FROM audit WHERE {gone}"))

    assert isinstance(checked(database), Broken)


def test_a_statement_that_nobody_of_ours_signed_proves_nothing(database):
    written(database, 8)
    pruned(database, 5, signer=Signer(("another key that is long enough, but not ours",)))

    assert isinstance(checked(database), Broken)
    assert isinstance(checked(database, trusted=()), Broken)


def test_a_statement_that_was_altered_proves_nothing(database):
    written(database, 8)
    forged = SIGNER.signed({"what": "x", "count": 4, "through": 4, "hash": everything(database)[3].hash})
    fifth = everything(database)[4].hash
    with database.write("test") as session:
        session.execute(text("DELETE FROM audit WHERE id <= 5"))
        told = {**forged, "through": 5, "hash": fifth}
        chain.append(session, 0, actor="operator", action=chain.PRUNED, now=NOW, data=told)

    assert isinstance(checked(database), Broken)


def test_a_broken_log_is_not_pruned(database):
    written(database, 8)
    tampered(database, "UPDATE audit SET actor = 'x' WHERE id = 2")

    assert pruned(database, 5) == Broken(id=2, why="its content was changed")
    assert len(everything(database)) == 8


def test_a_rotated_key_still_proves_what_was_signed_with_the_old_one(database):
    written(database, 8)
    pruned(database, 5)

    assert (
        checked(database, trusted=Signer(("a new key, which is long enough, too", KEY)).trusted).pruned == 5
    )


def test_without_a_key_nothing_is_pruned(database):
    written(database, 3)
    with pytest.raises(NotConfigured, match="openssl rand"):
        pruned(database, 2, signer=Signer())
    with pytest.raises(NotConfigured, match="too short"):
        pruned(database, 2, signer=Signer(("short",)))
    assert len(everything(database)) == 3
