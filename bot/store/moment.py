"""The time of the database: one clock for every process of a fleet, whatever their machines think."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from bot.store.database import Database

_NOW = text("SELECT clock_timestamp()")


def moment(database: Database) -> datetime:
    """PostgreSQL's own, now. Raises `DatabaseOut`."""
    with database.read() as session:
        told: datetime = session.execute(_NOW).scalar_one()
        return told
