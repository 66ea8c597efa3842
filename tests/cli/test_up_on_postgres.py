"""`cowork up` on PostgreSQL is alone on its database, also after the connection that says so was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.cli.process import Cowork
from tests.eventually import eventually
from tests.store import databases

HOLDER = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
TAKE = "SELECT pg_try_advisory_lock(hashtext('cowork:workers'))"
CUT = f"SELECT pg_terminate_backend(pid, 10000) FROM ({HOLDER}) AS held"
CUT_AND_TAKE = CUT.replace(" FROM", f", ({TAKE}) FROM", 1)


@pytest.fixture
def server() -> Iterator[psycopg.Connection]:
    url = databases.migrated_postgres()
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True) as mine:
        yield mine
    databases.drop_postgres(url)


@pytest.fixture
def up(cowork: Callable[..., Cowork], server: psycopg.Connection) -> Cowork:
    info = server.info
    url = f"postgresql+psycopg://{info.user}:@/{info.dbname}?host={info.host}&port={info.port}"
    process = cowork("up", COWORK_DATABASE_URL=url)
    process.until(lambda line: line.startswith("  Open "))
    return process


def holders(server: psycopg.Connection) -> list[int]:
    return [pid for (pid,) in server.execute(HOLDER)]


def test_its_lock_is_taken_again_when_the_connection_broke(up: Cowork, server: psycopg.Connection) -> None:
    [before] = holders(server)
    server.execute(CUT)

    [after] = eventually(lambda: holders(server))

    assert after != before
    assert server.execute(TAKE).fetchone() == (False,)

    up.interrupt()
    assert up.end() == 0
    assert up.said[-1] == "Shutting down: running tasks are kept, and go on where they were."


def test_it_ends_when_another_came_in_meanwhile(up: Cowork, server: psycopg.Connection) -> None:
    assert server.execute(CUT_AND_TAKE).fetchone() == (True, True)

    assert up.end() == 0
    assert up.said[-1] == "Shutting down: running tasks are kept, and go on where they were."
    [why] = [line for line in up.complaints if "lost" in line]
    assert "Cowork is already running with this database" in why
