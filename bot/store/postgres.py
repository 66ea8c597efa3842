"""PostgreSQL: connections that are sound, and as few trips to the server and back as a unit can do with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExecutionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.clock import uptime

UNAWAITED: Final = "cowork_unawaited"
"""Execution option of a statement whose outcome is not looked at."""

_LIMITS = (
    "-c idle_in_transaction_session_timeout=10s -c lock_timeout=5s -c statement_timeout=30s -c timezone=UTC"
)
_BOUNDED = "SET LOCAL transaction_timeout = '10s'"
_BOUNDS_THEM = 170000
_PIPELINE = "cowork.pipeline"
_RESTED = "cowork.rested"
_FRESH = 1.0


def engine(url: URL, *, elapsed: Callable[[], float] = uptime) -> Engine:
    made = create_engine(
        url, pool_size=10, pool_use_lifo=True, connect_args={"connect_timeout": 5, "options": _LIMITS}
    )
    _ping_what_rested(made, elapsed)
    _wait_where_it_matters(made)
    return made


def hurry(connection: Connection) -> None:
    """The statements that follow may be sent before the answers to those before them have come.

    Not on PostgreSQL 16 and older: to those a process that stands still meanwhile does not look idle, and what it
    has locked stays locked.
    """
    driver: Any = connection.connection.driver_connection
    if _PIPELINE not in connection.info and driver.info.server_version >= _BOUNDS_THEM:
        pipeline = contextlib.ExitStack()
        pipeline.enter_context(driver.pipeline())
        driver.execute(_BOUNDED)
        connection.info[_PIPELINE] = pipeline


def wait(connection: Connection) -> None:
    """Until all that was sent is answered. Raises what the driver raises for the first that failed."""
    pipeline = connection.info.pop(_PIPELINE, None)
    if pipeline is not None:
        pipeline.close()


def _ping_what_rested(made: Engine, elapsed: Callable[[], float]) -> None:
    """A connection that lay idle for a while is tried before it is used; one just used is sound, as a rule."""

    @event.listens_for(made, "checkin")
    def _laid_down(_: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[_RESTED] = elapsed()

    @event.listens_for(made, "checkout")
    def _taken_up(connection: Any, entry: ConnectionPoolEntry, _: Any) -> None:
        if _RESTED not in entry.info or elapsed() - entry.info[_RESTED] < _FRESH:
            return
        try:
            made.dialect.do_ping(connection)
        except made.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _wait_where_it_matters(made: Engine) -> None:
    """Before a statement whose outcome is looked at, and before the commit."""

    @event.listens_for(made, "before_cursor_execute")
    def _before(
        connection: Connection,
        cursor: Any,
        statement: str,
        values: Any,
        context: ExecutionContext,
        is_many: bool,
    ) -> None:
        if UNAWAITED not in context.execution_options:
            wait(connection)

    @event.listens_for(made, "commit")
    def _settled(connection: Connection) -> None:
        """The commit goes with what was not waited for; then there is none left to make."""
        if _PIPELINE in connection.info:
            driver: Any = connection.connection.driver_connection
            driver.execute("COMMIT", prepare=False)
            wait(connection)

    @event.listens_for(made, "rollback")
    def _dropped(connection: Connection) -> None:
        if connection.invalidated:  # it is gone, and what was under way on it
            return
        with contextlib.suppress(made.dialect.loaded_dbapi.Error):
            wait(connection)
