"""“Why did you do that?” is answered from the audit log, privately, without waking the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.audit import questions
from bot.audit.account import Account, Asked, Deed
from bot.audit.questions import Question
from bot.domain.approval import Action
from bot.domain.call import Call, Result
from bot.domain.effect import Effect
from bot.domain.event import News
from bot.domain.receipt import Receipt
from bot.domain.task import TaskState
from bot.domain.verdict import Allow
from bot.engine import evidence, news, wording
from bot.slack.views.why import why
from bot.store import calls

Office = Any
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("why did you do that?", Question.WHY),
        ("Why did you move these", Question.WHY),
        ("why?", Question.WHY),
        ("which rule allowed that?", Question.WHY),
        ("Who approved this?", Question.WHO),
        ("who approved", Question.WHO),
        ("what did you change?", Question.WHAT),
        ("What have you done so far?", Question.WHAT),
        ("why did you do that? Undo it", None),
        ("why did you move the invoices to 2024, they are from 2025", None),
        ("who approved the budget of last year? Add it to the report", None),
        ("what did you change in the wording of section 2, and please change it back", None),
        ("whyever", None),
    ],
)
def test_only_the_plain_question_is_taken_for_one(text: str, meant: Question | None) -> None:
    assert questions.asked(text) is meant


def moved(office: Office, channel: str | None = None) -> int:
    """A task that moved a file on Ben's word, and is done."""
    task = office.working(office.task(office.ana, "Tidy the reports", channel).id)
    call = Call(id="call1", tool="move_file", input={"source": "a.pdf", "destination": "2026/a.pdf"})
    receipt = Receipt(
        effect=Effect.CHANGE, what="Moved", where="/r/2026/a.pdf", before="/r/a.pdf", undo="Move it back"
    )
    now = office.clock()
    with office.database.write("test") as session:
        [entry] = calls.propose(session, task.id, [Action(call=call, preview="Move a.pdf")], seq=1, now=now)
        verdict = Allow(rule=10, reason="It is granted.")
        result = Result(text="Moved", receipt=receipt)
        calls.answer(session, task.id, call.id, result, now=now, verdict=verdict)
        told, proof = (
            wording.told(entry, verdict) | {"ok": True},
            evidence.of_answer(session, task, entry, result),
        )
        news.tell(session, task.id, task.place, News.CALLED, now=now, data=told, proof=proof)
    office.ended(task, TaskState.DONE, answer="Tidied.")
    return task.id


def test_why_in_the_thread_is_answered_from_the_log_and_the_task_sleeps_on(
    office: Office, until: Any
) -> None:
    number = moved(office)
    card = office.shown("Done: ")

    office.ana.say("reports", "why did you do that?", thread_ts=card["ts"])

    office.told(office.ana, f"Task {number}, from the audit log")
    [shown] = office.slack.workspace.ephemerals.values()
    said = str(shown["blocks"])
    assert "was asked for by Ana Silva" in said and "Moved /r/a.pdf → /r/2026/a.pdf" in said
    assert "Allowed by rule 10: It is granted." in said and "It can be undone: move it back" in said
    assert office.record.snapshot(number).task.state is TaskState.DONE


def deed(number: int, tool: str = "move_file", **given: Any) -> Deed:
    receipt = {
        "what": "Moved",
        "before": f"/r/{number}.md",
        "where": f"/r/new/{number}.md",
        "undo": "Move it back",
    }
    return Deed(
        call=f"c{number}", tool=tool, what="", at=NOW, rule=5, reason=f"Approved: {number}.md", is_done=True,
        receipt=receipt, request_id="req_1", **given,
    )  # fmt: skip


def test_what_was_done_in_one_go_is_told_together_and_its_reason_once() -> None:
    asked = Asked(title="Move 7 files", at=NOW, decision="approved", people=("ana",), decided_at=NOW)
    moves = [deed(number, asked=asked, labels=("untrusted",)) for number in range(1, 8)]
    told = Account(task=1, at=NOW, requester="ana", goal="Tidy", deeds=(*moves, deed(9, "write_file")))

    _, together, once, alone, reasons, _ = (block.to_dict() for block in why(told, Question.WHY, str).blocks)

    assert together["text"]["text"].splitlines()[0] == "*Moved /r/1.md → /r/new/1.md*"
    assert together["text"]["text"].splitlines()[-1] == "and 2 more"
    said = once["elements"][0]["text"]
    assert "Allowed by rule 5, each by itself\n“Move 7 files”, asked on" in said
    assert said.count("approved by ana") == said.count("It can be undone: move it back") == 1
    assert alone["text"]["text"] == "*Moved /r/9.md → /r/new/9.md*"
    assert "Allowed by rule 5: Approved: 9.md" in reasons["elements"][0]["text"]


def test_a_call_whose_reason_is_not_that_of_the_others_is_told_by_itself() -> None:
    refused = replace(deed(2), is_denied=True, is_done=None, receipt={}, what="Move 2.md")
    told = Account(task=1, at=NOW, requester="ana", goal="Tidy", deeds=(deed(1), refused, deed(3)))

    said = str(why(told, Question.WHY, str).payload())

    assert said.count("Allowed by rule 5: ") == 2 and "Not allowed: Move 2.md" in said


def test_a_colleague_is_answered_when_they_mention_us_and_talk_among_people_is_let_be(office: Office) -> None:
    number = moved(office)
    card = office.shown("Done: ")

    office.ben.say("reports", "why did you do that?", thread_ts=card["ts"])
    office.ben.say("reports", "@cowork what did you change?", thread_ts=card["ts"])

    office.told(office.ben, f"Task {number}, from the audit log")
    assert len(office.whispered(office.ben)) == 1


def test_a_guest_is_not_told(office: Office) -> None:
    general = office.slack.channel("general")
    moved(office, general)
    card = office.shown("Done: ", general)

    office.gil.say("general", "@cowork why did you do that?", thread_ts=card["ts"])

    office.told(office.gil, "Only members of this workspace are told")


@pytest.mark.parametrize("words", ["why", "audit", "why 1", "what did you change?", "who approved this?"])
def test_the_command_answers_of_the_newest_task_here_or_of_its_number(office: Office, words: str) -> None:
    moved(office)

    office.ana.command("reports", f"/cowork {words}")

    office.told(office.ana, "Task 1, from the audit log")
    assert len(office.tasks()) == 1


def test_the_command_tells_nothing_of_the_tasks_of_others(office: Office) -> None:
    moved(office)

    office.ben.command("reports", "/cowork why 1")
    office.told(office.ben, "You have no task 1")
    office.ben.command("reports", "/cowork why")
    office.told(office.ben, "You have no task here yet")
