"""The tables of API tokens: each by the digest of its secret, and for which tasks whose token spoke."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class TokenRow(SQLModel, table=True):
    __tablename__ = "api_token"
    id: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    team: str
    user: str
    user_name: str = Field(sa_column=Column(Text, nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    scopes: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class AskedByTokenRow(SQLModel, table=True):
    __tablename__ = "asked_by_token"
    task_id: int = Field(primary_key=True)
    team: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
