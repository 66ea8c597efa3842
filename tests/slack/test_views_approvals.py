"""What a person sees of a request: what is replaced and deleted, what was changed since, what was left out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.approval import Action, Approval, ApprovalKind, ApprovalState, Draft
from bot.domain.call import Call
from bot.domain.patience import ESCALATED, REMINDED
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task, TaskState
from bot.slack import fit
from bot.slack.views import all_actions, choose, reasons, reminder, texts
from bot.slack.views.checkpoint import checkpoint

NOW = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
ANA = Person(team="T1", user="U0ANA0001", name="Ana Silva")
TASK = Task(
    id=12,
    person=ANA,
    place=Place(team="T1", channel="C1", thread="1.1"),
    goal="Tidy up",
    autonomy=Autonomy.CHECKPOINT,
    state=TaskState.WAITING,
    folders=(),
    created_at=NOW,
)


def action(number: int = 1, preview: str = "", **given: Any) -> Action:
    path = f"/srv/reports/{number}.md"
    call = Call(id=f"c{number}", tool="delete_file", input={"path": path})
    return Action(call=call, preview=preview or f"Delete {path}", **given)


def approval(*actions: Action, **given: Any) -> Approval:
    draft = Draft(kind=ApprovalKind.CALLS, title="Tidy up", actions=actions)
    return Approval(id="A1", task_id=12, draft=draft, digest=draft.digest, created_at=NOW, **given)


def shown(view: Any) -> str:
    """Everything in it, as text."""
    return json.dumps(view.payload() if hasattr(view, "payload") else view.to_dict(), ensure_ascii=False)


def test_the_message_says_what_is_replaced_and_what_was_changed_line_by_line() -> None:
    asked = approval(
        action(
            about="replaces 5 bytes, last changed 2026-01-02 03:04 UTC",
            changed="1.md, since you were asked:\n-one\n+two",
            reason="1.md was changed since you were asked: 1 line added, 1 removed.",
        )
    )
    said = shown(checkpoint(asked, TASK))

    assert " · replaces 5 bytes, last changed 2026-01-02 03:04 UTC" in said
    assert "-one\\n+two" in said
    assert "1 line added, 1 removed" in said


def test_a_request_says_until_when_and_one_that_ran_out_that_nobody_answered_and_nothing_was_refused() -> (
    None
):
    until = NOW + timedelta(days=7)
    waiting = approval(action(1), action(2), expires_at=until)
    out = replace(waiting, has_lapsed=True)

    assert f"<!date^{int(until.timestamp())}^" in shown(checkpoint(waiting, TASK))
    said = shown(checkpoint(out, TASK))
    assert "Nobody answered until" in said
    assert "nothing was refused" in said
    assert [
        label in said for label in ('"Ask again"', '"Redirect…"', '"Stop"', '"Choose…"', '"Approve"')
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_what_was_left_out_stands_in_the_decided_message_with_the_digest_of_the_rest() -> None:
    decided = approval(
        action(1),
        action(2),
        action(3),
        state=ApprovalState.APPROVED,
        decided_by=ANA,
        decided_at=NOW,
        left_out=(2,),
    )
    said = shown(checkpoint(decided, TASK))

    assert "Left out: 1 of 3" in said
    assert decided.kept.digest[:12] in said
    assert decided.digest[:12] not in said


@pytest.mark.parametrize("count", [2, 11, choose.MOST])
def test_the_window_to_choose_has_all_actions_on_within_what_slack_takes(count: int) -> None:
    asked = approval(*(action(number, f"Move {'ü' * 90} {number}") for number in range(1, count + 1)))
    view = choose.choose(asked).to_dict()
    groups = [block["element"] for block in view["blocks"] if block["type"] == "input"]

    on = [option["value"] for group in groups for option in group["initial_options"]]
    assert on == [str(number) for number in range(1, count + 1)]
    assert all(group["initial_options"] == group["options"] for group in groups)
    assert max(len(group["options"]) for group in groups) <= 10
    assert len(view["blocks"]) <= fit.VIEW_BLOCKS
    assert len(json.dumps(view)) <= fit.VIEW_BYTES


def test_an_action_that_is_too_long_for_one_line_goes_on_after_a_whole_word_or_name() -> None:
    preview = "Move scan 07 final (2).docx → Engineering/2026-03_Engineering_Budget of the year.docx"
    view = choose.choose(approval(action(1, preview), action(2))).to_dict()

    (group,) = [block for block in view["blocks"] if block["type"] == "input"]
    first = group["element"]["options"][0]
    assert first["text"]["text"].rstrip() == (
        "1. Move scan 07 final (2).docx → Engineering/2026-03_Engineering_Budget of"
    )
    assert first["description"]["text"].lstrip() == "the year.docx"


def test_a_window_that_comes_too_late_says_in_words_what_was_decided_before() -> None:
    edited = approval(action(), state=ApprovalState.EDITED, decided_by=ANA, decided_at=NOW)
    lapsed = approval(action(), state=ApprovalState.LAPSED)

    assert texts.decided_before(edited, "Your words") == (
        "This was already changed by Ana Silva, 2026-11-22 17:40 UTC. Your words changed nothing."
    )
    assert texts.decided_before(lapsed, "Your words").startswith("Nobody had answered this in time.")


def test_more_actions_than_a_window_holds_are_not_offered_to_choose_from() -> None:
    asked = approval(*(action(number) for number in range(choose.MOST + 1)))

    assert "Choose…" not in shown(checkpoint(asked, TASK))


def test_what_is_not_checked_any_more_is_left_out() -> None:
    asked = approval(action(1), action(2), action(3))

    assert choose.left_out(asked, {choose.FIRST: "1", "b": "3"}) == (2,)
    assert choose.left_out(asked, {choose.FIRST: ""}) == (1, 2, 3)


def test_the_whole_text_that_is_written_can_be_read_page_by_page() -> None:
    text = "\n".join(f"    line {number} of the text" for number in range(3_000))
    asked = approval(action(1, detail=text), action(2))
    pages = [all_actions.all_actions(asked, page).to_dict() for page in range(1, 9)]
    read = [
        element["elements"][0]["text"]
        for page in pages
        for block in page["blocks"]
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_preformatted"
    ]

    assert "\n".join(read[: len(set(read))]) == text
    assert all(len(page["blocks"]) <= fit.VIEW_BLOCKS for page in pages)
    assert "1 goes on from the page before" in json.dumps(pages[1])
    assert "Delete 2.md" in json.dumps(pages)


def test_a_reminder_calls_the_requester_and_the_next_one_the_approvers() -> None:
    asked = approval(action(1))
    first = shown(reminder.reminder(asked, TASK, "<@U0BEN>", nudge=REMINDED))
    second = shown(reminder.reminder(asked, TASK, "<@U0BEN> <@U0CLO>", nudge=ESCALATED))

    assert "<@U0ANA0001> this has been waiting for you" in first
    assert "U0BEN" not in first
    assert "<@U0BEN> <@U0CLO> nobody has decided this" in second
    assert "U0ANA0001" not in second


def test_how_it_would_be_undone_is_said_once_for_all_that_share_it() -> None:
    asked = approval(
        *(action(n, inverse="Move it back") for n in (1, 2, 3)),
        action(4, inverse="Delete the <file>"),
        action(5),
    )
    said = shown(checkpoint(asked, TASK))

    assert said.count("Move it back") == 1
    assert (
        "What Undo would do afterwards\\n• Move it back (actions 1–3)\\n• Delete the &lt;file&gt; (action 4)"
        in said
    )
    assert "What Undo would do" not in shown(checkpoint(approval(action(1)), TASK))


def test_a_reason_that_all_share_is_said_once() -> None:
    asked = approval(
        *(action(n, reason="Nothing is deleted without a person's approval.") for n in range(1, 9))
    )
    said = shown(checkpoint(asked, TASK))
    assert said.count("Nothing is deleted without a person's approval.") == 1
    assert "approval. (action" not in said


def test_a_long_reason_that_differs_by_the_name_alone_is_said_once() -> None:
    why = "This would change {}, a place you did not name, after the task has read text that others wrote (note.md)."
    actions = [action(n, f"Edit {n}.md", reason=why.format(f"{n}.md")) for n in (1, 2)]
    said = str([block.to_dict() for block in reasons.asked([*actions, action(3, reason="It is final.")])])
    assert said.count("a place you did not name") == 1
    assert "• The same: 2.md (action 2)" in said and "• It is final. (action 3)" in said
