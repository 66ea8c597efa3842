"""No test outlives a power cut, so none waits for the disk: what a process of tests writes, it leaves to the system."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, event


@event.listens_for(Engine, "engine_connect")
def _hurry(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]
