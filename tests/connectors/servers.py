"""Servers that nobody here wrote, as connectors: each is started once for all tests of a process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.connector import Connector, Transport
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from tests.counterparts.node_packages import NODE, modules

ANA = Person(team="T1", user="UANA", name="Ana Silva")


def everything(folder: str = "/srv/papers") -> Connector:
    """The protocol's own example of all that a server can do, in the older protocol."""
    return node(
        "@modelcontextprotocol/server-everything/dist/index.js", "stdio", slug="everything", folder=folder
    )


def sampling(connector: Connector) -> Connector:
    return replace(connector, slug=f"{connector.slug}-sampling", sampling=True)


def node(script: str, *arguments: str, slug: str, folder: str = "") -> Connector:
    return Connector(
        slug=slug,
        title=slug.title(),
        transport=Transport.STDIO,
        command=(str(NODE), str(modules() / script), *arguments),
        folders=(FolderGrant(path=str(Path(folder))),) if folder else (),
        timeout=60.0,
    )
