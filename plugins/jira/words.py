"""How issues, boards and people are told: a line each, with the key that other calls take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sdk import Context, line, minute
from plugins.jira.adf_reading import markdown
from plugins.jira.issue import Issue, Person, person_of


def address(context: Context, key: str) -> str:
    """Where people open an issue."""
    return f"{context.client.site}/browse/{key}"


def name_of(person: Person | None) -> str:
    return person.name if person else "nobody"


def named(person: Person | None) -> str:
    """With the id, from which it can be found again."""
    return f"{person.name} [{person.id}]" if person else "nobody"


def joined(labels: Iterable[str] | None) -> str:
    return ", ".join(labels or ())


def issue_line(context: Context, issue: Issue) -> str:
    """PAY-12 Login fails · Bug · In Progress · High · Ana · due … · link"""
    told = line(
        issue.kind,
        issue.status,
        issue.priority,
        name_of(issue.assignee),
        f"due {issue.due}" if issue.due else "",
        ", ".join(issue.labels),
        f"updated {issue.updated}" if issue.updated else "",
    )
    return f"- {issue.key} {issue.summary} · {told} · {address(context, issue.key)}"


def whole_issue(context: Context, issue: Issue, comments: list[dict[str, Any]], left_out: int) -> str:
    """All of an issue: its fields, its text, what it is linked with, comments and history."""
    links = [link for link in issue.links if context.scope.covers(link.key.rpartition("-")[0])]
    hidden = len(issue.links) - len(links)
    parts = [
        _head(context, issue),
        _section("Description", [markdown(issue.description) or "(none)"]),
        _section("Linked", [f"- {one.how} {one.key} {one.summary} ({one.status})" for one in links]),
        f"{hidden} more links lead outside of what was granted." if hidden else "",
        _section(_of_comments(len(comments), left_out), [_comment(one) for one in comments]),
        _section("History, newest first", [line for one in issue.raw_history[:20] for line in _changes(one)]),
    ]
    return "\n\n".join(filter(None, parts))


def _of_comments(shown: int, left_out: int) -> str:
    return f"Comments, the newest {shown} of {shown + left_out}" if left_out else "Comments"


def _head(context: Context, issue: Issue) -> str:
    facts = {
        "Type": issue.kind,
        "Status": issue.status,
        "Priority": issue.priority,
        "Assignee": named(issue.assignee),
        "Reporter": named(issue.reporter),
        "Labels": ", ".join(issue.labels),
        "Due": issue.due,
        "Time": _time(issue),
        "Created": issue.created,
        "Updated": issue.updated,
    }
    told = [f"{name}: {value}" for name, value in facts.items() if value]
    return "\n".join((f"{issue.key} {issue.summary}", address(context, issue.key), *told))


def _time(issue: Issue) -> str:
    spent = f"{issue.spent} logged" if issue.spent else ""
    left = f"{issue.estimate} left" if issue.estimate else ""
    return ", ".join(filter(None, (spent, left)))


def _section(title: str, lines: list[str]) -> str:
    return "\n".join((f"## {title}", *lines)) if lines else ""


def _comment(raw: dict[str, Any]) -> str:
    who = name_of(person_of(raw.get("author")))
    return f"### {who}, {minute(raw.get('created'))} (comment {raw.get('id')})\n{markdown(raw.get('body'))}"


_TELL_OF_OTHERS = frozenset(("Link", "Parent", "Epic Link", "IssueParentAssociation", "RemoteIssueLink"))


def _changes(entry: dict[str, Any]) -> list[str]:
    """Who changed what; of a long text only that it was changed, and of a link not where it leads."""
    when, who = minute(entry.get("created")), name_of(person_of(entry.get("author")))
    return [f"- {when} {who}: {_change(item)}" for item in entry.get("items") or ()]


def _change(item: dict[str, Any]) -> str:
    field = str(item.get("field", ""))
    old, new = str(item.get("fromString") or ""), str(item.get("toString") or "")
    if field in _TELL_OF_OTHERS or max(len(old), len(new)) > 100:
        return f"{field} changed"
    return f"{field} from “{old}” to “{new}”" if old else f"{field} set to “{new}”"
