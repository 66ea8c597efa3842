"""The table of shared budgets: what was used of each on one day, and what calls on their way may still use."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


def _amount() -> Column[int]:
    return Column(BigInteger, nullable=False, default=0)


class BudgetRow(SQLModel, table=True):
    """`key` names whose it is and the day. `raised` counts how often as much again was allowed for that day."""

    __tablename__ = "budget"
    key: str = Field(primary_key=True)
    turns: int = Field(default=0, sa_column=_amount())
    tokens: int = Field(default=0, sa_column=_amount())
    charge: int = Field(default=0, sa_column=_amount())
    worked: int = Field(default=0, sa_column=_amount())
    held_turns: int = Field(default=0, sa_column=_amount())
    held_tokens: int = Field(default=0, sa_column=_amount())
    held_charge: int = Field(default=0, sa_column=_amount())
    raised: int = 0
    notified: bool = False


BUDGET = SQLModel.metadata.tables["budget"]
