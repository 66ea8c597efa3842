"""Budgets of tokens, money and minutes for each task, and those that tasks share"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_AMOUNTS = ("turns", "tokens", "charge", "worked", "held_turns", "held_tokens", "held_charge")


def upgrade() -> None:
    for name in ("charged", "worked"):
        op.add_column("task", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("task", sa.Column("allowance", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("task", sa.Column("reserved", sa.Text(), nullable=False, server_default=""))
    op.add_column("task", sa.Column("notified", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "budget",
        sa.Column("key", sa.String(), primary_key=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _AMOUNTS),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("notified", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("budget")
    for name in ("notified", "reserved", "allowance", "worked", "charged"):
        op.drop_column("task", name)
