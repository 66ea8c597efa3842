"""`cowork up`: everything in one process, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import app, log
from bot.cli import serving, shared


def up(
    folder: Annotated[
        list[str] | None,
        typer.Option(
            help="A folder to grant, as path, path:ro or path:rw; repeatable. Instead of COWORK_FOLDERS."
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """Start the colleague: Slack, workers and the web address, in one process.

    Without SLACK_BOT_TOKEN it starts a local Slack to try it in; without ANTHROPIC_API_KEY it works with a
    rehearsal model, which is not an AI. Ctrl-C ends it; running tasks go on at the next start.

    Example: `cowork up --folder ~/reports`
    """
    with shared.told():
        folders = shared.granted(folder)
        settings = shared.settings(COWORK_FOLDERS=folders, COWORK_PORT=port, COWORK_HOME=home)
        log.start(settings.log_level, settings.log_format, veil=settings.veil)
        office = app.Office(settings, lost=serving.end)
    greeting = [
        *serving.slack(office, local="type /cowork and a goal; act as Mia to install services"),
        *serving.model(settings),
        *serving.places(settings),
    ]
    serving.until_ended(office, greeting, title="Cowork is ready.")
