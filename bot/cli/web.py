"""`cowork web`: the front of a fleet, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import app, log
from bot.cli import serving, shared


def web(
    folder: Annotated[
        list[str] | None,
        typer.Option(
            help="A folder to grant, as path, path:ro or path:rw; repeatable. Instead of COWORK_FOLDERS."
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = None,
    home: Annotated[
        Path | None, typer.Option(help="Where state is kept: the same for the whole fleet.")
    ] = None,
) -> None:
    """Start the front of a fleet: Slack and the web address. Tasks are worked on by `cowork worker`.

    Needs PostgreSQL (COWORK_DATABASE_URL). Any number of them may run; one at a time sends to Slack, and another
    takes over when it ends or dies.

    Example: `cowork web --port 8080`
    """
    with shared.told():
        folders = shared.granted(folder)
        settings = shared.settings(COWORK_FOLDERS=folders, COWORK_PORT=port, COWORK_HOME=home)
        log.start(settings.log_level, settings.log_format, veil=settings.veil)
        front = app.Front(settings)
    greeting = [
        *serving.slack(front, local="tasks wait until a `cowork worker` runs"),
        *serving.places(settings),
    ]
    serving.until_ended(front, greeting, title="The front is ready.")
