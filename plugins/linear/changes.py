"""Issues of Linear changed, and changed back."""

from __future__ import annotations

import json
from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.linear import documents, words
from plugins.linear.fields import Fields, input_of, now_in, reads, shown, stands_in
from plugins.linear.names import Issue, found_issue, team_of_issue


def _change(context: Context, issue: str, title: str, description: str | None, fields: Fields | None) -> str:
    """What stands there now, and what will."""
    found = found_issue(context, issue)
    wanted = _wanted(title, description, fields)
    now = now_in(found, wanted)
    return "\n".join(
        f"{name.capitalize()}: {reads(now[name])} → {reads(new)}" for name, new in wanted.items()
    )


def _restored(context: Context, receipt: Receipt, issue: str, **_: Any) -> Result:
    found, before = found_issue(context, issue), json.loads(receipt.before)
    if json.dumps(now_in(found, before), ensure_ascii=False) != receipt.after:
        raise ToolError(f"{found['identifier']} was changed since, so it was left: {found['url']}")
    texts = {name: before.pop(name) for name in ("title", "description") if name in before}
    sent = texts | input_of(context, found["team"]["key"], Fields.model_validate(before))
    context.client.ask(documents.UPDATE_ISSUE, id=found["id"], input=sent)
    return Result(text=f"{found['identifier']} is as it was: {found['url']}")


def _changed(issue: dict[str, Any], before: str, wanted: dict[str, Any]) -> Result:
    return Result(
        text=f"Changed {issue['identifier']} ({', '.join(wanted)}): {words.issue_line(issue)}",
        receipt=Receipt(
            effect=Effect.CHANGE,
            what="Changed issue",
            where=issue["url"],
            before=before,
            after=json.dumps(now_in(issue, wanted), ensure_ascii=False),
            undo="Change it back" if before else "",
        ),
        ids=(issue["identifier"],),
    )


def _was_changed(
    context: Context,
    issue: str,
    title: str = "",
    description: str | None = None,
    fields: Fields | None = None,
) -> Result | None:
    found = found_issue(context, issue)
    sent = _update(context, found, title, description, fields)
    return _changed(found, "", _wanted(title, description, fields)) if stands_in(found, sent) else None


@action(
    effect=Effect.CHANGE,
    items=team_of_issue,
    preview=lambda _, issue, **__: f"Change {issue} in Linear",
    detail=_change,
    example={"issue": "WEB-1", "fields": {"state": "Done"}},
    inverse=Inverse(words="Change it back", act=_restored),
    settled=_was_changed,
    needs=("write",),
)
def update_issue(
    context: Context,
    issue: Issue,
    title: str = "",
    description: Annotated[str | None, "The whole new text, Markdown"] = None,
    fields: Fields | None = None,
) -> Result:
    """Change an issue: title, text, state, priority, assignee, labels, project, cycle, due date. The rest stays."""
    found, wanted = found_issue(context, issue), _wanted(title, description, fields)
    sent = _update(context, found, title, description, fields)
    before = json.dumps(now_in(found, wanted), ensure_ascii=False)
    context.halt.check()
    made = context.client.ask(documents.UPDATE_ISSUE, id=found["id"], input=sent)["issueUpdate"]["issue"]
    return _changed(made, before, wanted)


def _wanted(title: str, description: str | None, fields: Fields | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {"title": title} if title else {}
    wanted |= {} if description is None else {"description": description}
    if not (wanted := wanted | shown(fields)):
        raise ToolError("Nothing to change was given: say a title, a description or fields.")
    return wanted


def _update(
    context: Context, found: dict[str, Any], title: str, description: str | None, fields: Fields | None
) -> dict[str, Any]:
    texts = {
        name: text
        for name, text in (("title", title or None), ("description", description))
        if text is not None
    }
    return texts | input_of(context, found["team"]["key"], fields)
