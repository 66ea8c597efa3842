"""What the people of the soak and those who check it afterwards have before them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.emulator import rendering
from bot.emulator.person import Person
from bot.emulator.server import LocalSlack
from bot.store.database import Database
from tests.soak.folder_watch import FolderWatch
from tests.soak.script import Mind, named

Message = dict[str, Any]

_ROWS = text("""
    SELECT id, goal, state, thread, round, note,
        (SELECT count(*) FROM outbox WHERE task_id = task.id AND wanted > sent AND blocked = '') AS unsent,
        (SELECT count(*) FROM outbox WHERE task_id = task.id AND blocked <> '') AS blocked
    FROM task WHERE id > :after ORDER BY id
""")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A task as the database has it; `unsent` and `blocked` messages of its."""

    id: int
    goal: str
    state: str
    thread: str | None
    round: int
    note: str
    unsent: int
    blocked: int

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "stopped", "failed")


@dataclass(eq=False, kw_only=True)
class Errand:
    """What a person asked for: `via` a mention or the command, with the intention to do something about it.

    `thread` is where it is spoken of. `said` holds when each thing was said or done; `is_taken`: Slack says that
    the goal was acknowledged, `is_failed`: the person was told that it was not.
    """

    name: str
    kind: str
    who: Person
    via: str
    temper: str
    folder: Path
    asked_at: float
    thread: str = ""
    row: Row | None = None
    is_taken: float = 0.0
    is_failed: bool = False
    is_busy: bool = False
    next_at: float = 0.0
    over_at: float = 0.0
    retries: int = 0
    said: dict[str, float] = field(default_factory=dict)


@dataclass(kw_only=True)
class World:
    slack: LocalSlack
    database: Database
    mind: Mind
    watch: FolderWatch
    root: Path
    channel: str
    tally: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    noticed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, after: int) -> dict[str, Row]:
        """The newest tasks, by their names. Raises `DatabaseOut`."""
        with self.database.read() as session:
            found = [Row(**row._mapping) for row in session.execute(_ROWS, {"after": after})]
        return {name[1]: row for row in found if (name := named(row.goal)) is not None}

    def thread(self, thread: str) -> list[Message]:
        """What the colleague has said in a thread, its root included."""
        ws = self.slack.workspace
        with ws.lock:
            root = ws.store.message(self.channel, thread)
            found = [*([root] if root else []), *ws.store.replies(self.channel, thread)]
        return [one for one in found if one["user"] == ws.bot_user]


def buttons(message: Message) -> dict[str, tuple[str, str]]:
    """The action and the value of every button, by its label."""
    return {
        element["text"]["text"]: (element["action_id"], str(element.get("value", "")))
        for _, element in _elements(message)
        if element["type"] == "button"
    }


def key_of(message: Message) -> str:
    """What the message shows ("card:12"); "file" for a file, "" for what bears no key."""
    if message.get("file_ids"):
        return "file"
    key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
    return str(key).partition("#")[0]


def _elements(message: Message) -> Iterator[tuple[Any, Message]]:
    yield from rendering.elements(message.get("blocks") or [])
