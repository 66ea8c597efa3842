"""What may happen only once: a decision, a delivery, a write unit that failed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.approval import Action, ApprovalKind, ApprovalState, Decision, Draft
from bot.domain.call import Call
from bot.domain.person import Person
from bot.domain.turn import Summary, Turn, Usage
from bot.errors import NotConfigured
from bot.store import approvals, calls, inbound, messages, overview, preferences, words
from bot.store.solitude import Solitude
from tests.store.conftest import ANA, NOW

BEN = Person(team="T1", user="UBEN", name="Ben")
MOVE = Call(id="c1", tool="move_file", input={"source": "/b", "destination": "/ä"})
DRAFT = Draft(
    kind=ApprovalKind.BATCH,
    title="Move",
    summary="One **file**",
    actions=(Action(call=MOVE, preview="Move /b → /ä", reason="It was there."),),
    options=("a", "b"),
    call_id="c0",
)


def test_of_two_decisions_at_once_one_counts(database, new_task):
    with database.write("test") as session:
        task_id = new_task(session).id
        approvals.put(session, "a1", task_id, DRAFT, now=NOW)
    together = threading.Barrier(2)

    def decide(one: tuple[Person, ApprovalState]) -> bool:
        person, state = one
        together.wait(60)
        with database.write("test") as session:
            decision = Decision(state=state, words=person.name)
            return approvals.decide(session, "a1", decision, person=person, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        counted = list(pool.map(decide, [(ANA, ApprovalState.APPROVED), (BEN, ApprovalState.REDIRECTED)]))

    assert sorted(counted) == [False, True]
    winner, state = (ANA, ApprovalState.APPROVED) if counted[0] else (BEN, ApprovalState.REDIRECTED)
    with database.read() as session:
        decided = approvals.get(session, "a1")
        assert approvals.pending_of(session, task_id) is None
    assert (decided.state, decided.words, decided.decided_by, decided.decided_at) == (
        state,
        winner.name,
        winner,
        NOW,
    )


def test_an_approval_comes_back_as_it_was_put(database, new_task):
    with database.write("test") as session:
        task_id = new_task(session).id
        approvals.put(session, "a1", task_id, DRAFT, now=NOW)

    with database.read() as session:
        found = approvals.pending_of(session, task_id)
        assert approvals.get(session, "nobody knows it") is None
    assert (found.draft, found.digest, found.created_at) == (DRAFT, DRAFT.digest, NOW)


def test_a_delivery_that_comes_again_fails_whole_and_leaves_nothing(database, new_task):
    with database.write("test") as session:
        inbound.accept(session, "T1:Ev1", "7", now=NOW)

    with pytest.raises(IntegrityError), database.write("test") as session:
        new_task(session)
        inbound.accept(session, "T1:Ev1", "8", now=NOW)

    with database.read() as session:
        assert inbound.answer_to(session, "T1:Ev1") == "7"
        assert inbound.answer_to(session, "T1:Ev2") is None
        assert overview.newest(session, limit=9) == []


def test_a_write_unit_that_fails_leaves_nothing(database, new_task):
    with pytest.raises(RuntimeError), database.write("test") as session:
        new_task(session)
        raise RuntimeError("in the middle")

    with database.read() as session:
        assert overview.newest(session, limit=9) == []


def test_an_unfinished_write_unit_is_not_read(database, new_task):
    with database.write("test") as session:
        new_task(session)
        with database.read() as other:
            assert overview.newest(other, limit=9) == []


def test_the_history_is_numbered_and_kept_to_the_byte(database, new_task):
    content = '[ {"type":"text",  "text":"ä\\u00e4 \\ud83d\\udcc1", "z":1, "a":null} ]'
    turn = Turn(content=content, stop_reason="end_turn", message_id="msg_1", usage=Usage(output_tokens=1))
    with database.write("test") as session:
        one, other = new_task(session).id, new_task(session).id
        messages.append_words(session, other, "[]", now=NOW)
        messages.append_step(session, one, content, turn, last=None, now=NOW)

    with database.read() as session:
        found = [(m.seq, m.role, m.content, m.message_id) for m in messages.of_task(session, one)]
        assert found == [(1, "user", content, ""), (2, "assistant", content, "msg_1")]
        assert [m.seq for m in messages.of_task(session, one, after=1)] == [2]
        assert [m.seq for m in messages.of_task(session, other)] == [1]


def test_a_prefix_is_frozen_from_the_first_turn_on_and_may_change_before(database, new_task):
    with database.write("test") as session:
        task_id = new_task(session).id
        messages.freeze_prefix(session, task_id, "first")
    with database.write("test") as session:
        assert messages.prefix_of(session, task_id) is None
        messages.freeze_prefix(session, task_id, "second")
        turn = Turn(content="[]", stop_reason="end_turn")
        messages.append_step(session, task_id, "[]", turn, last=None, now=NOW)

    with database.read() as session:
        assert messages.prefix_of(session, task_id) == "second"


@pytest.mark.parametrize("content", ["", '[{"type":"compaction"}]'])
def test_a_new_chapter_is_what_is_read_and_may_have_another_prefix(database, new_task, content):
    with database.write("test") as session:
        task_id = new_task(session).id
        messages.freeze_prefix(session, task_id, "first")
        turn = Turn(content="[2]", stop_reason="end_turn")
        messages.append_step(session, task_id, "[1]", turn, last=None, now=NOW)
        begun = messages.begin_chapter(session, task_id, Summary(content=content), "[3]", now=NOW)

    with database.read() as session:
        assert messages.of_chapter(session, task_id) == begun
        assert [(one.content, one.chapter) for one in begun][-1] == ("[3]", 2)
        assert [one.is_turn for one in begun] == [False] * len(begun)
        assert [one.seq for one in messages.of_task(session, task_id)] == list(range(1, 3 + len(begun)))
        assert messages.prefix_of(session, task_id) is None


def test_words_wait_in_order_until_they_are_taken(database, new_task):
    with database.write("test") as session:
        task_id = new_task(session).id
        for text in ("one", "two"):
            words.add(session, task_id, author="Ana Silva", text=text, now=NOW)
        first = words.waiting(session, task_id)
        words.add(session, task_id, author="cowork", text="three", now=NOW)
        words.take(session, first)

    with database.read() as session:
        assert [one.text for one in first] == ["one", "two"]
        assert [(one.author, one.text) for one in words.waiting(session, task_id)] == [("cowork", "three")]
        assert words.count_by(session, task_id, "cowork") == 1


def test_a_choice_replaces_the_one_before_and_is_one_persons(database):
    for value in ("supervised", "autonomous"):
        with database.write("test") as session:
            preferences.choose(session, ANA, "autonomy", value)

    with database.read() as session:
        assert preferences.of_person(session, ANA, "autonomy") == "autonomous"
        assert preferences.of_person(session, BEN, "autonomy") is None


def test_one_process_is_in_a_home(tmp_path):
    first, second = Solitude(tmp_path), Solitude(tmp_path)
    first.enter()
    with pytest.raises(NotConfigured, match=r"already running on .*process \d+"):
        second.enter()
    first.leave()
    second.enter()
    second.leave()


def test_a_calls_id_that_a_server_uses_again_is_made_the_tasks_own(database, new_task):
    action = Action(call=MOVE, preview="Move")
    with database.write("test") as session:
        task_id = new_task(session).id
        calls.propose(session, task_id, [action], seq=2, now=NOW)
        calls.propose(
            session, task_id, [action, replace(action, call=replace(MOVE, id="c2"))], seq=4, now=NOW
        )

    with database.read() as session:
        found = calls.of_task(session, task_id)
    assert len({entry.call.id for entry in found}) == 3
    assert [(entry.seq, entry.asked_as) for entry in found] == [(2, "c1"), (4, "c1"), (4, "c2")]
