"""Which service a paused task waits for"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("waits_for", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("task", "waits_for")
