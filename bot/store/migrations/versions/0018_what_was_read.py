"""What a task had read that others could have written, when an approval was asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approval", sa.Column("sources", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("approval", "sources")
