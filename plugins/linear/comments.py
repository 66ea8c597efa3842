"""Comments on issues of Linear."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.linear import documents
from plugins.linear.names import Issue, found_issue, team_of_issue
from plugins.linear.own import existing, id_in, own, with_id


def _uncommented(context: Context, receipt: Receipt, body: str, **_: Any) -> Result:
    its_id = id_in(receipt.where)
    comment = context.client.ask(documents.COMMENT, id=its_id)["comment"]
    if comment is None or comment["body"].strip() != body.strip():
        raise ToolError("The comment was changed or deleted since, so it was left.")
    context.client.ask(documents.DELETE_COMMENT, id=its_id)
    return Result(text=f"Deleted the comment on {comment['issue']['identifier']}.")


def _commented(comment_id: str, issue: dict[str, Any]) -> Result:
    return Result(
        text=f"Commented on {issue['identifier']}: {issue['url']}",
        receipt=Receipt(
            effect=Effect.CREATE,
            what=f"Commented on {issue['identifier']}",
            where=with_id(issue["url"], comment_id),
            undo="Delete it",
        ),
    )


def _was_commented(context: Context, **_: Any) -> Result | None:
    found = existing(context, documents.COMMENT, "comment")
    return None if found is None else _commented(found["id"], found["issue"])


@action(
    effect=Effect.CREATE,
    items=team_of_issue,
    preview=lambda _, issue, **__: f"Comment on {issue} in Linear",
    detail=lambda _, body, **__: body,
    example={"issue": "WEB-1", "body": "Fixed by **today**"},
    inverse=Inverse(words="Delete it", act=_uncommented),
    settled=_was_commented,
    needs=("write",),
)
def add_comment(context: Context, issue: Issue, body: Annotated[str, "Markdown"]) -> Result:
    """Comment on an issue. Its subscribers are told by Linear."""
    found = found_issue(context, issue)
    sent = {"issueId": found["id"], "body": body} | own(context)
    context.halt.check()
    made = context.client.ask(documents.CREATE_COMMENT, input=sent)["commentCreate"]
    return _commented(made["comment"]["id"], found)
