"""`cowork up`: everything in one process, until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot import app, log
from bot.cli import shared
from bot.domain.grant import FolderGrant
from bot.settings import Settings


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
        log.start(settings.log_level)
        office = app.Office(settings)
        ended = _end_asked_for()
        office.start()
    for name, line in _greeting(office, settings):
        shared.out.print(f"  {name:<8} {shared.legible(line)}", markup=False, soft_wrap=True)
    while not ended.wait(1):
        pass
    shared.out.print("Shutting down: running tasks are kept, and go on at the next start.")
    office.stop()


def _greeting(office: app.Office, settings: Settings) -> Iterator[tuple[str, str]]:
    shared.out.print("Cowork is ready. Ctrl-C ends it.", style="bold")
    if office.local_slack is not None:
        yield "Open", f"{office.server.url}/"
        yield "", "a local Slack in your browser: type /cowork and a goal"
    else:
        yield "Slack", f"connected; its own address is {office.server.url}/"
    if settings.uses_rehearsal:
        yield (
            "Model",
            "rehearsal, not an AI (fixed rules); set ANTHROPIC_API_KEY for Claude",
        )
    else:
        yield "Model", settings.model
    for folder in settings.folders:
        yield "Folder", _folder(folder)
    if not settings.folders:
        yield "Folders", "none granted; set COWORK_FOLDERS, or use --folder PATH"
    yield "State", str(settings.home)


def _folder(grant: FolderGrant) -> str:
    mode = "read and write" if grant.writable else "read only"
    return f"{grant.path} ({mode if Path(grant.path).is_dir() else 'not there; `cowork doctor` says what to do'})"


def _end_asked_for() -> threading.Event:
    """Set at Ctrl-C or a stop from the system; a second one ends the process at once."""
    asked = threading.Event()

    def ask(*_: object) -> None:
        asked.set()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask)
    return asked
