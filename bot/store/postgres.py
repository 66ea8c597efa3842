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

HURRIED: Final = "cowork_hurried"
"""Execution option of a statement that goes out together with those before it, and is then waited for."""

_LIMITS = (
    "-c idle_in_transaction_session_timeout=10s -c lock_timeout=5s -c statement_timeout=8s -c timezone=UTC"
)
_BOUNDED = "SET transaction_timeout = '10s'"
_BOUNDS_THEM = 170000
_PIPELINE = "cowork.pipeline"
_SINGLY = "cowork_singly"
_RESTED = "cowork.rested"
_FRESH = 1.0


def engine(url: URL, *, elapsed: Callable[[], float] = uptime) -> Engine:
    made = create_engine(
        url,
        pool_size=10,
        pool_use_lifo=True,
        isolation_level="AUTOCOMMIT",  # the driver's; what is a transaction, `_begin_what_writes` begins
        connect_args={"connect_timeout": 5, "options": _LIMITS},
    )
    _bound_what_lasts(made)
    _ping_what_rested(made, elapsed)
    _begin_what_writes(made)
    _wait_where_it_matters(made)
    return made


def reading(made: Engine) -> Engine:
    """For statements that change nothing, each by itself: no BEGIN, and no ROLLBACK.

    A rollback costs a connection all its prepared statements (psycopg drops them), which every step would pay for.
    """
    return made.execution_options(**{_SINGLY: True})


def hurry(connection: Connection) -> None:
    """The statements that follow may be sent before the answers to those before them have come.

    Not on PostgreSQL 16 and older: to those a process that stands still meanwhile does not look idle, and what it
    has locked stays locked.
    """
    driver: Any = connection.connection.driver_connection
    if _PIPELINE not in connection.info and driver.info.server_version >= _BOUNDS_THEM:
        stack = contextlib.ExitStack()
        connection.info[_PIPELINE] = (stack, stack.enter_context(driver.pipeline()))


def wait(connection: Connection) -> None:
    """Until all that was sent is answered. Raises what the driver raises for the first that failed."""
    stack, _ = connection.info.pop(_PIPELINE, (None, None))
    if stack is not None:
        stack.close()


def _bound_what_lasts(made: Engine) -> None:
    @event.listens_for(made, "connect")
    def _bound(connection: Any, _: ConnectionPoolEntry) -> None:
        if connection.info.server_version >= _BOUNDS_THEM:
            connection.execute(_BOUNDED)


def _begin_what_writes(made: Engine) -> None:
    """BEGIN goes out with the first statement, and is not waited for by itself."""

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        if _SINGLY not in connection.get_execution_options():
            hurry(connection)
            connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]


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
    event.listen(made, "before_cursor_execute", _before)
    event.listen(made, "after_cursor_execute", _after)
    event.listen(made, "commit", _settled)
    event.listen(made, "rollback", _dropped)


def _before(
    connection: Connection, _: Any, statement: str, values: Any, context: ExecutionContext, is_many: bool
) -> None:
    if HURRIED not in context.execution_options:
        wait(connection)


def _after(
    connection: Connection, _: Any, statement: str, values: Any, context: ExecutionContext, is_many: bool
) -> None:
    if HURRIED in context.execution_options and _PIPELINE in connection.info:
        connection.info[_PIPELINE][1].sync()


def _settled(connection: Connection) -> None:
    """The commit goes with what was not waited for; then there is none left to make."""
    if _PIPELINE in connection.info:
        driver: Any = connection.connection.driver_connection
        driver.execute("COMMIT", prepare=False)
        wait(connection)


def _dropped(connection: Connection) -> None:
    if connection.invalidated:  # it is gone, and what was under way on it
        return
    with contextlib.suppress(connection.dialect.loaded_dbapi.Error):
        wait(connection)
