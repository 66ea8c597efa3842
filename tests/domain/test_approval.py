"""What is put to people, as each of them may see it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.approval import Action, Approval, ApprovalKind, Draft
from bot.domain.call import Call
from bot.domain.label import Audience


def test_others_see_of_an_action_on_what_is_private_only_that_there_is_one():
    plain = Action(call=Call(id="c1", tool="write_file", input={"path": "a.md"}), preview="Write a.md")
    private = Action(
        call=Call(id="c2", tool="jira_edit_issue", input={"title": "Redundancies"}),
        preview="Change HR-1 to “Redundancies”",
        reason="It changes HR-1.",
        detail="Redundancies",
        about="Reorganisation",
        changed="It was renamed.",
        audience=Audience.REQUESTER,
    )
    draft = Draft(kind=ApprovalKind.CALLS, title="2 actions need your word", actions=(plain, private))
    asked = Approval(
        id="a1", task_id=1, draft=draft, digest=draft.digest, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )

    [shown, withheld] = asked.for_others().draft.actions

    assert shown == plain
    assert withheld == Action(
        call=Call(id="c2", tool="jira_edit_issue", input={}),
        preview="jira_edit_issue",
        detail="Only the requester may read this.",
    )
