"""A task that needs a sign-in pauses without a storm, asks the right person in its thread, and goes on by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from bot.app.accounts import accounts
from bot.domain import connected
from bot.domain.task import TaskState
from bot.engine import signing_in
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from bot.sdk import Per
from bot.services.hiding import LearningVeil
from bot.services.reception import reception
from bot.store import entries, outbox
from bot.store.outbox import PostKind
from bot.store.sealing import Seal
from tests.engine.office import ANA, results
from tests.registry.conftest import ALL, chosen
from tests.store import databases

LIST = ("shelf_list_books", {})
PUT = ("shelf_create_book", {"shelf": "novels", "title": "Emma", "body": "Once."})


@pytest.fixture
def at_work(office, books, toolset, tmp_path):
    """`shelf` is connected when `signed_in` was called; until then by nobody."""
    database = databases.sqlite(tmp_path)

    def made(*script):
        clock = [None]
        met = reception(
            database,
            toolset.plugins,
            seal=Seal(("a-long-key-of-the-operator-0123456789ab",)),
            clock=lambda: clock[0](),
            given=lambda name: books.url if name == "COWORK_SHELF_API_URL" else "",
            told=signing_in.told(lambda: clock[0]()),
            veil=LearningVeil(),
            public_url="http://127.0.0.1:1",
        )
        given = office(*script, tools=toolset, accounts=accounts(met), database=database)
        clock[0] = given.clock
        chosen(given, ALL)
        given.met = met
        return given

    yield made
    database.close()


def sign_in(office, person=ANA, per=Per.PERSON):
    office.met.connecting.store_form(person, "shelf", "token", per, {"token": "t"}, is_admin=per is Per.TEAM)


def asked(office):
    """What the threads ask for."""
    with office.database.read() as session:
        found = outbox.due(session, [PostKind.SIGN_IN], now=office.clock())
    return [(post.task_id, connected.wanted(post.ref)) for post in found]


def audited(office):
    with office.database.read() as session:
        return [(one.actor, one.action) for one in entries.all_of(session, 0) if "account" in one.action]


def test_a_service_that_nobody_connected_is_asked_for_and_the_task_goes_on(at_work, books):
    books.put("novels", "Emma")
    office = at_work(calls(("ask_to_connect", {"service": "shelf"})), calls(LIST), text("Done."))

    task = office.begin("List the books")

    assert task.state is TaskState.PAUSED
    assert "needed" in task.note and "I go on by myself as soon as you have signed in" in task.note
    assert asked(office) == [(task.id, connected.Wanted(plugin="shelf", owner="UANA"))]
    assert office.work(task.id).state is TaskState.PAUSED

    sign_in(office)

    assert office.work(task.id).state is TaskState.DONE
    assert "b1 Emma" in results(office.double)[-1][0]
    assert audited(office) == [("UANA@T1", "account_connected")]


def test_a_dead_token_pauses_the_task_without_a_storm_until_it_is_connected_again(at_work, books):
    office = at_work(calls(LIST), text("Done."))
    sign_in(office)
    books.refusing = 401

    task = office.begin("List the books")
    tries = len(books.asked)
    office.clock.forward(hours=6)
    office.work(task.id)

    assert office.task(task.id).state is TaskState.PAUSED
    assert "Shelf needs a new sign-in: Shelf refused the token." in office.task(task.id).note
    assert len(books.asked) == tries
    [(_, wanted)] = asked(office)
    assert (wanted.owner, wanted.seen) == ("UANA", office.met.connections.of("T1", "UANA", "shelf").state)

    books.refusing = 0
    sign_in(office)

    assert office.work(task.id).state is TaskState.DONE
    assert audited(office) == [
        ("UANA@T1", "account_connected"),
        ("cowork", "account_sign_in_needed"),
        ("UANA@T1", "account_connected"),
    ]


def test_a_write_that_was_refused_for_its_token_runs_once_when_it_may(at_work, books):
    office = at_work(calls(PUT), text("Done."))
    sign_in(office)
    task = office.begin("Put Emma on the shelf novels")
    books.refusing = 401

    assert office.approve(task.id).state is TaskState.PAUSED
    books.refusing = 0
    sign_in(office)

    assert office.work(task.id).state is TaskState.DONE
    assert [one["title"] for one in books.books] == ["Emma"]


def test_a_sign_in_made_while_the_task_was_pausing_is_not_missed(at_work, books):
    office = at_work(calls(LIST), text("Done."))
    sign_in(office)
    books.refusing = 401
    task = office.claimed(office.start("List the books"))
    release = office.executor._release

    def late(task, became):
        books.refusing = 0
        sign_in(office)
        release(task, became)

    office.executor._release = late
    office.executor.advance(task)
    office.executor._release = release

    assert office.work(task.id).state is TaskState.DONE


def test_the_teams_sign_in_helps_those_who_waited_for_their_own(at_work, books):
    office = at_work(calls(("ask_to_connect", {"service": "shelf"})), calls(LIST), text("Done."))
    task = office.begin("List the books")

    sign_in(office, replace(ANA, user="UADM"), Per.TEAM)

    assert office.work(task.id).state is TaskState.DONE


def test_another_services_or_another_persons_sign_in_wakes_nothing(at_work, books):
    office = at_work(calls(("ask_to_connect", {"service": "shelf"})), text("Done."))
    task = office.begin("List the books")

    sign_in(office, replace(ANA, user="UBEN"))
    sign_in(office, replace(ANA, team="T2", user="UANA"))

    assert office.work(task.id).state is TaskState.PAUSED


def test_a_form_that_is_refused_wakes_nothing_and_is_not_in_the_log(at_work, books):
    office = at_work(calls(("ask_to_connect", {"service": "shelf"})), text("Done."))
    task = office.begin("List the books")
    books.refusing = 401

    with pytest.raises(NotAllowed, match="Nothing was kept"):
        sign_in(office)

    assert office.work(task.id).state is TaskState.PAUSED
    assert audited(office) == []


def test_a_message_that_asks_is_drawn_again_once_it_is_answered(at_work, books):
    office = at_work(calls(("ask_to_connect", {"service": "shelf"})), text("Done."))
    task = office.begin("List the books")
    with office.database.write("test") as session:
        session.execute(sql("UPDATE outbox SET sent = wanted"))
    assert asked(office) == []

    sign_in(office)

    assert [task_id for task_id, _ in asked(office)] == [task.id]
