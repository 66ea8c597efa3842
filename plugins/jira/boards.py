"""Boards and their sprints: what is on them, and what is put into one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from bot.sdk import (
    EVERYWHERE,
    ROWS,
    Context,
    Cursor,
    Destination,
    Effect,
    Inverse,
    Page,
    Receipt,
    Result,
    ToolError,
    action,
    listed,
    minute,
)
from plugins.jira.client import agile
from plugins.jira.issue import LISTED, issue_key, issue_of, project_of
from plugins.jira.reading import within_scope
from plugins.jira.words import address, issue_line

MOST_MOVED = 20
BACKLOG = "the backlog"

Board = Annotated[int, "The board's number, from list_boards."]
Sprint = Annotated[int, "The sprint's number, from list_sprints."]


def _home_of_board(raw: dict[str, Any]) -> str:
    """The project a board stands in. One that stands in none is covered only where all was granted."""
    project = (raw.get("location") or {}).get("projectKey")
    return str(project) if project else f"board {raw.get('id')}"


def _home_of(context: Context, board: int) -> str:
    return _home_of_board(context.client.get(agile("board", board), what=f"the board {board}"))


def _sprint(context: Context, sprint: int) -> dict[str, Any]:
    found: dict[str, Any] = context.client.get(agile("sprint", sprint), what=f"the sprint {sprint}")
    return found


def _home_of_sprint(context: Context, sprint: int) -> str:
    return _home_of(context, int(_sprint(context, sprint).get("originBoardId") or 0))


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda context, project="", search="", cursor="": "List boards in Jira",
    example={"project": "PAY"},
)
def list_boards(
    context: Context,
    project: Annotated[str, "Only those of the project with this key."] = "",
    search: Annotated[str, "Part of a name."] = "",
    cursor: Cursor = "",
) -> Result:
    """List boards with their numbers, which list_sprints takes. Only scrum boards have sprints."""
    query = {"projectKeyOrId": project, "name": search, "startAt": _first(cursor), "maxResults": ROWS}
    found = context.client.get(agile("board"), **query)
    boards = found.get("values") or []
    shown = context.in_scope(boards, _home_of_board)
    return listed(
        Page(rows=shown, cursor=_next(found)),
        lambda one: f"- {one['id']} {one.get('name')} · {one.get('type')} · {_home_of_board(one)}",
        what="boards",
        ids=[str(one["id"]) for one in shown],
        hidden=len(boards) - len(shown),
    )


@action(
    effect=Effect.READ,
    items=lambda context, board, state="", cursor="": (_home_of(context, board),),
    preview=lambda context, board, state="", cursor="": f"List the sprints of board {board} in Jira",
    example={"board": 84, "state": "active"},
)
def list_sprints(
    context: Context,
    board: Board,
    state: Annotated[str, "active, future or closed; several by commas; all without it."] = "",
    cursor: Cursor = "",
) -> Result:
    """List a board's sprints with number, state, dates and goal: closed ones first, then active, then future."""
    query = {"state": state, "startAt": _first(cursor), "maxResults": ROWS}
    found = context.client.get(agile("board", board, "sprint"), what=f"the board {board}", **query)
    sprints = found.get("values") or []
    return listed(
        Page(rows=sprints, cursor=_next(found), total=found.get("total")),
        _sprint_line,
        what="sprints",
        ids=[str(one["id"]) for one in sprints],
    )


@action(
    effect=Effect.READ,
    items=lambda context, sprint, jql="", cursor="": (_home_of_sprint(context, sprint),),
    preview=lambda context, sprint, jql="", cursor="": f"List the issues of sprint {sprint} in Jira",
    example={"sprint": 37},
)
def list_sprint_issues(
    context: Context,
    sprint: Sprint,
    jql: Annotated[str, "Only those, such as: status != Done."] = "",
    cursor: Cursor = "",
) -> Result:
    """List the issues of a sprint, in their rank. Those of projects outside of the grant are left out."""
    within = within_scope(context, jql, order="ORDER BY rank")
    query = {"jql": within, "fields": LISTED, "startAt": _first(cursor), "maxResults": ROWS}
    found = context.client.get(agile("sprint", sprint, "issue"), what=f"the sprint {sprint}", **query)
    issues = [issue_of(one) for one in found.get("issues") or ()]
    shown = context.in_scope(issues, lambda one: one.project)
    return listed(
        Page(rows=shown, cursor=_next(found, len(issues))),
        lambda one: issue_line(context, one),
        what="issues",
        ids=[one.key for one in shown],
        hidden=len(issues) - len(shown),
    )


