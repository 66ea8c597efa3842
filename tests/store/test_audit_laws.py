"""Whatever is edited in the audit log, and however well, is found by a head that was kept elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.audit import chain
from bot.audit.chain import Broken, Whole
from bot.store import entries
from tests.store import databases

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
COUNT = 8
numbers = st.integers(0, COUNT - 1)
words = st.text(max_size=8)
contents = st.one_of(
    st.tuples(st.just("actor"), words),
    st.tuples(st.just("action"), words),
    st.tuples(st.just("data"), words),
    st.tuples(st.just("id"), st.integers(0, 99)),
    st.tuples(st.just("task_id"), st.integers(0, 9)),
    st.tuples(st.just("at"), st.integers(-9, 9).map(lambda seconds: NOW + timedelta(seconds=seconds))),
)
hashes = st.tuples(st.sampled_from(["before", "hash"]), st.sampled_from(["0" * 64, "f" * 64, ""]))
edits = st.one_of(
    st.tuples(st.just("change"), numbers, st.one_of(contents, hashes)),
    st.tuples(st.just("remove"), numbers, st.none()),
    st.tuples(st.just("repeat"), numbers, numbers),
    st.tuples(st.just("swap"), numbers, numbers),
)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    database = databases.sqlite(tmp_path_factory.mktemp("audit"))
    for number in range(COUNT):
        with database.write("test") as session:
            chain.append(session, number % 2, actor="UANA@T1", action="decided", now=NOW, data={"n": number})
    with database.read() as session:
        written = list(entries.all_of(session))
    database.close()
    return written


def edited(log, how, number, what):
    log = list(log)
    if number >= len(log):
        return log
    match how:
        case "change":
            log[number] = replace(log[number], **dict([what]))
        case "remove":
            del log[number]
        case "repeat":
            log.insert(what, log[number])
        case "swap" if what < len(log):
            log[number], log[what] = log[what], log[number]
    return log


def chained_anew(log):
    """By somebody who knows how: every hash fits again."""
    before, made = entries.FIRST, []
    for entry in log:
        rest = chain._rest(entry.task_id, entry.actor, entry.action, entry.at, entry.data)
        fits = hashlib.sha256(entries.chained(before, rest, entry.id).encode()).hexdigest()
        made.append(replace(entry, before=before, hash=fits))
        before = fits
    return made


@given(changes=st.lists(edits, min_size=1, max_size=4))
def test_an_edited_log_is_found_to_be_broken(log, changes):
    forged = log
    for change in changes:
        forged = edited(forged, *change)
    assume(forged != log)

    assert isinstance(chain.verify(iter(forged), head=log[-1].hash), Broken)


@given(changes=st.lists(edits, min_size=1, max_size=4))
def test_a_log_that_was_edited_and_chained_anew_lacks_the_head_that_was_kept(log, changes):
    forged = log
    for change in changes:
        forged = edited(forged, *change)
    forged = chained_anew(forged)
    assume(forged[:COUNT] != log)

    assert chain.verify(iter(forged)) == Whole(
        count=len(forged),
        head=forged[-1].hash if forged else "0" * 64,
        last=forged[-1].id if forged else 0,
    )
    assert isinstance(chain.verify(iter(forged), head=log[-1].hash), Broken)


def test_the_log_itself_is_whole(log):
    assert chain.verify(iter(log), head=log[-1].hash) == Whole(count=COUNT, head=log[-1].hash, last=COUNT)
