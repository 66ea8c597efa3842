"""Two hundred who watch one task over HTTP: when news reaches all of them, and what that costs beside one watcher."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from bot.domain.clock import system_clock
from bot.domain.event import News
from bot.store import events
from tests.bench.aside import Aside
from tests.bench.figure import Figure, of_runs, percentile
from tests.bench.resident import resident
from tests.web.programs import at_work, program

MANY = 200
TOLD = 100
PACE = 0.05
UNLIMITED = 1_000_000
PATIENCE = 60.0


def measure(*, quick: bool) -> list[Figure]:
    """The same office is watched by one and by all, in turns; the watchers are in this process, the office aside."""
    watchers, rounds = (50, 1) if quick else (MANY, 5)
    with tempfile.TemporaryDirectory() as place, Aside(Watched, Path(place)) as office:
        _measured(office, 1, warm_up=True)
        first = _measured(office, watchers, warm_up=True)
        ones, all_of_them = [], []
        for _ in range(rounds):
            ones.append(_measured(office, 1))
            all_of_them.append(_measured(office, watchers))
    memory = of_runs(
        "watching.memory",
        f"Memory of the office for each of the first {watchers} who come",
        [first.kilobytes / watchers],
        unit="KB",
    )
    return [
        *_figures("one", "1 watcher", ones),
        *_figures("all", f"{watchers} watchers", all_of_them),
        memory,
    ]


@dataclass(frozen=True, kw_only=True)
class _Round:
    """Milliseconds from before an event is written to a watcher; what the office did meanwhile."""

    waits: list[float]
    lost: int
    reads: int
    news_read: int
    processor: float
    kilobytes: float


def _figures(name: str, who: str, rounds: list[_Round]) -> list[Figure]:
    def figure(kind: str, what: str, values: list[float], unit: str) -> Figure:
        return of_runs(f"watching.{name}.{kind}", f"{TOLD} events to {who}: {what}", values, unit=unit)

    return [
        figure("p50", "written to received, p50", [percentile(one.waits, 0.5) for one in rounds], "ms"),
        figure("p95", "written to received, p95", [percentile(one.waits, 0.95) for one in rounds], "ms"),
        figure("lost", "not received, or not once, or not in order", [one.lost for one in rounds], ""),
        figure("news", "readings of the news", [one.news_read for one in rounds], ""),
        figure("reads", "readings of the database in all", [one.reads for one in rounds], ""),
        figure("processor", "processor time of the office", [one.processor for one in rounds], "s"),
    ]


def _measured(office: Aside, watchers: int, *, warm_up: bool = False) -> _Round:
    count = 3 if warm_up else TOLD
    before = office.ask("resident")
    address = office.ask("address")
    told, received, spent = asyncio.run(_watched(office, address, watchers, count))
    numbers = [number for number, _ in told]
    return _Round(
        waits=[(at - sent) * 1000 for one in received for _, sent, at in one],
        lost=sum([number for number, _, _ in one] != numbers for one in received),
        reads=spent["reads"],
        news_read=spent["news"],
        processor=spent["processor"],
        kilobytes=spent["resident"] - before,
    )


Received = list[tuple[int, float, float]]
"""Number, when it was written, when it came."""


async def _watched(
    office: Aside, address: dict[str, Any], watchers: int, count: int
) -> tuple[list[tuple[int, float]], list[Received], dict[str, Any]]:
    """All are there, by an event that each has received, before the first that counts is told."""
    there = asyncio.Semaphore(0)
    watching = [asyncio.create_task(_watch(address, count, there)) for _ in range(watchers)]
    await asyncio.to_thread(office.ask, "until_watched", watchers)
    await asyncio.to_thread(office.ask, "tell", 1)
    async with asyncio.timeout(PATIENCE):
        for _ in range(watchers):
            await there.acquire()
        spent = await asyncio.to_thread(office.ask, "tell", count)
        received = await asyncio.gather(*watching)
    return spent["told"], received, spent


async def _watch(address: dict[str, Any], count: int, there: asyncio.Semaphore) -> Received:
    reader, writer = await asyncio.open_connection("127.0.0.1", address["port"])
    request = (
        f"GET /api/v1/tasks/{address['task']}/events?until=never&after={address['last']} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{address['port']}\r\nAuthorization: Bearer {address['secret']}\r\n\r\n"
    )
    writer.write(request.encode())
    found: Received = []
    async for line in reader:
        if not line.startswith(b"data: "):
            continue
        at = time.monotonic()
        event = json.loads(line.removeprefix(b"data: "))
        found.append((event["id"], float(event["data"]["text"]), at))
        if len(found) == 1:
            there.release()
        if len(found) == count + 1:
            break
    with contextlib.suppress(OSError):
        writer.close()
        await writer.wait_closed()
    return found[1:]


class Watched:
    """An office with a task that is over, of which more is told; every reading of its database is counted."""

    def __init__(self, place: Path) -> None:
        self._stack = ExitStack()
        office = self._stack.enter_context(at_work(place, COWORK_API_RATE=UNLIMITED))
        one = self._stack.enter_context(program(office, "ana"))
        self._colleague = office.colleague
        self._task = one.begin("Say hello")
        self._last = one.events(self._task)[-1]["id"]
        self._address = {"port": office.server.port, "secret": one.secret, "task": self._task}
        self._reads = self._news = 0
        self._count()

    def address(self) -> dict[str, Any]:
        return {**self._address, "last": self._last}

    def resident(self) -> float:
        return resident()

    def until_watched(self, watchers: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._colleague.streams.watchers != watchers:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._colleague.streams.watchers} of {watchers} watch")
            time.sleep(0.01)

    def tell(self, count: int) -> dict[str, Any]:
        """One after the other, with when each was about to be written."""
        self._reads = self._news = 0
        spent, told = psutil.Process().cpu_times(), []
        for _ in range(count):
            at = time.monotonic()
            with self._colleague.database.write("bench.tell") as session:
                events.append(session, self._task, News.SAID, now=system_clock(), data={"text": repr(at)})
            self._colleague.bell.ring()
            self._last = self._colleague.record.latest([self._task])[self._task]
            told.append((self._last, at))
            time.sleep(PACE)
        after = psutil.Process().cpu_times()
        return {
            "told": told,
            "reads": self._reads - count,  # by this loop itself
            "news": self._news,
            "processor": after.user + after.system - spent.user - spent.system,
            "resident": resident(),
        }

    def _count(self) -> None:
        database, streams = self._colleague.database, self._colleague.streams
        read, news = database.read, streams._read

        def counted() -> Any:
            self._reads += 1
            return read()

        def counted_news(seen: Any) -> Any:
            self._news += 1
            return news(seen)

        database.read = counted  # type: ignore[method-assign]
        streams._read = counted_news
