"""What every step of a task runs, past the mapper: built once from plain tables, it needs nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.sql.elements import ClauseElement
from sqlmodel import Session

from bot.store import postgres
from bot.store.ready import ready

Values = Mapping[str, Any]

_DONE = "cowork.done"
_HURRIED = {postgres.HURRIED: True}


def run(
    session: Session, statement: Executable, values: Values | Sequence[Values] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """In the session's transaction. What the session itself was given and did not flush is not seen."""
    return session.connection().execute(statement, values, execution_options=_HURRIED)


def put(session: Session, statement: ClauseElement, values: Values) -> None:
    """As `run`, for what gives nothing back: PostgreSQL is not waited for until the next statement that does.

    Should it fail, the unit fails there, or at its commit, with the driver's own error.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        postgres.hurry(connection)
    made = ready(statement, connection.dialect, tuple(values))
    driver: Any = connection.connection.driver_connection
    driver.execute(made.text, made.given(values))


def once(session: Session, what: str) -> bool:
    """True the first time that it is asked in a unit."""
    done: set[str] = session.info.setdefault(_DONE, set())
    is_first = what not in done
    done.add(what)
    return is_first
