"""News for the open pages: each page has a queue, and sees only what its person may see."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection

from bot.emulator.wire import Json

News = tuple[str, Json]


class Audience:
    """One open page."""

    def __init__(self, person: str) -> None:
        self.person = person
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[News | None] = asyncio.Queue()

    async def next(self, timeout: float) -> News | None:
        """The next piece of news; None when the page should be let go; TimeoutError when nothing came."""
        return await asyncio.wait_for(self._queue.get(), timeout)

    def tell(self, news: News | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, news)


class Broadcast:
    def __init__(self) -> None:
        self._audiences: list[Audience] = []
        self._lock = threading.Lock()

    def join(self, audience: Audience) -> None:
        with self._lock:
            self._audiences.append(audience)

    def leave(self, audience: Audience) -> None:
        with self._lock:
            if audience in self._audiences:
                self._audiences.remove(audience)

    def publish(self, name: str, news: Json, to: Collection[str] | None = None) -> None:
        """Tell the pages of these people, or every page."""
        with self._lock:
            for audience in self._audiences:
                if to is None or audience.person in to:
                    audience.tell((name, news))

    def close(self) -> None:
        with self._lock:
            for audience in self._audiences:
                audience.tell(None)
