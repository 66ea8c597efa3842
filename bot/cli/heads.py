"""The files around the audit log: a signed head that is kept elsewhere, and what is written before it is cut off."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.audit import exporting, signing
from bot.audit.chain import Whole
from bot.audit.exporting import Format
from bot.errors import NotConfigured
from bot.store import entries
from bot.store.database import Database

_WHAT = "the head of the audit log"
_AT_ONCE = 5_000


class Head(BaseModel):
    """A signed head, as its file has it; `last` is the entry that it is of."""

    what: str
    head: str
    last: int
    count: int
    at: str
    key: str
    signature: str


def statement(found: Whole, *, at: datetime) -> dict[str, Any]:
    told = {"what": _WHAT, "head": found.head, "last": found.last, "count": found.count}
    return {**told, "at": at.isoformat(timespec="seconds")}


def parsed(path: Path, trusted: Collection[str]) -> Head:
    """Raises `NotConfigured` for what is no head, was altered since, or was not signed with a key of ours."""
    try:
        head = Head.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise NotConfigured(f"{path} is not a head that `cowork audit head` wrote.") from error
    if head.what != _WHAT or not signing.is_signed(head.model_dump()):
        raise NotConfigured(f"{path} was altered after it was signed: its signature does not fit.")
    if head.key not in trusted:
        raise NotConfigured(
            f"{path} was signed with another key than COWORK_SECRET_KEY has. Add the key of then to it, after a space."
        )
    return head


def export(database: Database, path: Path, *, before: datetime) -> int:
    """Write what is older to a new file, on disk when this returns. How many entries that are."""
    count, last = 0, 0
    try:
        with path.open("x") as file, database.read() as session:
            os.chmod(path, 0o600)
            while some := entries.older_than(session, before, limit=_AT_ONCE, after=last):
                file.writelines(f"{line}\n" for line in exporting.lines(some, Format.JSONL))
                count, last = count + len(some), some[-1].id
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotConfigured(
            f"{path} could not be written ({error.strerror}). Nothing was cut off."
        ) from error
    return count
