"""The audit log: appended in the transaction of what it records, each entry chained to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.audit import signing
from bot.domain.call import canonical
from bot.store import entries
from bot.store.database import Session
from bot.store.entries import Entry

PRUNED = "pruned"
_CUT = "entries before it were removed, and no signed entry of the log says that they were pruned"
_CUT_UNCHECKED = f"{_CUT} (set COWORK_SECRET_KEY to the key that it was signed with)"


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Every entry fits. `head` is the last hash: kept elsewhere, it proves later that none was cut off.

    `last` is the entry of the head, `pruned` that of a beginning that was cut off and signed for; 0 where all is there.
    """

    count: int
    head: str
    last: int = 0
    pruned: int = 0


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


def verify(
    log: Iterator[Entry], *, head: str = "", last: int = 0, trusted: Collection[str] = ()
) -> Whole | Broken:
    """Walk the chain from its beginning.

    Entries cut off the end leave a whole chain: only a `head` that was kept elsewhere shows that they are missing.
    Where it is known of which entry it is the head (`last`), it is not missed once that was pruned.
    A beginning that was cut off must be told of by an entry that one of the `trusted` keys signed.
    """
    walk = _Walk(head=head)
    for entry in log:
        if why := walk.misfit(entry):
            return Broken(id=entry.id, why=why)
        walk = walk.past(entry, trusted)
    if walk.cut and not walk.pruned:
        return Broken(id=walk.first, why=_CUT if trusted else _CUT_UNCHECKED)
    if walk.head and not 0 < last <= walk.pruned:
        return Broken(
            id=walk.id, why="the entry with the given head is missing: entries were cut off the end"
        )
    return Whole(count=walk.count, head=walk.hash, last=walk.id, pruned=walk.pruned)


def misfit(some: Iterable[Entry], *, behind: str) -> Broken | None:
    """The first of these entries that does not fit behind the one before; the first stands behind the hash `behind`."""
    walk = _Walk(head="", hash=behind, count=1)
    for entry in some:
        if why := walk.misfit(entry):
            return Broken(id=entry.id, why=why)
        walk = walk.past(entry, ())
    return None


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """How far it has come. `head` is still looked for; `cut` is the hash of what stood before the `first` entry."""

    head: str
    first: int = 0
    id: int = 0
    hash: str = entries.FIRST
    count: int = 0
    cut: str = ""
    pruned: int = 0

    def misfit(self, entry: Entry) -> str:
        """Why the entry does not fit behind the one before; "" when it does."""
        if self.count and entry.before != self.hash:
            return f"it does not follow entry {self.id}: an entry was removed, added or changed"
        if entry.hash not in _hashes(entry):
            return "its content was changed"
        return ""

    def past(self, entry: Entry, trusted: Collection[str]) -> _Walk:
        first, cut = self.first or entry.id, self.cut
        if not self.count and entry.before != entries.FIRST:
            cut = entry.before
        pruned = self.pruned
        if cut and entry.action == PRUNED:
            pruned = pruned or _through(entry, cut, first, trusted)
        return _Walk(
            head="" if entry.hash == self.head else self.head,
            first=first,
            id=entry.id,
            hash=entry.hash,
            count=self.count + 1,
            cut=cut,
            pruned=pruned,
        )


def _through(entry: Entry, cut: str, first: int, trusted: Collection[str]) -> int:
    """The last entry that was pruned, if this one tells of exactly that, signed by a key of ours; 0 otherwise."""
    try:
        told = dict(json.loads(entry.data))
    except (ValueError, TypeError):
        return 0
    through = told.get("through")
    is_this = entry.task_id == 0 and told.get("hash") == cut and isinstance(through, int) and through < first
    is_ours = told.get("key") in trusted and signing.is_signed(told)
    return int(through or 0) if is_this and is_ours else 0


def _hashes(entry: Entry) -> Iterator[str]:
    """With its own number, and as older entries have it, without."""
    rest = _rest(entry.task_id, entry.actor, entry.action, entry.at, entry.data)
    for number in (entry.id, None):
        yield hashlib.sha256(entries.chained(entry.before, rest, number).encode()).hexdigest()


def _rest(task_id: int, actor: str, action: str, at: datetime, content: str) -> str:
    """What is hashed behind the hash before it: one canonical JSON text in all."""
    return canonical([task_id, actor, action, at.isoformat(), content]).removeprefix("[")
