"""Connectors: the operator's file can be read, and its programs are there."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bot.app.filing import connectors_file, filed
from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.domain.connector import Connector, Transport
from bot.errors import NotConfigured
from bot.settings import Settings

NAME = "Connectors"


def connectors(settings: Settings) -> Iterator[Finding]:
    """One finding on the file, and one for each program that is not there."""
    file = connectors_file(settings)
    if file is None:
        return
    try:
        known = filed(settings)
    except NotConfigured as error:
        yield failed(NAME, str(error), "Mend the file; .env.example shows how one is written.")
        return
    titles = ", ".join(one.connector.title for one in known.connectors) or "none"
    yield fine(NAME, f"{titles}; {len(known.approved)} more approved, in {file}")
    for one in known.connectors:
        yield from _missing(one.connector)


def _missing(connector: Connector) -> Iterator[Finding]:
    program = connector.command[0] if connector.transport is Transport.STDIO else ""
    if program and not os.access(program, os.X_OK):
        yield warning(
            NAME,
            f"{connector.title} cannot be started: there is no program {program}.",
            "Install it, or mend the path in the file.",
        )
