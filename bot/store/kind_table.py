"""The table of kinds of calls that people allowed for a task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel


class KindRow(SQLModel, table=True):
    """`left` counts down with each call that is begun by it. It holds in the `round` in which it was given."""

    __tablename__ = "kind"
    __table_args__ = (Index("kind_by_task", "task_id"),)
    id: str = Field(primary_key=True)
    task_id: int
    round: int
    tool: str
    effects: str = Field(sa_column=Column(Text, nullable=False))
    place: str = Field(sa_column=Column(Text, nullable=False))
    left: int
    until: datetime
    given_by: str
    given_by_name: str
    given_at: datetime
    withdrawn_at: datetime | None = None
