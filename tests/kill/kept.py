"""What a process left behind on the disk, read without touching it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlmodel import col, update

from bot.audit import chain
from bot.domain.approval import Approval
from bot.domain.clock import system_clock
from bot.domain.event import News
from bot.domain.snapshot import Snapshot
from bot.engine.record import Record
from bot.store import approvals, calls, entries, messages, standing
from bot.store.calls import Entry
from bot.store.database import Database
from bot.store.messages import Message
from bot.store.outbox import PostKind
from bot.store.tables import OutboxRow
from tests.kill.world import World

_GROWN_STALE = (
    update(OutboxRow)
    .where(col(OutboxRow.kind) == PostKind.CARD, col(OutboxRow.wanted) == col(OutboxRow.sent))
    .values(next_at=datetime(2020, 1, 1, tzinfo=UTC))
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """All tasks together, the newest first; `history` is of each by its id.

    `told`: how often the audit log has which news of which call. A call that was begun and did not happen is begun
    again, and so told again.
    """

    tasks: tuple[Snapshot, ...]
    history: Mapping[int, tuple[Message, ...]]
    calls: tuple[Entry, ...]
    approvals: tuple[Approval, ...]
    audit: chain.Whole | chain.Broken
    told: Counter[tuple[str, str]]


def left_behind(world: World) -> Kept:
    """From a copy, where it is in files: to open what a dead process left would mend it."""
    url = make_url(world.database_url)
    if url.get_backend_name() == "sqlite":
        copy = world.place / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        file = Path(str(url.database))
        for part in file.parent.glob(f"{file.name}*"):
            shutil.copy(part, copy)
        url = url.set(database=str(copy / file.name))
    database = Database(url)
    try:
        return _read(database)
    finally:
        database.close()


def is_unsent(url: str) -> bool:
    """Whether anything that should be shown in Slack is not shown yet."""
    database = Database(url)
    try:
        with database.read() as session:
            return standing.next_at(session, list(PostKind)) is not None
    finally:
        database.close()


def grow_stale(url: str) -> None:
    """The cards that show the latest were drawn an hour ago."""
    database = Database(url)
    try:
        with database.write("test") as session:
            session.exec(_GROWN_STALE)
    finally:
        database.close()


def _read(database: Database) -> Kept:
    record = Record(database, clock=system_clock, home=Path())
    found = [record.snapshot(task.id) for task in record.newest()]
    ids = [one.task.id for one in found]
    with database.read() as session:
        return Kept(
            tasks=tuple(found),
            history={task: tuple(messages.of_task(session, task)) for task in ids},
            calls=tuple(entry for task in ids for entry in calls.of_task(session, task)),
            approvals=tuple(one for task in ids for one in approvals.of_task(session, task)),
            audit=chain.verify(entries.all_of(session)),
            told=Counter(_told(entry) for entry in entries.all_of(session) if not _may_come_again(entry)),
        )


def _may_come_again(entry: entries.Entry) -> bool:
    """A call is begun, and begun again when it did not happen: because it was halted, or its process came too late."""
    return entry.action == News.CALLING or json.loads(entry.data).get("ok") is False


def _told(entry: entries.Entry) -> tuple[str, str]:
    """News of the task itself, such as its going on, may come again."""
    data = json.loads(entry.data)
    return entry.action, str(data.get("call") or data.get("approval") or entry.id)