def _touched(context: Context, issues: Sequence[str], sprint: int) -> tuple[str, ...]:
    homes = [project_of(context, one) for one in _keys(issues)]
    return tuple(dict.fromkeys((*homes, _home_of_sprint(context, sprint))))


def _preview(context: Context, issues: Sequence[str], sprint: int) -> str:
    return f"Put {', '.join(_keys(issues))} into the sprint {sprint} in Jira"


def _detail(context: Context, issues: Sequence[str], sprint: int) -> str:
    name = _sprint(context, sprint).get("name")
    return "\n".join(f"{key}: {_place(context, key)[1]} → {name}" for key in _keys(issues))


def _take_back(context: Context, receipt: Receipt, issues: Sequence[str], sprint: int) -> Result:
    """Each to where it was, if it is still in the sprint."""
    keys = _keys(issues)
    moved = [key for key in keys if _place(context, key)[0] != sprint]
    if moved:
        raise ToolError(f"{', '.join(moved)} was moved on since by somebody: all was left as it is.")
    for key, place in re.findall(r"^(\S+): .*\[(\d*)\]$", receipt.before, re.MULTILINE):
        path = agile("sprint", place, "issue") if place else agile("backlog", "issue")
        context.client.send("POST", path, {"issues": [key]}, what=key)
    after = f"{', '.join(keys)}: as before"
    return Result(
        text=f"Moved {', '.join(keys)} back.",
        receipt=Receipt(effect=Effect.CHANGE, what="Moved issues back", where=receipt.where, after=after),
    )


def _settled(context: Context, issues: Sequence[str], sprint: int) -> Result | None:
    """All of them are there: what the call would do is done."""
    keys = _keys(issues)
    if any(_place(context, key)[0] != sprint for key in keys):
        return None
    return _moved(context, keys, sprint, before="")


@action(
    effect=Effect.CHANGE,
    items=_touched,
    preview=_preview,
    detail=_detail,
    inverse=Inverse(words="Move them back", act=_take_back),
    settled=_settled,
    needs=("write:sprint:jira-software",),
    example={"issues": ["PAY-12"], "sprint": 37},
)
def add_to_sprint(
    context: Context, issues: Annotated[list[str], "Keys, up to 20: PAY-12.", Destination()], sprint: Sprint
) -> Result:
    """Put issues into a sprint that is active or future. Each is in one such sprint at a time: it leaves its own."""
    keys = _keys(issues)
    before = "\n".join(
        f"{key}: {name} [{place or ''}]" for key in keys for place, name in [_place(context, key)]
    )
    context.halt.check()
    context.client.send(
        "POST", agile("sprint", sprint, "issue"), {"issues": keys}, what=f"the sprint {sprint}"
    )
    return _moved(context, keys, sprint, before)


def _moved(context: Context, keys: list[str], sprint: int, before: str) -> Result:
    name = str(_sprint(context, sprint).get("name"))
    named = ", ".join(keys)
    return Result(
        text=f"{named} is in the sprint “{name}” now: {address(context, keys[0])}",
        receipt=Receipt(
            effect=Effect.CHANGE,
            what=f"Put {named} into a sprint",
            where=address(context, keys[0]),
            before=before,
            after=f"{named}: {name} [{sprint}]",
            undo="Move them back" if before else "",
        ),
    )


def _place(context: Context, key: str) -> tuple[int | None, str]:
    """The sprint an issue is in: its number and name."""
    found = context.client.get(agile("issue", key), fields="sprint", what=key)
    sprint = (found.get("fields") or {}).get("sprint")
    return (int(sprint["id"]), str(sprint.get("name"))) if sprint else (None, BACKLOG)


def _keys(issues: Sequence[str]) -> list[str]:
    if not 1 <= len(issues) <= MOST_MOVED:
        raise ToolError(f"Name 1 to {MOST_MOVED} issues.")
    return list(dict.fromkeys(map(issue_key, issues)))


def _sprint_line(raw: dict[str, Any]) -> str:
    dates = " to ".join(minute(raw.get(name))[:10] for name in ("startDate", "endDate") if raw.get(name))
    told = (raw.get("state"), dates, f"goal: {raw['goal']}" if raw.get("goal") else "")
    return f"- {raw['id']} {raw.get('name')} · {' · '.join(str(one) for one in told if one)}"


def _first(cursor: str) -> int:
    return int(cursor) if cursor.isdigit() else 0


def _next(found: dict[str, Any], rows: int | None = None) -> str:
    """The cursor of the page after this one, "" where it is the last."""
    count = len(found.get("values") or ()) if rows is None else rows
    end = int(found.get("startAt") or 0) + count
    total = found.get("total")
    is_last = bool(found.get("isLast", total is not None and end >= int(total)))
    return "" if is_last or not count else str(end)
