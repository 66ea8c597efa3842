"""`cowork run`: a whole task in the terminal, with the same engine."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from bot import log
from bot.app import Colleague
from bot.cli import alone, shared
from bot.cli.json_screen import JsonScreen
from bot.cli.operator import person
from bot.cli.screen import Screen
from bot.cli.terminal import TerminalTask
from bot.cli.text_screen import TextScreen
from bot.domain.grant import FolderGrant
from bot.domain.person import TERMINAL, Place
from bot.domain.task import Autonomy, TaskState
from bot.errors import NotConfigured

NOT_FINISHED = 3
EXITS = {TaskState.DONE: 0, TaskState.FAILED: 1, TaskState.STOPPED: 1}


def run(
    goal: Annotated[
        str, typer.Argument(help="What is to be done; with --task, what to say to that task.")
    ] = "",
    folder: Annotated[
        list[str] | None,
        typer.Option(
            help="A folder it may work in, as path, path:ro or path:rw; repeatable. Instead of COWORK_FOLDERS."
        ),
    ] = None,
    autonomy: Annotated[Autonomy | None, typer.Option(help="How freely it may work.")] = None,
    output: Annotated[str, typer.Option(help="The format wanted, such as Markdown.")] = "",
    task: Annotated[int | None, typer.Option(help="Go on with this task instead of starting one.")] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="News as JSON lines; answers are read as lines from standard input."),
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """Do a task here in the terminal: the plan as it goes, checkpoints to decide, the result with its files.

    At a checkpoint answer `approve`, `redirect WORDS` or `stop`; a question takes your words. Ctrl-C keeps the
    task. Exit code 0: done; 1: failed or stopped; 2: could not begin; 3: not finished, and kept (go on with --task).

    Example: `cowork run "Organize the reports folder" --folder ~/reports`
    """
    with shared.told():
        if task is None and not goal.strip():
            raise NotConfigured(
                'Say what is to be done, for example: cowork run "Organize the reports folder"'
            )
        settings = shared.settings(COWORK_HOME=home)
        granted = shared.granted(folder) or settings.folders
        log.start("ERROR", "text", veil=settings.veil)
        colleague = Colleague(settings)
        try:
            number = started(colleague, goal, granted, autonomy, output) if task is None else task
            with alone.with_task(settings.home, number):
                screen: Screen = JsonScreen() if as_json else TextScreen()
                followed = TerminalTask(colleague, number, person(), screen, command=command(number, home))
                if task is None:
                    screen.opening(colleague.record.snapshot(number), is_resumed=False)
                else:
                    followed.resume(goal)
                state = followed.finish()
        finally:
            colleague.close()
    raise typer.Exit(EXITS.get(state, NOT_FINISHED))


def command(number: int, home: Path | None) -> str:
    return f"cowork run --task {number}" + (f" --home {shlex.quote(str(home))}" if home else "")


def started(
    colleague: Colleague, goal: str, folders: tuple[FolderGrant, ...], autonomy: Autonomy | None, output: str
) -> int:
    """A new task of the terminal, by its number."""
    place = Place(team=TERMINAL, channel=TERMINAL)
    started = colleague.intake.start(
        person(),
        place,
        goal,
        key=f"terminal:{uuid4().hex}",
        autonomy=autonomy,
        output=output,
        folders=folders,
    )
    return started.task.id
