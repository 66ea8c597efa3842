"""What is known of the data a task has seen, and where each result came from

Of tasks that were at work before nothing is known: what they read counts as written by others.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_HAVE_READ = 'UPDATE task SET labels = \'["internal","untrusted"]\' WHERE id IN (SELECT task_id FROM call)'


def upgrade() -> None:
    op.add_column("task", sa.Column("labels", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("call", sa.Column("sources", sa.Text(), nullable=False, server_default=""))
    op.execute(_HAVE_READ)


def downgrade() -> None:
    op.drop_column("call", "sources")
    op.drop_column("task", "labels")
