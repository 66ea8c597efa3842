"""The table of what people said in the threads of tasks that they do not steer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class RemarkRow(SQLModel, table=True):
    """`key` is the delivery's."""

    __tablename__ = "remark"
    key: str = Field(primary_key=True)
    task_id: int
    team: str
    user: str
    user_name: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    against: str = Field(default="", sa_column=Column(Text, nullable=False))
    state: str
    at: datetime
