"""What was asked and answered, for assertions and for the page's inspector."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot.emulator.broadcast import Broadcast
from bot.emulator.wire import Json


@dataclass(frozen=True, kw_only=True)
class Entry:
    seq: int
    at: float
    kind: str  # call | delivery | fault | warning
    name: str
    ok: bool
    error: str | None
    status: int
    ms: int
    request: Any
    response: Any

    def whole(self) -> Json:
        return asdict(self)

    def brief(self) -> Json:
        """For a page: long texts and long lists are cut."""
        return {**self.whole(), "request": _cut(self.request), "response": _cut(self.response)}


class CallLog:
    def __init__(self, broadcast: Broadcast, now: Callable[[], float]) -> None:
        self._entries: deque[Entry] = deque(maxlen=5000)
        self._broadcast = broadcast
        self._now = now
        self._lock = threading.Lock()
        self._seq = 0

    @property
    def last(self) -> int:
        return self._seq

    def add(
        self,
        kind: str,
        name: str,
        *,
        error: str | None = None,
        status: int = 200,
        ms: int = 0,
        request: Any = None,
        response: Any = None,
    ) -> Entry:
        with self._lock:
            self._seq += 1
            entry = Entry(
                seq=self._seq,
                at=self._now(),
                kind=kind,
                name=name,
                ok=error is None,
                error=error,
                status=status,
                ms=ms,
                request=request,
                response=response,
            )
            self._entries.append(entry)
        self._broadcast.publish("inspector", {"entry": entry.brief()})
        return entry

    def entries(self, since: int = 0, name: str | None = None, kind: str | None = None) -> list[Entry]:
        with self._lock:
            return [
                entry
                for entry in self._entries
                if entry.seq > since
                and (name is None or entry.name == name)
                and (kind is None or entry.kind == kind)
            ]

    def warn(
        self,
        kind: str,
        message: str,
        *,
        method: str | None = None,
        detail: list[str] | None = None,
        channel: str | None = None,
        thread_ts: str | None = None,
        to: list[str] | None = None,
    ) -> None:
        """A warning that a developer should see on the page."""
        news = {
            "kind": kind,
            "method": method,
            "message": message,
            "detail": detail or [],
            "channel": channel,
            "thread_ts": thread_ts,
            "at": self._now(),
        }
        self.add("warning", kind, error=kind, request=news)
        self._broadcast.publish("warning", news, to)


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= 2000 else value[:2000] + "…"
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value[:60]]
    return value
