"""Words are known by the id of who said them, and not by a name that they chose."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("words", sa.Column("user", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("words", "user")
