"""What the verbs that serve share: they run until they are asked to end, and greet with what a person needs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from bot import app
from bot.cli import shared
from bot.domain.grant import FolderGrant
from bot.settings import KEY_FILE, Settings


class Serving(Protocol):
    def start(self) -> None: ...

    def stop(self) -> object: ...


def until_ended(serving: Serving, greeting: Iterable[tuple[str, str]], *, title: str) -> None:
    """Until Ctrl-C, or a stop from the system; a second one ends the process at once."""
    ended = _end_asked_for()
    with shared.told():
        serving.start()
    shared.out.print(f"{title} Ctrl-C ends it.", style="bold")
    for name, line in greeting:
        shared.out.print(f"  {name:<8} {shared.legible(line)}", markup=False, soft_wrap=True)
    while not ended.wait(1):
        pass
    shared.out.print("Shutting down: running tasks are kept, and go on where they were.")
    serving.stop()


def end() -> None:
    """From any thread, as a stop from the system would."""
    os.kill(os.getpid(), signal.SIGTERM)


def slack(reached: app.Office | app.Front, *, local: str) -> Iterator[tuple[str, str]]:
    """Where people reach it; `local` is what to do in a local Slack."""
    if reached.local_slack is not None:
        yield "Open", f"{reached.server.url}/"
        yield "", f"a local Slack in your browser: {local}"
    else:
        yield "Slack", f"connected; its own address is {reached.server.url}/"


def model(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.uses_rehearsal:
        yield "Model", "rehearsal, not an AI (fixed rules); set ANTHROPIC_API_KEY for Claude"
    else:
        yield "Model", settings.model


def places(settings: Settings) -> Iterator[tuple[str, str]]:
    for folder in settings.folders:
        yield "Folder", _folder(folder)
    if not settings.folders:
        yield "Folders", "none granted; set COWORK_FOLDERS, or use --folder PATH"
    yield "State", str(settings.home)
    if (settings.home / KEY_FILE).is_file():
        yield (
            "Key",
            f"{settings.home / KEY_FILE} encrypts what is kept secret there; keep a copy of it elsewhere",
        )


def _folder(grant: FolderGrant) -> str:
    mode = "read and write" if grant.writable else "read only"
    return f"{grant.path} ({mode if Path(grant.path).is_dir() else 'not there; `cowork doctor` says what to do'})"


def _end_asked_for() -> threading.Event:
    asked = threading.Event()

    def ask(*_: object) -> None:
        asked.set()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask)
    return asked
