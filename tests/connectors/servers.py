"""Servers that nobody here wrote, as connectors: each is started once for all tests of a process."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot.domain.connector import Connector, Transport
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from tests.counterparts.node_packages import NODE, modules

EVERYTHING = "@modelcontextprotocol/server-everything/dist/index.js"
ANA = Person(team="T1", user="UANA", name="Ana Silva")


def everything(folder: str = "/srv/papers") -> Connector:
    """The protocol's own example of all that a server can do, in the older protocol."""
    return node(EVERYTHING, "stdio", slug="everything", folder=folder)


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


@contextmanager
def served(kind: str, port: int = 0) -> Iterator[str]:
    """Its address, once it answers there."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [NODE, modules() / EVERYTHING, kind],
        env={"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if str(port).encode() in line:
            break
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}/{'sse' if kind == 'sse' else 'mcp'}"
    finally:
        process.kill()
        process.wait()
