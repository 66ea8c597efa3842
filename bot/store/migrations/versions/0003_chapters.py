"""Chapters: a conversation that grew too long goes on in a new one (the model notes call it an epoch)"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("chapter", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("message", sa.Column("tokens", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("message", "tokens")
    op.drop_column("message", "chapter")
