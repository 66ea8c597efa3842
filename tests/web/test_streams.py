"""Many watch: each sees everything once and in order, and a watcher costs neither a thread nor a query of its own."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from bot.domain.event import Event, News
from bot.engine.bell import Bell
from bot.errors import DatabaseOut, Unavailable
from bot.web.streams import Streams
from tests import alone

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Told:
    """What was told of tasks, and how often that was read."""

    def __init__(self, bell: Bell) -> None:
        self.events: list[Event] = []
        self.reads = 0
        self.outages = 0
        self.bell = bell

    def tell(self, task: int, count: int = 1) -> None:
        for _ in range(count):
            self.events.append(Event(id=len(self.events) + 1, task_id=task, news=News.SAID, at=AT, data={}))
        self.bell.ring()

    def read(self, seen):
        self.reads += 1
        if self.outages:
            self.outages -= 1
            raise DatabaseOut("out", retry_after=1)
        new = [one for one in self.events if one.id > seen.get(one.task_id, 10**9)]
        return {task: mine for task in seen if (mine := [one for one in new if one.task_id == task][:500])}


async def watched(stream: Streams, task: int, after: int, until: int, whose: str = "") -> list[int]:
    found: list[int] = []
    async for some in stream.watch(task, after, beat=5, whose=whose):
        found += [one.id for one in some]
        if found and found[-1] >= until:
            return found
    return found


@pytest.fixture
def told():
    return Told(Bell())


def test_everyone_sees_everything_once_and_in_order_whenever_they_come(told):
    stream = Streams(told.read, told.bell)
    told.tell(1, 700)

    async def story():
        early = [asyncio.create_task(watched(stream, 1, after, 1000)) for after in (0, 0, 650, 699)]
        await until(lambda: stream.watchers == 4)
        told.tell(2, 50)
        for _ in range(100):
            told.tell(1, 2)
            await asyncio.sleep(0)
        late = asyncio.create_task(watched(stream, 1, 40, 1000))
        told.tell(1, 50)
        return await asyncio.gather(*early, late)

    found = alone.ran(story())
    mine = [one.id for one in told.events if one.task_id == 1]
    for after, ids in zip((0, 0, 650, 699, 40), found, strict=True):
        assert ids == [one for one in mine if after < one <= ids[-1]] and ids[-1] >= 1000
    stream.close()


def test_two_hundred_watchers_are_served_by_one_reader(told):
    stream = Streams(told.read, told.bell)

    async def story():
        before = threading.active_count()
        tasks = [asyncio.create_task(watched(stream, 1, 0, 100)) for _ in range(200)]
        await until(lambda: stream.watchers == 200)
        told.reads = 0
        for _ in range(100):
            told.tell(1)
        found = await asyncio.gather(*tasks)
        return found, told.reads, threading.active_count() - before

    found, reads, threads = alone.ran(story())
    assert found == [list(range(1, 101))] * 200
    assert reads <= 102
    assert threads <= 41  # those of anyio's pool, which read what was there as each of them came
    stream.close()


def test_one_who_does_not_keep_up_looks_for_what_was_missed(told):
    stream = Streams(told.read, told.bell, behind=3)
    many = 12

    async def story():
        seen: list[int] = []
        watch = stream.watch(1, 0, beat=5)
        told.tell(1)
        seen += [one.id for one in await anext(watch)]
        waiting = asyncio.ensure_future(anext(watch))
        await until(lambda: stream.watchers == 1)
        topic = stream._topics[1]
        for _ in range(many):
            told.tell(1)
            before = topic.seen
            await until(lambda before=before: topic.seen > before)
        seen += [one.id for one in await waiting]
        while len(seen) < many + 1:
            seen += [one.id for one in await anext(watch)]
        await watch.aclose()
        return seen

    assert alone.ran(story()) == list(range(1, many + 2))
    assert stream.watchers == 0
    stream.close()


def test_an_outage_of_the_database_delays_the_news_and_loses_none(told):
    stream = Streams(told.read, told.bell)

    async def story():
        watching = asyncio.create_task(watched(stream, 1, 0, 2))
        await until(lambda: stream.watchers == 1)
        told.outages = 1
        told.tell(1)
        await until(lambda: told.outages == 0)
        told.tell(1)
        return await watching

    assert alone.ran(story()) == [1, 2]
    stream.close()


def test_when_the_process_ends_every_watcher_is_let_go(told):
    stream = Streams(told.read, told.bell)

    async def story():
        watching = asyncio.create_task(watched(stream, 1, 0, 9))
        await until(lambda: stream.watchers == 1)
        stream.close()
        return await asyncio.wait_for(watching, 5)

    assert alone.ran(story()) == []


def test_more_than_it_can_bear_are_sent_away(told):
    stream = Streams(told.read, told.bell, most=2)

    async def story():
        there = [asyncio.create_task(watched(stream, task, 0, 1)) for task in (1, 2)]
        await until(lambda: stream.watchers == 2)
        with pytest.raises(Unavailable):
            await watched(stream, 3, 0, 1)
        for task in (1, 2):
            told.tell(task)
        return await asyncio.gather(*there)

    assert alone.ran(story()) == [[1], [2]]
    stream.close()


def test_one_token_takes_a_quarter_of_the_places_and_others_find_one(told):
    stream = Streams(told.read, told.bell, most=8)

    async def story():
        there = [asyncio.create_task(watched(stream, task, 0, 1, "one")) for task in (1, 2)]
        await until(lambda: stream.watchers == 2)
        with pytest.raises(Unavailable, match="by this token"):
            await watched(stream, 3, 0, 1, "one")
        there.append(asyncio.create_task(watched(stream, 3, 0, 1, "other")))
        await until(lambda: stream.watchers == 3)
        for task in (1, 2, 3):
            told.tell(task)
        return await asyncio.gather(*there)

    assert alone.ran(story()) == [[1], [2], [3]]
    stream.close()


async def until(holds) -> None:
    """A turn of the loop at a time."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.002)
