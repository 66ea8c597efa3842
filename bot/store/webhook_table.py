"""The tables of webhooks: where news is posted, and what is still to be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel


def _text() -> Column[str]:
    return Column(Text, nullable=False)


class WebhookRow(SQLModel, table=True):
    """`task_id` 0: of all the owner's tasks. `news` is a list with commas around; `sealed` is what it signs with."""

    __tablename__ = "webhook"
    __table_args__ = (Index("webhook_by_owner", "team", "user"), Index("webhook_by_task", "task_id"))
    id: str = Field(primary_key=True)
    team: str
    user: str
    user_name: str = Field(sa_column=_text())
    task_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    url: str = Field(sa_column=_text())
    news: str = Field(sa_column=_text())
    sealed: str = Field(sa_column=_text())
    made_by: str = Field(sa_column=_text())
    made_at: datetime
    ended_at: datetime | None = None
    trouble: str = Field(default="", sa_column=_text())


class DeliveryRow(SQLModel, table=True):
    """One piece of news for one webhook, until it has arrived or was given up. `attempt` counts the tries begun."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("webhook_delivery_in_order", "webhook_id", "task_id", "id"),
        Index("webhook_delivery_due", "next_at"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    webhook_id: str
    task_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    news: str
    body: str = Field(sa_column=_text())
    at: datetime
    attempt: int = 0
    next_at: datetime
