"""Who said yes so far, and who steers a task besides its owner"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approval", sa.Column("said_yes", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("task", sa.Column("crew", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("task", "crew")
    op.drop_column("approval", "said_yes")
