"""`cowork undo`: take back what a task changed in granted folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import log
from bot.app import Colleague
from bot.cli import alone, shared
from bot.cli.json_screen import JsonScreen
from bot.cli.operator import person
from bot.cli.run import EXITS, NOT_FINISHED, command
from bot.cli.screen import Screen
from bot.cli.terminal import TerminalTask
from bot.cli.text_screen import TextScreen
from bot.engine.undoing import LAST


def undo(
    task: Annotated[int, typer.Argument(help="The task of `cowork run`, by its number.")],
    as_json: Annotated[bool, typer.Option("--json", help="News as JSON lines.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """Take back what the task's last round changed, byte for byte. What somebody changed since is left, and said.

    A task of Slack is undone there, with the button under its report. Exit code as of `cowork run`.

    Example: `cowork undo 3`
    """
    with shared.told():
        settings = shared.settings(COWORK_HOME=home)
        log.start("ERROR", "text", veil=settings.veil)
        colleague = Colleague(settings)
        try:
            with alone.with_task(settings.home, task):
                screen: Screen = JsonScreen() if as_json else TextScreen()
                followed = TerminalTask(colleague, task, person(), screen, command=command(task, home))
                followed.undo(LAST)
                state = followed.finish()
        finally:
            colleague.close()
    raise typer.Exit(EXITS.get(state, NOT_FINISHED))
