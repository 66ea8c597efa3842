"""What people changed of the arguments of a call before it was approved"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("revisions", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("call", "revisions")
