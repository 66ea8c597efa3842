"""The audit log: appended in the transaction of what it records, each entry chained to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.call import canonical
from bot.store import entries
from bot.store.database import Session
from bot.store.entries import Entry


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Every entry fits. `head` is the last hash: kept elsewhere, it proves later that none was cut off."""

    count: int
    head: str


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The first entry that does not fit: changed, removed or put in."""

    id: int
    why: str


def append(
    session: Session,
    task_id: int,
    *,
    actor: str,
    action: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    content = canonical(data or {})
    entries.add(
        session,
        task_id=task_id,
        actor=actor,
        action=action,
        data=content,
        at=now,
        rest=_rest(task_id, actor, action, now, content),
    )


def verify(log: Iterator[Entry], *, head: str = "") -> Whole | Broken:
    """Walk the chain from its beginning.

    Entries cut off the end leave a whole chain: only a `head` that was kept elsewhere shows that they are missing.
    """
    before, last_id, count, has_head = entries.FIRST, 0, 0, not head
    for entry in log:
        if entry.before != before:
            why = f"it does not follow entry {last_id}: an entry was removed, added or changed"
            return Broken(id=entry.id, why=why)
        rest = _rest(entry.task_id, entry.actor, entry.action, entry.at, entry.data)
        if entry.hash != hashlib.sha256(entries.chained(before, rest).encode()).hexdigest():
            return Broken(id=entry.id, why="its content was changed")
        before, last_id, count = entry.hash, entry.id, count + 1
        has_head = has_head or entry.hash == head
    if not has_head:
        return Broken(
            id=last_id, why="the entry with the given head is missing: entries were cut off the end"
        )
    return Whole(count=count, head=before)


def _rest(task_id: int, actor: str, action: str, at: datetime, content: str) -> str:
    """What is hashed behind the hash before it: one canonical JSON text in all."""
    return canonical([task_id, actor, action, at.isoformat(), content]).removeprefix("[")
