"""The table of places that tasks were taken away from."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class OriginRow(SQLModel, table=True):
    """Where a task was shown before it went on with its requester alone."""

    __tablename__ = "origin"
    task_id: int = Field(primary_key=True)
    channel: str
    thread: str | None = None
