"""What stands in the database and on the disk at this moment, read once for each look."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.domain.approval import ApprovalKind
from bot.domain.clock import Clock
from bot.domain.connector import Condition
from bot.domain.task import TaskState
from bot.errors import DatabaseOut
from bot.store import census
from bot.store.census import Census
from bot.store.database import Database
from bot.store.outbox import PostKind

Connecting = Callable[[], Mapping[Condition, int]]


class Standing(Collector):
    """While the database does not answer, its figures are absent and `cowork_database_up` is 0."""

    def __init__(self, database: Database, *, home: Path, clock: Clock) -> None:
        self._database = database
        self._home = home
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        yield _gauge("disk_free_bytes", "Room on the disk of COWORK_HOME", shutil.disk_usage(self._home).free)
        taken = self._taken()
        yield _gauge("database_up", "Whether the database answers", int(taken is not None))
        if taken is not None:
            yield from _of_tasks(taken, self._clock())
            yield from _of_messages(taken, self._clock())

    def _taken(self) -> Census | None:
        try:
            with self._database.read() as session:
                return census.take(session)
        except DatabaseOut:
            return None


class Connections(Collector):
    """Of this process alone."""

    def __init__(self, connectors: Connecting) -> None:
        self._connectors = connectors

    def collect(self) -> Iterator[Metric]:
        found = self._connectors()
        says = "Connections to servers of connectors, by how they fare: ready is running"
        conditions = GaugeMetricFamily("cowork_connectors", says, labels=("condition",))
        for condition in Condition:
            conditions.add_metric((condition,), found.get(condition, 0))
        yield conditions


def _of_tasks(taken: Census, now: datetime) -> Iterator[Metric]:
    states = GaugeMetricFamily("cowork_tasks", "Tasks by their state", labels=("state",))
    for state in TaskState:
        states.add_metric((state,), taken.tasks.get(state, 0))
    yield states
    age = _since(taken.queued_since, now)
    yield _gauge("queue_oldest_seconds", "How long the oldest queued task has been waiting for a worker", age)
    asked = CounterMetricFamily("cowork_prompts", "How often a person was asked", labels=("kind",))
    for kind in ApprovalKind:
        asked.add_metric((kind,), taken.prompts.get(kind, 0))
    yield asked
    yield _gauge("approvals_waiting", "Checkpoints and questions that wait for a person", taken.approvals)


def _of_messages(taken: Census, now: datetime) -> Iterator[Metric]:
    unsent = GaugeMetricFamily("cowork_outbox_messages", "Messages to be posted or changed", labels=("kind",))
    for kind in PostKind:
        unsent.add_metric((kind,), taken.unsent.get(kind, 0))
    yield unsent
    overdue = _since(taken.unsent_since, now)
    yield _gauge("outbox_overdue_seconds", "How long the oldest of them could have been sent", overdue)
    yield _gauge("outbox_blocked_messages", "Messages that Slack refused for good", taken.blocked)


def _since(moment: datetime | None, now: datetime) -> float:
    return 0 if moment is None else max(0.0, (now - moment).total_seconds())


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"cowork_{name}", says, value=value)
