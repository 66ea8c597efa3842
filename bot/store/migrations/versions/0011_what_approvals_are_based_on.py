"""Approvals hold what they are based on, run out, are reminded of, and may leave actions out"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0006"
branch_labels = None
depends_on = None

_CALL = sa.table("call", sa.column("id"), sa.column("absent"), sa.column("basis"))
_APPROVAL = sa.table("approval", sa.column("id"), sa.column("actions"), sa.column("state"))


def upgrade() -> None:
    op.add_column("call", sa.Column("basis", sa.Text(), nullable=False, server_default="[]"))
    _carry(op.get_bind())
    op.drop_column("call", "absent")
    op.add_column("approval", sa.Column("left_out", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("approval", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("approval", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("approval", sa.Column("nudges", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "approval", sa.Column("has_lapsed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("approval_due", "approval", ["state", "due_at"])


def _carry(connection: sa.Connection) -> None:
    """Places that were empty when a call was shown are what it was based on."""
    for row in connection.execute(sa.select(_CALL.c.id, _CALL.c.absent).where(_CALL.c.absent != "[]")).all():
        empty = json.dumps(_empty(json.loads(row.absent)))
        connection.execute(sa.update(_CALL).where(_CALL.c.id == row.id).values(basis=empty))
    pending = sa.select(_APPROVAL.c.id, _APPROVAL.c.actions).where(_APPROVAL.c.state == "pending")
    for row in connection.execute(pending).all():
        actions = [action | {"basis": _empty(action.get("absent", []))} for action in json.loads(row.actions)]
        changed = sa.update(_APPROVAL).where(_APPROVAL.c.id == row.id)
        connection.execute(changed.values(actions=json.dumps(actions)))


def _empty(places: list[str]) -> list[dict[str, str]]:
    return [{"place": place} for place in places]


def downgrade() -> None:
    op.drop_index("approval_due", "approval")
    for name in ("has_lapsed", "nudges", "due_at", "expires_at", "left_out"):
        op.drop_column("approval", name)
    op.add_column("call", sa.Column("absent", sa.Text(), nullable=False, server_default="[]"))
    op.drop_column("call", "basis")
