"""An office whose admin has set up one connector, all of whose tools only read, and are on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bot.connectors.hub import Hub
from bot.domain import budget
from bot.domain.connector import Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.person import Person
from bot.domain.tooling import Toggle
from bot.engine.connectors import Actor, Connectors
from tests.engine.furnished import NewOffice
from tests.engine.office import Office
from tests.store import databases

OPUS = "claude-opus-5-5"
_ADMIN = Actor(person=Person(team="T1", user="UADMIN", name="Mia"), is_admin=True, is_operator=True)
_READ_ON = Toggle(effect=Effect.READ, permission=Permission.ON)


def office(
    new_office: NewOffice, hub: Hub, folder: Path, connector: Connector, *script: Any, **budgets: str
) -> Office:
    """`budgets` by whose they are, as the operator writes them."""
    changes = {f"budget_{scope}": budget.parsed(written) for scope, written in budgets.items()}
    database = databases.sqlite(folder)
    made = new_office(*script, database=database, model=OPUS, changes=changes)
    connectors = Connectors(database, hub=lambda _: hub, clock=made.clock)
    connectors.approve(_ADMIN, connector.server)
    found = connectors.test(_ADMIN, connector)
    connectors.save(_ADMIN, connector, {one.name: _READ_ON for one in found.tools})
    made.connectors = connectors
    made.__post_init__()
    return made


def of_python(script: Path, slug: str, folder: Path, *arguments: str) -> Connector:
    """A server that is one of our scripts, and may ask the model."""
    return Connector(
        slug=slug,
        title=slug.title(),
        transport=Transport.STDIO,
        command=(sys.executable, str(script), *arguments),
        folders=(FolderGrant(path=str(folder)),),
        sampling=True,
        timeout=60.0,
    )
