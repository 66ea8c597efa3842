"""News of tasks for everyone who watches, by one reader: a watcher costs a queue, and no thread and no query."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from anyio import to_thread

from bot.domain.event import Event
from bot.engine.bell import Bell
from bot.errors import DatabaseOut, Unavailable

Read = Callable[[Mapping[int, int]], Mapping[int, Sequence[Event]]]
"""Of each of these tasks, what was told since the event that was seen last."""

_GATHERED = 0.02
_LOOKS = 1.0
_IDLE = 5.0

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class _Watcher:
    loop: asyncio.AbstractEventLoop
    fresh: asyncio.Queue[Sequence[Event]]
    whose: str = ""
    is_behind: bool = False

    def hand(self, events: Sequence[Event]) -> None:
        """On its loop. One that does not keep up looks for itself what it missed."""
        try:
            self.fresh.put_nowait(events)
        except asyncio.QueueFull:
            self.is_behind = True


@dataclass(eq=False)
class _Topic:
    """`seen` is the last event of this task that was handed out."""

    seen: int
    watchers: set[_Watcher] = field(default_factory=set)


class Streams:
    """Its thread begins with the first watcher, and ends when nobody has watched for a while.

    `most` may watch at once, a quarter of them for one token; who is `behind` by so many readings looks for what was
    missed.
    """

    def __init__(self, read: Read, bell: Bell, *, most: int = 1_000, behind: int = 64) -> None:
        self._most = most
        self._behind = behind
        self._read = read
        self._bell = bell
        self._lock = threading.Lock()
        self._topics: dict[int, _Topic] = {}
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    @property
    def watchers(self) -> int:
        with self._lock:
            return sum(len(topic.watchers) for topic in self._topics.values())

    async def watch(
        self, task_id: int, after: int, *, beat: float, whose: str = ""
    ) -> AsyncIterator[Sequence[Event]]:
        """What was told since event `after`, then what is told, in order and once; nothing every `beat` seconds.

        Ends when the process does. Raises `Unavailable` when too many watch, or too many of `whose`.
        """
        watcher = _Watcher(asyncio.get_running_loop(), asyncio.Queue(self._behind), whose)
        seen = after
        try:
            while not self._closed.is_set():
                behind = await to_thread.run_sync(self._missed, task_id, seen)
                while behind:
                    yield behind
                    seen = behind[-1].id
                    behind = await to_thread.run_sync(self._missed, task_id, seen)
                watcher.is_behind = False
                if not self._joined(task_id, watcher, seen):
                    continue
                async for events in self._handed(watcher, beat):
                    new = [one for one in events if one.id > seen]
                    seen = new[-1].id if new else seen
                    yield new
        finally:
            self._leave(task_id, watcher)

    def close(self) -> None:
        """Every watcher is let go."""
        self._closed.set()
        with self._lock:
            watchers = [one for topic in self._topics.values() for one in topic.watchers]
        for one in watchers:
            _hand(one, ())

    async def _handed(self, watcher: _Watcher, beat: float) -> AsyncIterator[Sequence[Event]]:
        """Until it falls behind, or the process ends."""
        while not self._closed.is_set():
            try:
                yield await asyncio.wait_for(watcher.fresh.get(), beat)
            except TimeoutError:
                yield ()
            if watcher.is_behind and watcher.fresh.empty():
                return

    def _missed(self, task_id: int, seen: int) -> Sequence[Event]:
        return self._read({task_id: seen}).get(task_id, ())

    def _joined(self, task_id: int, watcher: _Watcher, seen: int) -> bool:
        """Whether everything after `seen` will be handed to it. If not, more was handed out meanwhile."""
        with self._lock:
            topic = self._topics.get(task_id)
            self._check(watcher.whose)
            if topic is None:
                topic = self._topics[task_id] = _Topic(seen)
            if topic.seen > seen:
                return False
            topic.watchers.add(watcher)
            if self._thread is None:
                self._thread = threading.Thread(target=self._hand_out, name="streams", daemon=True)
                self._thread.start()
        return True

    def _check(self, whose: str) -> None:
        """Under the lock."""
        watching = [one.whose for topic in self._topics.values() for one in topic.watchers]
        if len(watching) >= self._most:
            raise Unavailable("too many are watching", retry_after=10, service="this process")
        if whose and watching.count(whose) >= max(1, self._most // 4):
            raise Unavailable("too many watch by this token", retry_after=10, service="this process")

    def _leave(self, task_id: int, watcher: _Watcher) -> None:
        with self._lock:
            topic = self._topics.get(task_id)
            if topic is not None:
                topic.watchers.discard(watcher)
                if not topic.watchers:
                    del self._topics[task_id]

    def _hand_out(self) -> None:
        rung, idle = 0, 0.0
        while not self._closed.is_set():
            rung = self._bell.wait(rung, _LOOKS)
            self._closed.wait(_GATHERED)  # what comes together is read together
            with self._lock:
                seen = {task_id: topic.seen for task_id, topic in self._topics.items()}
                idle = 0.0 if seen else idle + _LOOKS
                if idle > _IDLE:
                    self._thread = None
                    return
            if seen:
                self._look(seen)

    def _look(self, seen: Mapping[int, int]) -> None:
        """What cannot be read now is read with the next look."""
        try:
            found = self._read(seen)
        except DatabaseOut:
            return
        except Exception:
            logger.exception("news of tasks could not be read")
            return
        for task_id, events in found.items():
            with self._lock:
                topic = self._topics.get(task_id)
                if topic is None or not events or topic.seen != seen[task_id]:
                    continue
                topic.seen = events[-1].id
                watchers = list(topic.watchers)
            for one in watchers:
                _hand(one, events)


def _hand(watcher: _Watcher, events: Sequence[Event]) -> None:
    """Its loop may be gone with whoever watched."""
    with contextlib.suppress(RuntimeError):
        watcher.loop.call_soon_threadsafe(watcher.hand, events)
