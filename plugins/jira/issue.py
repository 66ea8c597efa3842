"""An issue as Jira tells it, parsed once; and how an issue's key is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sdk import Context, ToolError, minute
from plugins.jira.client import core

LISTED = "summary,status,issuetype,assignee,priority,labels,project,updated,duedate"
WHOLE = f"{LISTED},reporter,created,parent,description,issuelinks,subtasks,timetracking"


@dataclass(frozen=True, kw_only=True)
class Person:
    """`id` is the account id that other calls take."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """How an issue stands to another: `how` is "blocks", "is blocked by", "parent", "subtask"."""

    how: str
    key: str
    summary: str
    status: str
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """`description` is an ADF document, or None."""

    key: str
    id: str
    project: str
    summary: str
    status: str
    kind: str
    assignee: Person | None
    reporter: Person | None
    priority: str
    labels: tuple[str, ...]
    created: str
    updated: str
    due: str
    estimate: str
    spent: str
    description: Any
    links: tuple[Link, ...]
    raw_history: tuple[dict[str, Any], ...] = ()


def issue_of(raw: dict[str, Any]) -> Issue:
    """Parsed from what the API gives."""
    fields = raw.get("fields") or {}
    key = str(raw.get("key", ""))
    return Issue(
        key=key,
        id=str(raw.get("id", "")),
        project=_in(fields, "project", "key") or key.rpartition("-")[0],
        summary=_in(fields, "summary"),
        status=_in(fields, "status", "name"),
        kind=_in(fields, "issuetype", "name"),
        assignee=person_of(fields.get("assignee")),
        reporter=person_of(fields.get("reporter")),
        priority=_in(fields, "priority", "name"),
        labels=tuple(map(str, fields.get("labels") or ())),
        created=minute(fields.get("created")),
        updated=minute(fields.get("updated")),
        due=_in(fields, "duedate"),
        estimate=_in(fields, "timetracking", "remainingEstimate"),
        spent=_in(fields, "timetracking", "timeSpent"),
        description=fields.get("description"),
        links=tuple(_links(fields)),
        raw_history=tuple((raw.get("changelog") or {}).get("histories") or ()),
    )


def person_of(raw: Any) -> Person | None:
    """Somebody with an account; None for nobody."""
    if not isinstance(raw, dict) or not raw.get("accountId"):
        return None
    return Person(id=str(raw["accountId"]), name=str(raw.get("displayName") or raw["accountId"]))


def issue_key(text: str) -> str:
    """A key as Jira writes it. Raises `ToolError` for what is none."""
    key = text.strip().upper()
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,99}-[0-9]{1,9}", key):
        raise ToolError(f"“{text}” is not the key of an issue, which is like PAY-12.")
    return key


def project_key(text: str) -> str:
    """A project's key as Jira writes it. Raises `ToolError` for what is none."""
    key = text.strip().upper()
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,99}", key):
        raise ToolError(f"“{text}” is not the key of a project, which is like PAY.")
    return key


def one_line(summary: str) -> str:
    """A summary that Jira takes. Raises `ToolError` for one that is empty or too long."""
    line = " ".join(summary.split())
    if not 1 <= len(line) <= 255:
        raise ToolError("A summary is one line of 1 to 255 characters.")
    return line


def issue_now(context: Context, text: str, fields: str = LISTED, *, expand: str = "") -> Issue:
    """How the issue with this key stands now, in whatever project it is by now."""
    key = issue_key(text)
    return issue_of(context.client.get(core("issue", key), fields=fields, expand=expand, what=key))


def project_of(context: Context, text: str) -> str:
    """Where the issue is now: a key goes on working when an issue was moved to another project."""
    return issue_now(context, text, "project").project


def _links(fields: dict[str, Any]) -> Iterator[Link]:
    if parent := fields.get("parent"):
        yield _link("parent", parent)
    for one in fields.get("subtasks") or ():
        yield _link("subtask", one)
    for one in fields.get("issuelinks") or ():
        for way in ("outward", "inward"):
            if other := one.get(f"{way}Issue"):
                yield _link(_in(one, "type", way) or "is linked with", other, str(one.get("id", "")))


def _link(how: str, other: dict[str, Any], id: str = "") -> Link:
    return Link(
        how=how,
        key=str(other.get("key", "")),
        summary=_in(other, "fields", "summary"),
        status=_in(other, "fields", "status", "name"),
        id=id,
    )


def _in(raw: Any, *names: str) -> str:
    """The text at the end of these names, "" where one of them is not there."""
    for name in names:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return "" if raw is None else str(raw)
