"""dbhub, an MCP server for databases that others wrote, on PostgreSQL databases of ours, as a role that only reads."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import psycopg
from sqlalchemy.engine import URL

from tests.counterparts.node_packages import NODE, modules
from tests.store import databases

SCHEMAS = Path(__file__).parent.parent / "rehearsal" / "schemas"
ROLE = """
    CREATE ROLE {role} LOGIN PASSWORD '{password}';
    ALTER ROLE {role} SET default_transaction_read_only = on;
    GRANT pg_read_all_data TO {role}
"""
_SOURCE = """
[[sources]]
id = "{name}"
dsn = "{dsn}"

[[tools]]
name = "execute_sql"
source = "{name}"
readonly = true
max_rows = {most}
"""


def filled(schema: str) -> URL:
    """A database of its own with the tables of `schemas/{schema}.sql`; its owner's address."""
    url = databases.empty_postgres()
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute((SCHEMAS / f"{schema}.sql").read_text("utf-8"))
    return url


def plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextlib.contextmanager
def reader(url: URL) -> Iterator[str]:
    """The address, over TCP, of a role that may read everything there and write nothing; it ends with the context."""
    role, password = f"mcp_{secrets.token_hex(4)}", secrets.token_hex(8)
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(ROLE.format(role=role, password=password))
    with _door(f"{url.query['host']}/.s.PGSQL.5432") as port:
        yield f"postgres://{role}:{password}@127.0.0.1:{port}/{url.database}"


def command(folder: Path, dsns: Mapping[str, str], most: int = 500) -> tuple[str, ...]:
    """How dbhub is started on these databases. It gives `most` rows of an answer, and does not say that it cut it."""
    settings = folder / "dbhub.toml"
    settings.write_text(
        "".join(_SOURCE.format(name=name, dsn=dsn, most=most) for name, dsn in dsns.items()), "utf-8"
    )
    return (*program(), "--transport", "stdio", "--config", str(settings))


def program() -> tuple[str, str]:
    return str(NODE), str(modules() / "@bytebase" / "dbhub" / "dist" / "index.js")


@contextlib.contextmanager
def _door(path: str) -> Iterator[int]:
    """The server listens on a socket of the file system alone, and dbhub knows none but TCP."""

    class Door(BaseRequestHandler):
        def handle(self) -> None:
            inside = socket.socket(socket.AF_UNIX)
            with inside:
                inside.connect(path)
                back = threading.Thread(target=_carry, args=(inside, self.request), daemon=True)
                back.start()
                _carry(self.request, inside)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Door) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while taken := source.recv(65536):
            target.sendall(taken)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
