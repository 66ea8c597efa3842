"""What is to be sent is found without a look at what was"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TO_SEND = sa.text("wanted > sent")


def upgrade() -> None:
    op.create_index("outbox_to_send", "outbox", ["next_at"], sqlite_where=_TO_SEND, postgresql_where=_TO_SEND)


def downgrade() -> None:
    op.drop_index("outbox_to_send", "outbox")
