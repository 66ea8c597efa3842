"""`cowork worker`: works on the tasks of a fleet, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import app, log
from bot.cli import serving, shared


def worker(
    home: Annotated[
        Path | None, typer.Option(help="Where state is kept: the same for the whole fleet.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="Serve /healthz, /readyz and /metrics at this port on 127.0.0.1; 0 takes a free one."
        ),
    ] = None,
) -> None:
    """Work on the tasks of a fleet. Any number of them may run, on any number of machines.

    Needs PostgreSQL (COWORK_DATABASE_URL), and COWORK_HOME and the granted folders at the same paths as the
    others. Ctrl-C parks what is running: it goes on in another worker at once.

    Example: `cowork worker`
    """
    with shared.told():
        settings = shared.settings(COWORK_HOME=home)
        log.start(settings.log_level, settings.log_format, veil=settings.veil)
        room = app.Workroom(settings, port=port)
    greeting = [
        ("Tasks", f"{settings.workers} at once"),
        *serving.model(settings),
        ("State", str(settings.home)),
    ]
    if room.server is not None:
        greeting.insert(0, ("Health", f"{room.server.url}/healthz"))
    serving.until_ended(room, greeting, title="The worker is ready.")
