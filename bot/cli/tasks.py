"""`cowork tasks`: the newest tasks and how they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import shared
from bot.domain.task import Task
from bot.slack.views import words
from bot.store import overview, prompts


def tasks(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """List the newest tasks with their state, requester and cost.

    Example: `cowork tasks --limit 5 --json`
    """
    with shared.database(home) as database, database.read() as session:
        found = overview.newest(session, limit=limit)
        asked = prompts.of_tasks(session, [task.id for task in found])
    if as_json:
        for task in found:
            typer.echo(json.dumps(_row(task) | {"prompts": asked.get(task.id, 0)}))
    elif found:
        shared.out.print(_table(found, asked))
    else:
        shared.out.print('No tasks yet. Start one in Slack, or with: cowork run "GOAL"')


def _row(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "state": task.state,
        "goal": task.goal,
        "requester": task.person.name,
        "channel": task.place.channel,
        "autonomy": task.autonomy,
        "turns": task.spent.turns,
        "dollars": task.spent.dollars,
        "created_at": task.created_at.isoformat(),
        "note": task.note,
    }


def _table(found: list[Task], asked: dict[int, int]) -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("Task", "State", "Requester", "Goal", "Turns", "Cost"):
        table.add_column(name, no_wrap=name != "Goal")
    for task in found:
        goal = shared.legible(" ".join(task.goal.split()))
        goal = goal if len(goal) <= 60 else goal[:59] + "…"
        cost = words.money(task.spent.dollars) or "unknown"
        prompted = f", asked {asked[task.id]}" if task.id in asked else ""
        turns = f"{task.spent.turns}{prompted}"
        row = (str(task.id), task.state, shared.legible(task.person.name), goal, turns, cost)
        table.add_row(*map(Text, row))
    return table
