"""A fleet: leases, seats, and what a task's goal was changed to"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("task", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("task", sa.Column("crashes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("task", sa.Column("edited_goal", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("task", "edited_goal")
    op.drop_column("task", "crashes")
    op.drop_column("task", "lease_until")
    op.drop_table("seat")
