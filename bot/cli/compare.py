"""`cowork compare`: the same goal at every level of autonomy, each on its own copy of the folders, side by side."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot import log
from bot.app import Colleague
from bot.cli import alone, copies, shared
from bot.cli.copies import Copies, Made
from bot.cli.operator import person
from bot.cli.ruled import Rule, RuledScreen
from bot.cli.run import command, started
from bot.cli.terminal import TerminalTask
from bot.cli.text_screen import TextScreen
from bot.domain.approval import ApprovalState
from bot.domain.clock import uptime
from bot.domain.event import Event, News
from bot.domain.grant import FolderGrant
from bot.domain.task import Autonomy, Task, TaskState
from bot.errors import NotConfigured
from bot.slack.views import words

LEVELS = (Autonomy.SUPERVISED, Autonomy.CHECKPOINT, Autonomy.AUTONOMOUS)

_BY_PEOPLE = (ApprovalState.EDITED, ApprovalState.REDIRECTED)
_FOLDER = typer.Option(
    help="A folder to copy, as path, path:ro or path:rw; repeatable. Instead of COWORK_FOLDERS."
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """How one level did. `seconds` are of the work; `waited` those in which a person was thinking.

    `prompts` is how often somebody was asked, `edits` how often they changed what was asked: edited, redirected, or
    left parts out. `dollars` is None where the price is not known.
    """

    autonomy: Autonomy
    task: int
    state: TaskState
    seconds: float
    waited: float
    prompts: int
    edits: int
    files: Made
    turns: int
    dollars: float | None
    answer: str
    note: str
    folders: tuple[str, ...]


def compare(
    goal: Annotated[str, typer.Argument(help="What is to be done.")],
    folder: Annotated[list[str] | None, _FOLDER] = None,
    approve: Annotated[
        Rule | None, typer.Option(help="Who answers. On a terminal you do (ask); otherwise all is approved.")
    ] = None,
    output: Annotated[str, typer.Option(help="The format wanted, such as Markdown.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object at the end, and nothing else.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """Do the same goal supervised, checkpoint and autonomous, and show what each took: time, prompts, edits, cost.

    Each works on its own copy of the folders, which are kept for you to look at; the folders themselves are never
    touched. `--approve all` says yes to whatever stays in the copies; `--approve none` ends a task at its first
    request. Whatever would reach beyond the copies is approved by you alone.

    Example: `cowork compare "Organize the reports folder" --folder ~/reports --approve all`
    """
    with shared.told():
        rule = _rule(goal, approve, as_json=as_json)
        settings = shared.settings(COWORK_HOME=home)
        granted = shared.granted(folder) or settings.folders
        if not granted:
            raise NotConfigured("Name the folders to try it on, for example: --folder ~/reports")
        log.start("ERROR", "text", veil=settings.veil)
        place = Path(tempfile.mkdtemp(prefix="cowork-compare-"))
        _said(
            f"Your folders stay as they are: each level works on its own copy under {place}.", as_json=as_json
        )
        colleague = Colleague(settings)
        try:
            runs = list(_runs(colleague, goal, granted, place, rule, output, home, as_json=as_json))
        finally:
            colleague.close()
        _show(goal, place, runs, as_json=as_json)
    raise typer.Exit(
        0 if all(run.state is TaskState.DONE for run in runs) and len(runs) == len(LEVELS) else 1
    )


def _rule(goal: str, approve: Rule | None, *, as_json: bool) -> Rule:
    rule = approve or (Rule.ASK if shared.is_terminal() and not as_json else Rule.ALL)
    if not goal.strip():
        raise NotConfigured(
            'Say what is to be done, for example: cowork compare "Organize the reports folder"'
        )
    if rule is Rule.ASK and as_json:
        raise NotConfigured("With --json nobody can be asked. Choose --approve all or --approve none.")
    return rule


def _runs(
    colleague: Colleague,
    goal: str,
    granted: Sequence[FolderGrant],
    place: Path,
    rule: Rule,
    output: str,
    home: Path | None,
    *,
    as_json: bool,
) -> Iterator[Run]:
    """One after the other; a Ctrl-C ends it after the one that is under way."""
    for autonomy in LEVELS:
        _said(f"\n{words.LEVELS[autonomy]}", as_json=as_json)
        folders = copies.copied(granted, place / autonomy)
        number = started(colleague, folders.renamed(goal), folders.folders, autonomy, output)
        screen = RuledScreen(rule, None if as_json else TextScreen())
        with alone.with_task(colleague.settings.home, number):
            followed = TerminalTask(colleague, number, person(), screen, command=command(number, home))
            screen.opening(colleague.record.snapshot(number), is_resumed=False)
            since = uptime()
            state = followed.finish()
            took = uptime() - since
        yield _run(colleague, number, autonomy, folders, took - screen.waited, screen.waited)
        if state is TaskState.QUEUED:
            return


def _run(
    colleague: Colleague, number: int, autonomy: Autonomy, folders: Copies, seconds: float, waited: float
) -> Run:
    task: Task = colleague.record.snapshot(number).task
    told = colleague.record.news(number)
    return Run(
        autonomy=autonomy,
        task=number,
        state=task.state,
        seconds=round(seconds, 1),
        waited=round(waited, 1),
        prompts=sum(event.news is News.ASKED for event in told),
        edits=sum(map(_is_edit, told)),
        files=folders.made(),
        turns=task.spent.turns,
        dollars=task.spent.dollars,
        answer=task.answer,
        note=task.note,
        folders=tuple(one.path for one in folders.folders),
    )


def _is_edit(event: Event) -> bool:
    if event.news is not News.DECIDED:
        return False
    return event.data["decision"] in _BY_PEOPLE or bool(event.data.get("left_out"))


def _show(goal: str, place: Path, runs: Sequence[Run], *, as_json: bool) -> None:
    if as_json:
        told = {"goal": goal, "copies": str(place), "runs": [asdict(run) for run in runs]}
        typer.echo(json.dumps(told, default=str))
        return
    shared.out.print()
    shared.out.print(_table(runs))
    for run in runs:
        _said(f"{words.LEVELS[run.autonomy]}: {', '.join(run.folders)}", as_json=False)
    _said("Your own folders were not touched. The copies are yours to look at, and to delete.", as_json=False)


def _table(runs: Sequence[Run]) -> Table:
    table = Table(title=None, title_justify="left")
    table.add_column("")
    for run in runs:
        table.add_column(words.LEVELS[run.autonomy])
    rows: dict[str, list[str]] = {
        "Result": [_result(run) for run in runs],
        "Time": [_time(run) for run in runs],
        "Prompts": [f"{run.prompts:,}" for run in runs],
        "Edits by you": [f"{run.edits:,}" for run in runs],
        "Files": [_files(run.files) for run in runs],
        "Turns": [f"{run.turns:,}" for run in runs],
        "Cost": [words.money(run.dollars) or "not known" for run in runs],
    }
    for name, cells in rows.items():
        table.add_row(name, *(shared.legible(cell, lines=False) for cell in cells))
    return table


def _result(run: Run) -> str:
    return f"{run.state}: {run.note}" if run.note else str(run.state)


def _time(run: Run) -> str:
    waited = f", and {run.waited:,.0f} s of yours" if run.waited >= 1 else ""
    return f"{run.seconds:,.1f} s{waited}"


def _files(made: Made) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in asdict(made).items() if count) or "none changed"


def _said(text: str, *, as_json: bool) -> None:
    if not as_json:
        shared.out.print(shared.legible(text), markup=False, soft_wrap=True)
