"""The table of choices for plugins: a team's (no `user`), and those of its people for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class ChoiceRow(SQLModel, table=True):
    __tablename__ = "plugin_choice"
    team: str = Field(primary_key=True)
    user: str = Field(primary_key=True, default="")
    plugin: str = Field(primary_key=True)
    chosen: str = Field(sa_column=Column(Text, nullable=False))
    by: str
    at: datetime
