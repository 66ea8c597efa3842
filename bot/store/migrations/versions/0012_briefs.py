"""Which words of the requester no model has read for the brief"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("unread", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("task", "unread")
