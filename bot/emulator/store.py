"""Everything the workspace remembers: documents, messages and file contents in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from bot.emulator.wire import Json

_TABLES = """
create table if not exists documents (kind text, id text, body text, primary key (kind, id)) without rowid;
create table if not exists messages (
    channel text, ts text, thread_ts text, top integer, body text, primary key (channel, ts)
) without rowid;
create index if not exists threads on messages (channel, thread_ts, ts);
create table if not exists contents (id text primary key, body blob);
"""


class Store:
    """Not locked by itself: the workspace's lock is held around every use."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = off")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def get(self, kind: str, key: str) -> Json | None:
        row = self._db.execute("select body from documents where kind = ? and id = ?", (kind, key)).fetchone()
        return _object(row[0]) if row else None

    def put(self, kind: str, key: str, body: Json) -> None:
        self._db.execute("insert or replace into documents values (?, ?, ?)", (kind, key, json.dumps(body)))

    def drop(self, kind: str, key: str) -> None:
        self._db.execute("delete from documents where kind = ? and id = ?", (kind, key))

    def every(self, kind: str) -> list[Json]:
        rows = self._db.execute("select body from documents where kind = ? order by id", (kind,))
        return [_object(row[0]) for row in rows]

    def number(self, name: str) -> int:
        """The next number of a series that goes on after a restart."""
        last = (self.get("series", name) or {"last": 0})["last"]
        self.put("series", name, {"last": last + 1})
        return int(last) + 1

    def message(self, channel: str, ts: str) -> Json | None:
        found = self._db.execute("select body from messages where channel = ? and ts = ?", (channel, ts))
        row = found.fetchone()
        return _object(row[0]) if row else None

    def put_message(self, message: Json) -> None:
        channel, ts = message["channel"], message["ts"]
        thread = message.get("thread_ts")
        top = thread in (None, ts) or message.get("subtype") == "thread_broadcast"
        self._db.execute(
            "insert or replace into messages values (?, ?, ?, ?, ?)",
            (channel, ts, thread, int(top), json.dumps(message)),
        )

    def drop_message(self, channel: str, ts: str) -> None:
        self._db.execute("delete from messages where channel = ? and ts = ?", (channel, ts))

    def timeline(self, channel: str) -> list[Json]:
        """What the channel itself shows (no plain replies), newest first."""
        rows = self._db.execute(
            "select body from messages where channel = ? and top = 1 order by ts desc", (channel,)
        )
        return [_object(row[0]) for row in rows]

    def top_after(self, channel: str, ts: str) -> list[Json]:
        rows = self._db.execute(
            "select body from messages where channel = ? and top = 1 and ts > ? order by ts", (channel, ts)
        )
        return [_object(row[0]) for row in rows]

    def after(self, channel: str, ts: str) -> list[Json]:
        """What came later, replies included."""
        rows = self._db.execute(
            "select body from messages where channel = ? and ts > ? order by ts", (channel, ts)
        )
        return [_object(row[0]) for row in rows]

    def latest(self, channel: str) -> str | None:
        row = self._db.execute(
            "select max(ts) from messages where channel = ? and top = 1", (channel,)
        ).fetchone()
        return row[0] if row else None

    def replies(self, channel: str, root: str) -> list[Json]:
        """The replies of a thread, oldest first, without the root."""
        rows = self._db.execute(
            "select body from messages where channel = ? and thread_ts = ? and ts <> ? order by ts",
            (channel, root, root),
        )
        return [_object(row[0]) for row in rows]

    def content(self, key: str) -> bytes | None:
        row = self._db.execute("select body from contents where id = ?", (key,)).fetchone()
        return row[0] if row else None

    def put_content(self, key: str, body: bytes) -> None:
        self._db.execute("insert or replace into contents values (?, ?)", (key, body))

    def drop_content(self, key: str) -> None:
        self._db.execute("delete from contents where id = ?", (key,))


def _object(text: str) -> Json:
    found: Json = json.loads(text)
    return found
