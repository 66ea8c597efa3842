"""The table of secrets: what each is called, whose it is, and what it was sealed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class SecretRow(SQLModel, table=True):
    __tablename__ = "secret"
    owner: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime
