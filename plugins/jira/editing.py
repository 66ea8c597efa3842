"""Changing what stands in an issue, and restoring what stood there."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.jira.adf import document
from plugins.jira.adf_reading import is_carried, markdown
from plugins.jira.client import core
from plugins.jira.issue import LISTED, Issue, issue_key, issue_now, one_line, project_of
from plugins.jira.reading import Key
from plugins.jira.words import address, joined

EDITED = f"{LISTED},description"


def _changes(
    summary: str = "",
    description: str | None = None,
    labels: list[str] | None = None,
    priority: str = "",
    due: str = "",
) -> dict[str, str]:
    """What is to be, in the words of the card."""
    wanted: dict[str, str | None] = {
        "Summary": one_line(summary) if summary else None,
        "Labels": None if labels is None else joined(sorted(set(labels))),
        "Priority": priority or None,
        "Due": due or None,
        "Description": None if description is None else description.strip(),
    }
    changes = {name: value for name, value in wanted.items() if value is not None}
    if not changes:
        raise ToolError("Say what to change: a summary, a description, labels, a priority or a due date.")
    return changes


def _as_it_is(issue: Issue, names: Any) -> dict[str, str]:
    """The same of how it stands now."""
    now = {
        "Summary": issue.summary,
        "Labels": joined(sorted(issue.labels)),
        "Priority": issue.priority,
        "Due": issue.due,
        "Description": markdown(issue.description).strip(),
    }
    return {name: now[name] for name in names}


def _edit_detail(context: Context, issue: str, **wanted: Any) -> str:
    changes = _changes(**wanted)
    found = issue_now(context, issue, EDITED)
    now = _as_it_is(found, changes)
    lines = [f"{name}: {_told(now[name])} → {_told(value)}" for name, value in changes.items()]
    if "Description" in changes and not is_carried(found.description):
        lines.append("Mentions, media, panels or colours of the description that is there now will be gone.")
    return "\n".join(lines)


def _restore(context: Context, receipt: Receipt, issue: str, **wanted: Any) -> Result:
    """What stood there, if what was written still does."""
    before = _read(receipt.before)
    found = issue_now(context, issue, EDITED)
    if _as_it_is(found, before) != _read(receipt.after):
        raise ToolError(f"{found.key} was changed since by somebody: it was left as it is.")
    context.client.send("PUT", core("issue", found.key), {"fields": _fields(before)}, what=found.key)
    return _edited(context, found.key, before=receipt.after, after=receipt.before, undo="")


def _edit_settled(context: Context, issue: str, **wanted: Any) -> Result | None:
    """It says what was to be written: whoever did it, nothing is left to do."""
    changes = _changes(**wanted)
    found = issue_now(context, issue, EDITED)
    now = _as_it_is(found, changes)
    text = changes.get("Description")
    meant = changes if text is None else changes | {"Description": markdown(document(text)).strip()}
    return _edited(context, found.key, before="", after=_written(meant), undo="") if now == meant else None


@action(
    effect=Effect.CHANGE,
    items=lambda context, issue, **_: (project_of(context, issue),),
    preview=lambda context, issue, **wanted: (
        f"Change {', '.join(_changes(**wanted)).lower()} of {issue_key(issue)} in Jira"
    ),
    detail=_edit_detail,
    inverse=Inverse(words="Restore what stood there", act=_restore),
    settled=_edit_settled,
    needs=("write:jira-work",),
    example={
        "issue": "PAY-12",
        "summary": "Login fails with 500",
        "labels": ["payments"],
        "due": "2026-12-01",
    },
)
def edit_issue(
    context: Context,
    issue: Key,
    summary: Annotated[str, "The new one; left out, it stays."] = "",
    description: Annotated[str | None, "The whole new text, in Markdown."] = None,
    labels: Annotated[list[str] | None, "All that it shall have; [] for none."] = None,
    priority: Annotated[str, "Such as High."] = "",
    due: Annotated[str, "Such as 2026-12-01."] = "",
) -> Result:
    """Change an issue's summary, description, labels, priority or due date: what is given replaces what is there.

    Read it first with get_issue. Status, assignee and sprint have calls of their own.
    """
    wanted = {
        "summary": summary,
        "description": description,
        "labels": labels,
        "priority": priority,
        "due": due,
    }
    changes = _changes(**wanted)  # type: ignore[arg-type]
    found = issue_now(context, issue, EDITED)
    context.halt.check()
    context.client.send("PUT", core("issue", found.key), {"fields": _fields(changes)}, what=found.key)
    meant = dict(changes)
    if "Description" in meant:
        meant["Description"] = markdown(document(meant["Description"])).strip()
    can_restore = "Description" not in changes or _comes_back(found.description)
    undo = "Restore what stood there" if can_restore else ""
    before = _written(_as_it_is(found, changes))
    return _edited(context, found.key, before=before, after=_written(meant), undo=undo)


def _comes_back(description: Any) -> bool:
    """Whether a text can be written again just as it was."""
    if description is None:
        return True
    return is_carried(description) and document(markdown(description)) == _unnumbered(description)


def _unnumbered(node: Any) -> Any:
    """Without the numbers that Jira's editor gives to paragraphs, and gives anew."""
    if isinstance(node, list):
        return [_unnumbered(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _unnumbered(value) for name, value in node.items() if name != "localId"}
    return {name: value for name, value in plain.items() if (name, value) != ("attrs", {})}


def _edited(context: Context, key: str, *, before: str, after: str, undo: str) -> Result:
    link = address(context, key)
    what = f"Changed {', '.join(_read(after)).lower()} of {key}"
    receipt = Receipt(effect=Effect.CHANGE, what=what, where=link, before=before, after=after, undo=undo)
    return Result(text=f"{what}: {link}", receipt=receipt)


def _fields(changes: dict[str, str]) -> dict[str, Any]:
    """As the API takes them; an empty text empties the field."""
    return dict(_field(name, text) for name, text in changes.items())


def _field(name: str, text: str) -> tuple[str, Any]:
    match name:
        case "Labels":
            return "labels", text.split(", ") if text else []
        case "Priority":
            return "priority", {"name": text}
        case "Due":
            return "duedate", text or None
        case "Description":
            return "description", document(text) if text else None
        case _:
            return "summary", text


def _written(values: dict[str, str]) -> str:
    """A line for each; the description, which has many, comes last."""
    return "\n".join(f"{name}: {value}" for name, value in values.items())


def _read(written: str) -> dict[str, str]:
    """The same back."""
    head, found, text = f"\n{written}".partition("\nDescription: ")
    lines = [line.partition(": ") for line in head.split("\n") if line]
    return {name: value for name, _, value in lines} | ({"Description": text} if found else {})


def _told(value: str) -> str:
    return f"“{value}”" if value else "nothing"
