"""The tables. Nothing outside `bot.store` sees these classes; the functions beside them speak domain words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.remark_row import RemarkRow as RemarkRow


def _id() -> Column[int]:
    """A key that is never used twice: SQLite would reuse the ids of deleted rows (notes/engine.md §3.2)."""
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


_TO_SEND = text("wanted > sent")


def _text() -> Column[str]:
    return Column(Text, nullable=False, default="")


def _count() -> Column[int]:
    return Column(BigInteger, nullable=False, default=0)


class TaskRow(SQLModel, table=True):
    __tablename__ = "task"
    __table_args__ = (
        Index("task_by_state", "state", "queued_at"),
        Index("task_by_thread", "team", "channel", "thread"),
        Index("task_by_person", "team", "user"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=_id())
    team: str
    user: str
    user_name: str
    channel: str
    thread: str | None = None
    goal: str = Field(sa_column=_text())
    context: str = Field(default="", sa_column=_text())
    output: str = ""
    folders: str = Field(default="[]", sa_column=_text())
    autonomy: str
    brief: str = Field(default="{}", sa_column=_text())
    unread: str = Field(default="[]", sa_column=_text())
    labels: str = Field(default="[]", sa_column=_text())
    state: str
    plan: str = Field(default="{}", sa_column=_text())
    prefix: str = ""
    note: str = Field(default="", sa_column=_text())
    reference: str = ""
    answer: str = Field(default="", sa_column=_text())
    round: int = 1
    turns: int = 0
    turns_allowed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    microdollars: int | None = 0
    charged: int = Field(default=0, sa_column=_count())
    worked: int = Field(default=0, sa_column=_count())
    allowance: str = Field(default="{}", sa_column=_text())
    reserved: str = Field(default="", sa_column=_text())
    notified: bool = False
    stop_by: str = ""
    wake: int = 0
    seen: int = 0
    epoch: int = 0
    owner: str = ""
    lease_until: datetime | None = None
    crashes: int = 0
    edited_goal: str = Field(default="", sa_column=_text())
    crew: str = Field(default="{}", sa_column=_text())
    created_at: datetime
    queued_at: datetime
    not_before: datetime | None = None
    failures: int = 0
    waits_for: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None


class MessageRow(SQLModel, table=True):
    """One message of the history sent to the model, of which only the last `chapter` is; its JSON is kept to the byte.

    `tokens` is how large the chapter was with this message, by the service's count; 0 where it is not known.
    """

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("task_id", "seq"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, sa_column=_id())
    task_id: int
    seq: int
    role: str
    content: str = Field(sa_column=_text())
    stop_reason: str = ""
    request_id: str = ""
    message_id: str = ""
    usage: str = Field(default="{}", sa_column=_text())
    chapter: int = 1
    tokens: int = 0
    at: datetime


class PrefixRow(SQLModel, table=True):
    """System prompt and tools of a conversation, kept exactly: a changed prefix voids its history."""

    __tablename__ = "prefix"
    digest: str = Field(primary_key=True)
    text: str = Field(sa_column=_text())


class CallRow(SQLModel, table=True):
    """One call with its verdict, its state and what came back. `batch` names the checkpoint call it was prepared in.

    `input` is what the model asked; where a person changed that, `revisions` has what runs, and `digest` is over it.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("task_id", "call_id"),
        Index("call_by_approval", "approval_id"),
        Index("call_by_turn", "task_id", "seq"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=_id())
    task_id: int
    seq: int
    call_id: str
    batch: str = ""
    tool: str
    input: str = Field(sa_column=_text())
    preview: str = Field(default="", sa_column=_text())
    basis: str = Field(default="[]", sa_column=_text())
    asked_as: str = ""
    revisions: str = Field(default="[]", sa_column=_text())
    digest: str
    state: str
    rule: int = 0
    reason: str = Field(default="", sa_column=_text())
    approval_id: str = ""
    result: str = Field(default="", sa_column=_text())
    is_error: bool = False
    receipt: str = Field(default="", sa_column=_text())
    deliverable: str = Field(default="", sa_column=_text())
    sources: str = Field(default="", sa_column=_text())
    at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None


