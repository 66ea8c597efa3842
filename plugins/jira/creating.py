"""Creating an issue, and deleting it again while nobody has touched it."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.jira.adf import document
from plugins.jira.client import core
from plugins.jira.issue import issue_key, one_line, project_key, project_of
from plugins.jira.traces import found_issue, mark
from plugins.jira.words import address, joined


def _create_detail(
    context: Context,
    project: str,
    summary: str,
    description: str = "",
    issue_type: str = "Task",
    labels: list[str] | None = None,
    parent: str = "",
) -> str:
    facts = {"Project": project_key(project), "Type": issue_type, "Parent": parent, "Labels": joined(labels)}
    lines = [f"{name}: {value}" for name, value in facts.items() if value]
    return "\n".join((f"Summary: {one_line(summary)}", *lines, "", description)).strip()


def _delete(context: Context, receipt: Receipt, **_: Any) -> Result:
    """Only one that nobody has touched since it was created."""
    key = receipt.where.rpartition("/")[2]
    found = context.client.get(
        core("issue", key), fields="comment,created,updated", expand="changelog", what=key
    )
    fields = found.get("fields") or {}
    has_changes = bool((found.get("changelog") or {}).get("histories"))
    if has_changes or (fields.get("comment") or {}).get("total"):
        raise ToolError(f"{key} was changed or commented on since: it was left as it is.")
    context.client.send("DELETE", core("issue", key), what=key)
    taken = Receipt(effect=Effect.DELETE, what=f"Deleted {key}", where=receipt.where, before=receipt.after)
    return Result(text=f"Deleted {key}.", receipt=taken)


def _create_settled(context: Context, project: str, summary: str, **_: Any) -> Result | None:
    key = found_issue(context, project_key(project))
    return _created(context, key, one_line(summary)) if key else None


@action(
    effect=Effect.CREATE,
    items=lambda context, project, summary, description="", issue_type="Task", labels=None, parent="": (
        project_key(project),
        *([project_of(context, parent)] if parent else ()),
    ),
    preview=lambda context, project, summary, issue_type="Task", **_: (
        f"Create a {issue_type} in {project_key(project)} (Jira): “{one_line(summary)}”"
    ),
    detail=_create_detail,
    inverse=Inverse(words="Delete it", act=_delete),
    settled=_create_settled,
    needs=("write:jira-work",),
    example={"project": "PAY", "summary": "Login fails with 500", "description": "Since **Monday**."},
)
def create_issue(
    context: Context,
    project: Annotated[str, "The project's key, such as PAY.", Destination()],
    summary: Annotated[str, "One line, up to 255 characters."],
    description: Annotated[str, "Markdown."] = "",
    issue_type: Annotated[str, "As the project calls it: Task, Bug, Story, Epic, Sub-task."] = "Task",
    labels: Annotated[list[str] | None, "Each without blanks."] = None,
    parent: Annotated[str, "The key of its epic, or of the issue it is a sub-task of."] = "",
) -> Result:
    """Create an issue in a project. Set priority or due date with edit_issue, assignee with assign_issue."""
    fields: dict[str, Any] = {
        "project": {"key": project_key(project)},
        "summary": one_line(summary),
        "issuetype": {"name": issue_type},
    }
    if description:
        fields["description"] = document(description)
    if labels:
        fields["labels"] = labels
    if parent:
        fields["parent"] = {"key": issue_key(parent)}
    context.halt.check()
    made = context.client.send("POST", core("issue"), {"fields": fields, **mark(context)}, what=project)
    return _created(context, str(made["key"]), one_line(summary))


def _created(context: Context, key: str, summary: str) -> Result:
    link = address(context, key)
    receipt = Receipt(
        effect=Effect.CREATE, what=f"Created {key}", where=link, after=summary, undo="Delete it"
    )
    return Result(text=f"Created {key}: {summary} {link}", receipt=receipt, ids=(key,))
