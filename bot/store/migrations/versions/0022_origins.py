"""Places that tasks were taken away from, as not everyone there may see what they have seen"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "origin",
        sa.Column("task_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("origin")