class ApprovalRow(SQLModel, table=True):
    """`due_at` is when somebody is to be told again, or it runs out; `nudges` counts how often they were."""

    __tablename__ = "approval"
    __table_args__ = (
        Index("approval_by_task", "task_id", "state"),
        Index("approval_due", "state", "due_at"),
    )
    id: str = Field(primary_key=True)
    task_id: int
    kind: str
    title: str = Field(sa_column=_text())
    summary: str = Field(default="", sa_column=_text())
    actions: str = Field(default="[]", sa_column=_text())
    options: str = Field(default="[]", sa_column=_text())
    call_id: str = ""
    digest: str
    state: str
    words: str = Field(default="", sa_column=_text())
    decided_by: str = ""
    decided_by_name: str = ""
    decided_at: datetime | None = None
    created_at: datetime
    left_out: str = Field(default="[]", sa_column=_text())
    expires_at: datetime | None = None
    due_at: datetime | None = None
    nudges: int = 0
    has_lapsed: bool = False
    said_yes: str = Field(default="[]", sa_column=_text())
    sources: str = Field(default="[]", sa_column=_text())
    asking: str = Field(default="", sa_column=_text())


class WordsRow(SQLModel, table=True):
    """What a person said in the thread, until it is put into the history."""

    __tablename__ = "words"
    __table_args__ = (Index("words_by_task", "task_id", "taken"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, sa_column=_id())
    task_id: int
    author: str
    user: str = ""
    text: str = Field(sa_column=_text())
    taken: bool = False
    at: datetime


class EventRow(SQLModel, table=True):
    __tablename__ = "event"
    __table_args__ = (Index("event_by_task", "task_id"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, sa_column=_id())
    task_id: int
    news: str
    data: str = Field(default="{}", sa_column=_text())
    at: datetime


class AuditRow(SQLModel, table=True):
    """Append-only and chained: `hash` covers this entry and the hash before it."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int | None = Field(default=None, sa_column=_id())
    task_id: int
    actor: str
    action: str
    data: str = Field(default="{}", sa_column=_text())
    at: datetime
    before: str
    hash: str


class OutboxRow(SQLModel, table=True):
    """One Slack message that is kept true: `wanted` is bumped when it should look different, `sent` follows."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("outbox_by_task", "task_id"),
        Index("outbox_to_send", "next_at", sqlite_where=_TO_SEND, postgresql_where=_TO_SEND),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=_id())
    key: str
    kind: str
    ref: str = Field(default="", sa_column=_text())
    task_id: int
    priority: int
    ts: str | None = None
    wanted: int = 1
    sent: int = 0
    attempt: int = 0
    is_unknown: bool = False
    blocked: str = ""
    started_at: datetime | None = None
    next_at: datetime


class InboundRow(SQLModel, table=True):
    """A delivery that was accepted, and the answer it got: the same key again is the same answer."""

    __tablename__ = "inbound"
    key: str = Field(primary_key=True)
    answer: str = ""
    at: datetime


class EarlyRow(SQLModel, table=True):
    """Something about a goal that has not come yet, kept until it comes, or until it is `due` to be given up."""

    __tablename__ = "early"
    __table_args__ = (Index("early_by_thread", "team", "channel", "thread"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, sa_column=_id())
    kind: str
    team: str
    channel: str
    thread: str
    user: str
    user_name: str
    ts: str
    text: str = Field(sa_column=_text())
    due: datetime


class SettingRow(SQLModel, table=True):
    """A choice of a person or a team, by scope ("U123@T1", "T1") and name."""

    __tablename__ = "setting"
    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str = Field(sa_column=_text())


def _plain(row: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]


# The same tables without the mapper. What every step of a task runs is built once from these, at import: a mapped
# statement built anew costs several times what SQLite needs to run it (`python -m tests.bench --only step`).
TASK = _plain(TaskRow)
MESSAGE = _plain(MessageRow)
CALL = _plain(CallRow)
WORDS = _plain(WordsRow)
EVENT = _plain(EventRow)
AUDIT = _plain(AuditRow)
OUTBOX = _plain(OutboxRow)
