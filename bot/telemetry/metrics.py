"""Figures for Prometheus: what passes the gate is timed and counted, what stands in the database is read when asked."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot import crossing
from bot.connectors import outcomes
from bot.connectors.outcomes import Outcome
from bot.domain.clock import Clock
from bot.errors import Unavailable
from bot.store.database import Database
from bot.telemetry import names
from bot.telemetry.gauges import Connecting, Connections, Standing
from bot.telemetry.names import DELIVERY, Kind, kind_of

_SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_ACKNOWLEDGED = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
_LONG = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)


class Metrics:
    """A registry of this process alone. `watch` begins to count, `close` ends it."""

    def __init__(
        self, database: Database, *, home: Path, clock: Clock, connectors: Connecting = dict
    ) -> None:
        own = self.registry = CollectorRegistry()
        ProcessCollector(registry=own)
        own.register(Standing(database, home=home, clock=clock))
        own.register(Connections(connectors))
        self._clock = clock
        self._writes = _histogram(
            own,
            "database_write",
            "A unit written to the database, waiting for its turn included",
            "unit",
            _SHORT,
        )
        self._calls = _histogram(own, "call", "A call to something outside of this process", "call", _LONG)
        self._acknowledged = _histogram(
            own,
            "slack_acknowledgement",
            "From a delivery of Slack until it is answered (Slack waits 3 seconds)",
            "kind",
            _ACKNOWLEDGED,
        )
        self._steps = Histogram(
            "cowork_step_seconds",
            "One step of a task, until it is written down",
            (),
            registry=own,
            buckets=_LONG,
        )
        self._stretches = Histogram(
            "cowork_stretch_seconds", "One task held by one worker", (), registry=own, buckets=_LONG
        )
        self._errors = Counter(
            "cowork_errors",
            "Calls and writes that failed, by what was raised",
            ("name", "error"),
            registry=own,
        )
        self._retries = Counter("cowork_retries", "What will be tried again by itself", ("of",), registry=own)
        self._tokens = Counter("cowork_model_tokens", "Tokens of the model", ("kind",), registry=own)
        self._dollars = Counter("cowork_model_cost_dollars", "US dollars, by known prices", registry=own)
        self._unpriced = Counter(
            "cowork_model_unpriced_turns", "Turns of which the price is not known", registry=own
        )
        self._circuits = Gauge(
            "cowork_circuit_open",
            "1 while a service that did not answer is let alone",
            ("service",),
            registry=own,
        )
        self._requests = Counter(
            "cowork_connector_requests",
            "Requests to servers of connectors, by how they ended",
            ("outcome",),
            registry=own,
        )
        self._restarts = Counter(
            "cowork_connector_restarts",
            "How often a server was started or reached anew: after idling, or after it was lost",
            registry=own,
        )
        self._connector_error = Gauge(
            "cowork_connector_last_error_timestamp_seconds",
            "When a request to a server of a connector last failed, 0 for never",
            registry=own,
        )
        self._here = threading.local()
        self._begin_at_nothing()

    def watch(self) -> None:
        crossing.watch(self)
        crossing.count(self.count)

    def close(self) -> None:
        crossing.unwatch(self)
        crossing.uncount(self.count)

    def page(self) -> bytes:
        """What Prometheus reads. It asks the database, so not on the event loop."""
        return generate_latest(self.registry)

    def reached(self, point: str) -> None:
        """A step ends when something of it stands in the journal."""
        began = getattr(self._here, "step", None)
        if began is not None and point.startswith("journal.") and point.endswith(".done"):
            self._here.step = time.monotonic()
            self._steps.observe(self._here.step - began)

    @contextlib.contextmanager
    def around(self, name: str) -> Iterator[None]:
        name = names.counted_as(name)
        kind, began = kind_of(name), time.monotonic()
        if kind is Kind.STRETCH:
            self._here.step = began
        try:
            yield
        except Exception as error:
            self._failed(name, error)
            raise
        else:
            if name == "outbox.later":
                self._retries.labels("slack").inc()
        finally:
            self._took(kind, name, time.monotonic() - began)

    def count(self, what: str, amount: float) -> None:
        family, _, kind = what.rpartition(".")
        match family, kind:
            case "model.tokens", _:
                self._tokens.labels(kind).inc(amount)
            case "circuit", service:
                self._circuits.labels(service).inc(amount)
            case outcomes.COUNTED, outcome:
                self._requests.labels(outcome).inc()
                if Outcome(outcome).is_trouble:
                    self._connector_error.set(self._clock().timestamp())
            case "connector", "restart":
                self._restarts.inc()
            case "model", "dollars":
                self._dollars.inc(amount)
            case "model", "unpriced":
                self._unpriced.inc(amount)

    def _begin_at_nothing(self) -> None:
        """What is known to come stands at 0 from the start: else the first of it is no increase for Prometheus."""
        for kind in names.DELIVERIES:
            self._acknowledged.labels(kind)
        for call in names.MODEL_CALLS:
            self._calls.labels(call)
            self._errors.labels(call, Unavailable.__name__)
        for kind in names.TOKENS:
            self._tokens.labels(kind)
        for of in names.RETRIED:
            self._retries.labels(of)
        self._circuits.labels(names.MODEL)
        for outcome in Outcome:
            self._requests.labels(outcome)

    def _failed(self, name: str, error: Exception) -> None:
        self._errors.labels(name, type(error).__name__).inc()
        if name == "model.turn" and isinstance(error, Unavailable):
            self._retries.labels("model").inc()

    def _took(self, kind: Kind, name: str, seconds: float) -> None:
        match kind:
            case Kind.STRETCH:
                self._here.step = None
                self._stretches.observe(seconds)
            case Kind.DELIVERY:
                self._acknowledged.labels(name.removeprefix(DELIVERY)).observe(seconds)
            case Kind.CALL:
                self._calls.labels(name).observe(seconds)
            case Kind.WRITE:
                self._writes.labels(name).observe(seconds)
            case Kind.POST:
                pass


def _histogram(
    registry: CollectorRegistry, name: str, says: str, label: str, buckets: tuple[float, ...]
) -> Histogram:
    return Histogram(f"cowork_{name}_seconds", says, (label,), registry=registry, buckets=buckets)
