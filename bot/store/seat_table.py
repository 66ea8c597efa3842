"""The table of the seats of a fleet."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class SeatRow(SQLModel, table=True):
    """What one process of the fleet does for all: who does it, and until when unless it says so again."""

    __tablename__ = "seat"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime
