"""What a connector asks in the middle of a call, in Slack: a form that is filled in, a page to open, a no."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.approval import Action, ApprovalKind, ApprovalState, Draft
from bot.domain.asking import Asking, Reply, Said
from bot.domain.call import Call
from bot.domain.connector import Form, Question
from bot.domain.event import News
from bot.domain.task import TaskState
from bot.domain.verdict import Ask
from bot.engine import news
from bot.slack.views import questions
from bot.store import approvals, calls, held, tasks
from bot.store.calls import CallState
from bot.store.outbox import PostKind

Office = Any

TABLE = Form(
    message="Which *table*?",
    schema={
        "properties": {
            "people": {"type": "integer", "minimum": 1, "maximum": 12},
            "room": {"type": "string", "enum": ["g", "h"], "enumNames": ["Garden", "Hall"]},
        },
        "required": ["people"],
    },
)
PAGE = Form(message="Sign here", url="https://bank.example/sign")


def ask(office: Office, form: Form) -> str:
    """Ana's task is in the middle of a call whose server asks this. The approval's id."""
    office.ana.command("reports", "/cowork Book a table")
    office.shown("Queued: ")
    task, now = office.working(None), office.clock()
    call = Call(id="call1", tool="tables__book", input={})
    asking = Asking(connector="tables", title="Tables", question=Question(forms={"k": form}, state="s"))
    draft = Draft(kind=ApprovalKind.FORM, title="Tables asks you something", call_id="call1", asking=asking)
    with office.database.write("test") as session:
        calls.propose(session, task.id, [Action(call=call, preview="Book")], seq=1, now=now)
        approvals.put(session, "A1", task.id, draft, now=now)
        held.hold(session, task.id, call.id, "A1", Ask(rule=10, reason="it asks"))
        tasks.release(session, task, TaskState.WAITING, now=now)
        news.tell(session, task.id, task.place, News.ASKED, now=now)
        news.want(session, PostKind.APPROVAL, task.id, task.place, "A1", now=now)
    office.bell.ring()
    return "A1"


def replied(office: Office) -> tuple[CallState, Any]:
    with office.database.read() as session:
        approval = approvals.get(session, "A1")
        return calls.of_approval(session, "A1")[0].state, approval.draft.asking.replies.get("k")


def filled(people: str, room: str | None = None) -> dict[str, Any]:
    given: dict[str, Any] = {questions.block(0): {questions.VALUE: {"type": "number_input", "value": people}}}
    if room is not None:
        chosen = {"type": "static_select", "selected_option": {"value": room}}
        given[questions.block(1)] = {questions.VALUE: chosen}
    return given


def form_of(office: Office) -> dict[str, Any]:
    office.ana.press(office.shown("Your decision is needed"), questions.ANSWER)
    view: dict[str, Any] = office.modal(office.ana, "Tables")
    return view


def test_a_form_is_filled_in_and_the_call_is_to_go_on_with_it(office: Office, words: Any) -> None:
    ask(office, TABLE)
    office.ana.submit(form_of(office)["id"], filled("4", "1"))

    assert replied(office) == (
        CallState.APPROVED,
        Reply(said=Said.ACCEPT, content={"people": 4, "room": "h"}),
    )
    assert "> people: 4\n> room: Hall" in words(office.shown("Answered: "))


def test_the_servers_words_are_no_markup_and_people_hear_whose_they_are(office: Office, words: Any) -> None:
    ask(office, TABLE)

    shown = office.shown("Your decision is needed")
    assert "Which *table*?" in words(shown)
    assert "The connector Tables asks this, not I." in words(shown)


def test_what_does_not_fit_stays_in_the_form(office: Office) -> None:
    ask(office, TABLE)

    answer = office.ana.submit(form_of(office)["id"], filled("40"))

    assert "errors" in str(answer)
    assert replied(office) == (CallState.HELD, None)


@pytest.mark.parametrize(
    ("action", "said"), [(questions.DONE, Said.ACCEPT), (questions.DECLINE, Said.DECLINE)]
)
def test_of_a_page_people_say_that_they_were_there_or_will_not_go(
    office: Office, action: str, said: Said
) -> None:
    ask(office, PAGE)

    office.ana.press(office.shown("Your decision is needed"), action)

    office.shown("Answered: ")
    assert replied(office) == (CallState.APPROVED, Reply(said=said))


@pytest.mark.parametrize(("form", "action"), [(PAGE, questions.DONE), (TABLE, questions.ANSWER)])
def test_nobody_else_answers_for_the_owner_or_sees_a_form(office: Office, form: Form, action: str) -> None:
    ask(office, form)

    office.ben.press(office.shown("Your decision is needed"), action)

    office.told(office.ben, "Only ana can decide this.")
    assert office.ben.modal() is None
    assert office.record.approval("A1").state is ApprovalState.PENDING
