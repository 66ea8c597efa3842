"""What connectors ask in the middle of a call"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approval", sa.Column("asking", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("approval", "asking")
