"""The tables of connections: accounts at services, and the links by which people make them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


def _text(default: str = "") -> Column[str]:
    return Column(Text, nullable=False, default=default)


class ConnectionRow(SQLModel, table=True):
    """One per owner (`user`, "" for the team) and plugin. `sealed` holds its secrets; `refresher` renews them now."""

    __tablename__ = "connection"
    __table_args__ = (UniqueConstraint("team", "user", "plugin"),)
    id: str = Field(primary_key=True)
    team: str
    user: str = ""
    plugin: str
    way: str
    account: str = Field(default="", sa_column=_text())
    scopes: str = Field(default="[]", sa_column=_text("[]"))
    can: str = Field(default="[]", sa_column=_text("[]"))
    facts: str = Field(default="{}", sa_column=_text("{}"))
    sealed: str = Field(sa_column=_text())
    trouble: str = Field(default="", sa_column=_text())
    ends_at: datetime | None = None
    renewed_at: datetime
    checked_at: datetime
    made_at: datetime
    made_by: str
    version: int = 1
    refresher: str = ""
    refreshing_until: datetime | None = None


class ConnectLinkRow(SQLModel, table=True):
    """`digest` is of what stands in the link, `browser` of the cookie, `state` of what went to the service."""

    __tablename__ = "connect_link"
    digest: str = Field(primary_key=True)
    team: str
    user: str
    user_name: str = Field(default="", sa_column=_text())
    workspace: str = Field(default="", sa_column=_text())
    plugin: str
    way: str
    per: str
    writes: bool = False
    expires_at: datetime
    browser: str = Field(default="", index=True)
    code: str = ""
    tries: int = 0
    is_known: bool = False
    state: str = Field(default="", index=True)
    sealed: str = Field(default="", sa_column=_text())
