"""Time that was worked on an issue."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.jira.adf import document
from plugins.jira.client import core
from plugins.jira.issue import issue_key, issue_now, project_of
from plugins.jira.reading import Key
from plugins.jira.traces import PROPERTY, found_among, mark
from plugins.jira.words import address


def _unlog(context: Context, receipt: Receipt, issue: str, **_: Any) -> Result:
    key, number = issue_key(issue), receipt.where.rpartition("=")[2]
    path = core("issue", key, "worklog", number)
    there = context.client.get(path, what="the work log")
    if there.get("timeSpentSeconds") != _seconds(receipt.after):
        raise ToolError(f"The time on {key} was changed since: it was left as it is.")
    context.client.send("DELETE", path, what="the work log")
    taken = Receipt(effect=Effect.DELETE, what=f"Took time off {key}", where=address(context, key))
    return Result(text=f"Took the time off {key} again.", receipt=taken)


def _log_settled(context: Context, issue: str, minutes: int, **_: Any) -> Result | None:
    key = issue_key(issue)
    since = int(context.now.timestamp() * 1000) - 400 * 86_400_000
    found = context.client.get(core("issue", key, "worklog"), startedAfter=since, maxResults=1000, what=key)
    logs = list(found.get("worklogs") or ())
    made = found_among(
        context, logs, lambda number: core("issue", key, "worklog", number, "properties", PROPERTY)
    )
    return _logged(context, key, minutes, made) if made else None


@action(
    effect=Effect.CREATE,
    items=lambda context, issue, **_: (project_of(context, issue),),
    preview=lambda context, issue, minutes, **_: f"Log {_time(minutes)} on {issue_key(issue)} in Jira",
    detail=lambda context, issue, minutes, started="", text="": "\n".join(
        filter(None, (issue_now(context, issue).summary, f"Started: {_start(context, started)}", text))
    ),
    inverse=Inverse(words="Take the time off", act=_unlog),
    settled=_log_settled,
    needs=("write:jira-work",),
    example={"issue": "PAY-12", "minutes": 90, "started": "2026-11-23T09:00", "text": "Found the cause"},
)
def log_work(
    context: Context,
    issue: Key,
    minutes: Annotated[int, "How long, 1 to 6000."],
    started: Annotated[str, "When, such as 2026-11-23T09:00 (UTC); now without it."] = "",
    text: Annotated[str, "What was done, in Markdown."] = "",
) -> Result:
    """Log time that the connection's account worked on an issue. The remaining estimate goes down by it."""
    key = issue_now(context, issue).key
    body = {"timeSpentSeconds": _asked(minutes) * 60, "started": _start(context, started), **mark(context)}
    if text:
        body["comment"] = document(text)
    context.halt.check()
    made = context.client.send("POST", core("issue", key, "worklog"), body, what=key)
    return _logged(context, key, minutes, made)


def _asked(minutes: int) -> int:
    if not 1 <= minutes <= 6000:
        raise ToolError("Log 1 to 6000 minutes.")
    return minutes


def _start(context: Context, started: str) -> str:
    """As the API wants it: 2026-11-23T09:00:00.000+0000."""
    if not started:
        return context.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00.000+0000")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", started):
        raise ToolError("Say when it was started like 2026-11-23T09:00, in UTC.")
    return f"{started}:00.000+0000"


def _logged(context: Context, key: str, minutes: int, made: dict[str, Any]) -> Result:
    link, time = f"{address(context, key)}?focusedWorklogId={made['id']}", _time(minutes)
    receipt = Receipt(
        effect=Effect.CREATE, what=f"Logged {time} on {key}", where=link, after=time, undo="Take the time off"
    )
    return Result(text=f"Logged {time} on {key}: {link}", receipt=receipt)


def _time(minutes: int) -> str:
    return f"{minutes} min"


def _seconds(time: str) -> int:
    return int(time.partition(" ")[0]) * 60
