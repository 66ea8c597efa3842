"""A task works with a service as people chose: shown, allowed, asked for or refused, found again and taken back."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.choice import Choice
from bot.domain.grant import Permission
from bot.domain.label import Label
from bot.domain.task import TaskState
from bot.engine.undoing import LAST
from bot.rehearsal.answer import calls, text
from bot.sdk import Per
from tests.engine.office import ANA, results
from tests.registry.conftest import ALL, READS, Signed, chosen

LIST = ("shelf_list_books", {})
PUT = ("shelf_create_book", {"shelf": "novels", "title": "Emma", "body": "Once."})
GOAL = "Put Emma on the shelf novels"


@pytest.fixture
def at_work(office, books, toolset):
    def made(*script, choice=ALL, per=Per.TEAM):
        signed = Signed(books.url, per)
        given = office(*script, tools=toolset, accounts=signed.accounts)
        chosen(given, choice)
        given.signed = signed
        return given

    return made


def offered(office, request=0):
    return {tool["name"] for tool in office.double.requests[request]["tools"]}


def test_the_model_is_shown_what_is_on_and_connected_and_nothing_else(at_work):
    office = at_work(text("Fine."), choice=READS)

    office.begin("Look around")

    assert {name for name in offered(office) if name.startswith("shelf_")} == {
        "shelf_list_books",
        "shelf_get_book",
    }
    assert {"find_actions", "run_action", "ask_to_connect"} <= offered(office)


def test_without_a_service_that_is_on_the_model_is_told_of_none(office, toolset):
    given = office(text("Fine."), tools=toolset)

    given.begin("Look around")

    assert not {name for name in offered(given) if name.startswith(("shelf_", "find_", "run_", "ask_to"))}


def test_what_is_listed_is_inside_of_the_scope(at_work, books):
    books.put("novels", "Emma")
    books.put("secret", "Plans")
    office = at_work(calls(LIST), text("Done."), choice=dataclasses.replace(ALL, scope=("novels",)))

    office.begin("List the books")

    assert results(office.double) == [("1 of 1 books:\nb1 Emma (novels)", False)]


def test_what_is_outside_of_the_scope_is_neither_read_nor_written(at_work, books):
    books.put("secret", "Plans")
    office = at_work(
        calls(("shelf_get_book", {"book": "b1"})),
        calls(("shelf_create_book", {"shelf": "secret", "title": "x"})),
        text("No."),
        choice=dataclasses.replace(ALL, scope=("novels",)),
    )

    office.begin("Read b1")

    told = [result for request in (1, 2) for result in results(office.double, request)]
    assert all(text.startswith("Not allowed (rule 1)") for text, _ in told)
    assert [one["title"] for one in books.books] == ["Plans"]


def test_an_action_that_is_off_is_refused_also_by_its_name(at_work, books):
    office = at_work(calls(("run_action", {"action": PUT[0], "input": PUT[1]})), text("No."), choice=READS)

    office.begin(GOAL)

    assert results(office.double)[0][0].startswith("Not allowed (rule 1): shelf_create_book is switched off")
    assert books.books == []


def test_a_write_waits_for_a_yes_that_shows_all_of_it_and_its_receipt_has_the_link(at_work, books):
    office = at_work(calls(PUT), text("Done."))

    task = office.begin(GOAL)
    action = office.pending(task.id).draft.actions[0]

    assert (action.preview, action.detail, action.inverse) == (
        "Put “Emma” on novels",
        "Emma\nOnce.",
        "Take it down",
    )
    assert books.books == []
    office.approve(task.id)
    assert [one["title"] for one in books.books] == ["Emma"]
    assert [one.where for one in office.record.snapshot(task.id).receipts] == ["https://shelf.example/b1"]


def test_an_action_that_had_to_be_found_is_asked_for_and_told_under_its_own_name(at_work, books):
    office = at_work(
        calls(("find_actions", {"query": "put a new book on a shelf"})),
        calls(("run_action", {"action": PUT[0], "input": PUT[1]})),
        text("Done."),
    )

    task = office.begin(GOAL)

    assert results(office.double)[0][0].startswith("shelf_create_book: Put a new book on a shelf.")
    assert office.pending(task.id).draft.actions[0].call.tool == "shelf_create_book"
    assert office.approve(task.id).state is TaskState.DONE
    assert [one["title"] for one in books.books] == ["Emma"]


def test_a_switch_turned_off_while_a_person_is_asked_binds_the_call_they_approve(at_work, books):
    office = at_work(calls(PUT), text("It was off."))
    task = office.begin(GOAL)

    chosen(office, READS)
    office.approve(task.id)

    assert books.books == []
    assert "switched off" in results(office.double)[0][0]


def test_a_person_narrows_for_themselves_what_the_team_has(at_work, books):
    office = at_work(calls(PUT), text("No."))
    chosen(office, Choice(permissions={PUT[0]: Permission.OFF}), user=ANA.user)

    office.begin(GOAL)

    assert "switched off" in results(office.double)[0][0]


def test_undo_takes_the_call_back(at_work, books):
    office = at_work(calls(PUT), text("Done."))
    task = office.begin(GOAL)
    office.approve(task.id)

    office.intake.undo(ANA, task.id, LAST)
    office.work(task.id)

    assert books.books == []


def test_a_write_whose_answer_was_lost_is_looked_up_and_not_made_twice(at_work, books):
    office = at_work(calls(PUT), text("Done."))
    task = office.begin(GOAL)
    serve = books.answer

    def lose(method, path, content):
        books.refusing = 500
        return serve(method, path, content)

    books.answer = lose
    assert office.approve(task.id).state is TaskState.PAUSED
    books.answer, books.refusing = serve, 0
    office.intake.retry(ANA, task.id)

    assert office.work(task.id).state is TaskState.DONE
    assert [method for method, _ in books.asked] == ["POST", "GET"]
    assert [one["title"] for one in books.books] == ["Emma"]


@pytest.mark.parametrize(("per", "label"), [(Per.TEAM, Label.INTERNAL), (Per.PERSON, Label.PRIVATE)])
def test_what_comes_back_is_for_those_whose_account_it_is(at_work, books, per, label):
    books.put("novels", "Emma")
    office = at_work(calls(LIST), text("Done."), per=per)

    task = office.begin("List the books")

    assert office.record.labels(task.id) == {Label.UNTRUSTED, label}


@pytest.mark.parametrize(("scope", "name"), [(("*",), "Shelf"), (("novels",), "Shelf novels")])
def test_a_listing_is_named_by_its_service_and_by_where_it_looked(at_work, books, scope, name):
    books.put("novels", "Emma")
    office = at_work(calls(LIST), calls(PUT), text("Done."), choice=dataclasses.replace(ALL, scope=scope))

    task = office.begin(GOAL)

    assert office.pending(task.id).draft.read == (name,)


def test_a_long_answer_is_kept_in_a_file_and_its_beginning_shown(at_work, books):
    books.put("novels", "Emma", body="word " * 20_000)
    office = at_work(calls(("shelf_get_book", {"book": "b1"})), text("Done."))

    task = office.begin("Read b1")

    told = results(office.double)[0][0]
    assert len(told) < 21_000
    assert "more characters: all of it is in " in told
    kept = list((office.own_folder(task.id) / "from-services").iterdir())
    assert [len(one.read_text()) for one in kept] == [len("b1 Emma (novels)\n" + "word " * 20_000)]


def test_nothing_is_allowed_by_a_scope_that_holds_nothing(at_work, books):
    books.put("novels", "Emma")
    office = at_work(calls(LIST), text("No."), choice=dataclasses.replace(ALL, scope=()))

    office.begin("List the books")

    assert results(office.double)[0][0].startswith("Not allowed (rule 1)")


def test_a_service_that_nobody_signed_in_to_is_named_and_not_offered(at_work):
    office = at_work(calls(("find_actions", {"query": "books"})), text("Nobody signed in."))
    office.signed.is_in = False

    office.begin("List the books")

    assert not {name for name in offered(office) if name.startswith("shelf_")}
    assert 'ask_to_connect with service="shelf"' in results(office.double)[0][0]


def test_a_yes_is_to_the_account_that_the_card_named(at_work, books):
    """Shown as everybody's, it is not made as the person's own: it is asked again, with both on the card."""
    office = at_work(calls(PUT), text("Done."))
    task = office.begin(GOAL)
    assert office.pending(task.id).draft.actions[0].about == "as everybody's account"

    office.signed.per = Per.PERSON
    office.approve(task.id)

    asked = office.pending(task.id).draft.actions[0]
    assert asked.reason == "It would be done as your account now; you were asked for everybody's account."
    assert (asked.about, books.books) == ("as your account", [])
    office.approve(task.id)
    assert [one["title"] for one in books.books] == ["Emma"]
