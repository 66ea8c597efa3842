"""Connectors: the operator's file can be read, and the programs of all approved servers are there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.app.filing import connectors_file, filed
from bot.cli.checks import database
from bot.cli.checks.cells import cells
from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.domain.connector import Transport
from bot.errors import DatabaseOut, NotConfigured
from bot.policy.filing import ConnectorsFile
from bot.policy.serving import WITH_THE_NETWORK
from bot.sandbox import programs
from bot.settings import Settings
from bot.store import address
from bot.store import connectors as kept
from bot.store.database import Database

NAME = "Connectors"

_MEND = "Mend the file; .env.example shows how one is written. A Cowork that runs goes on with what stood there before."
_NODE = "Install Node.js, which brings node and npx."
_PYTHON = "Install uv, which brings uvx."
_MAKERS = {"node": _NODE, "npx": _NODE, "uv": _PYTHON, "uvx": _PYTHON}


def connectors(settings: Settings) -> Iterator[Finding]:
    """On the file, on each program that is not there, and on what confines them."""
    file, known = connectors_file(settings), ConnectorsFile()
    try:
        known = filed(settings)
    except NotConfigured as error:
        yield failed(
            NAME,
            str(error),
            _MEND,
        )
    else:
        if file is not None:
            titles = ", ".join(one.connector.title for one in known.connectors) or "none"
            yield fine(NAME, f"{titles}; {len(known.approved)} more approved, in {file}")
    commands = _commands(known, _approved(settings))
    for title, command in commands:
        yield from _missing(title, command)
    yield from cells(is_needed=bool(commands))


def _commands(known: ConnectorsFile, approved: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Of all that may be started on this machine, each once, by what people know it by."""
    titles = {
        one.connector.server: one.connector.title
        for one in known.connectors
        if one.connector.transport is Transport.STDIO
    }
    for server in (*known.approved, *approved):
        if server.startswith("[") and not server.endswith(WITH_THE_NETWORK):
            titles.setdefault(server, f"The approved server {server}")
    return [(title, tuple(json.loads(server))) for server, title in titles.items()]


def _approved(settings: Settings) -> list[str]:
    """With `cowork connectors approve`. None where the database cannot be read: its own check says that."""
    try:
        url = address.known(settings.database)
        if database.is_unborn(url, settings.home.expanduser().absolute()):
            return []
        opened = Database(url)
    except address.Unusable:
        return []
    try:
        with opened.read() as session:
            return kept.servers(session)
    except (DatabaseOut, SQLAlchemyError):
        return []
    finally:
        opened.close()


def _missing(title: str, command: tuple[str, ...]) -> Iterator[Finding]:
    lacking = programs.lacking(command, os.environ.get("PATH", os.defpath))
    if not lacking:
        return
    if lacking == command[0]:
        found = f"{title} cannot be started: there is no program {lacking}."
        otherwise = "Install it, or mend the path where it is approved."
    else:
        found = f"{title} cannot be started: it needs {lacking}, which is not in PATH."
        otherwise = f"Install {lacking}, or put its folder into PATH."
    yield warning(NAME, found, _MAKERS.get(Path(lacking).name, otherwise))
