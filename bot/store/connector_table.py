"""The tables of connectors: what a team's admins set up, what they last tried, and the servers that may be used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


def _text() -> Column[str]:
    return Column(Text, nullable=False)


class ConnectorRow(SQLModel, table=True):
    """`connector` is "" for one of connectors.toml, `catalogue` where its server was never reached."""

    __tablename__ = "connector"
    team: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    server: str = Field(sa_column=_text())
    connector: str = Field(sa_column=_text())
    toggles: str = Field(sa_column=_text())
    accepted: str = Field(sa_column=_text())
    catalogue: str = Field(sa_column=_text())
    is_on: bool
    added_by: str
    at: datetime


class TriedRow(SQLModel, table=True):
    """What somebody was shown when they tested a connector: what they save is accepted as that, and as nothing else."""

    __tablename__ = "connector_tried"
    team: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    connector: str = Field(sa_column=_text())
    catalogue: str = Field(sa_column=_text())
    at: datetime


class ServerRow(SQLModel, table=True):
    """A server that the operator approved, by its whole name; `digest` is a key of a size that every database takes."""

    __tablename__ = "connector_server"
    digest: str = Field(primary_key=True)
    server: str = Field(sa_column=_text())
    by: str
    at: datetime
