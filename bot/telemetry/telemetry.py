"""Whoever watches this process: metrics always, traces where an endpoint for them is set."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from bot.domain.clock import Clock
from bot.errors import NotConfigured
from bot.store.database import Database
from bot.telemetry.gauges import Connecting
from bot.telemetry.metrics import Metrics


class Telemetry:
    """`connectors` are the connections to servers of connectors, by how they fare.

    From here to `close` every crossing is counted. Raises `NotConfigured` when traces cannot be made.
    """

    def __init__(
        self,
        database: Database,
        *,
        home: Path,
        clock: Clock,
        otlp_endpoint: str = "",
        connectors: Connecting = dict,
    ) -> None:
        self._traces = _traces(otlp_endpoint) if otlp_endpoint else None
        self._metrics = Metrics(database, home=home, clock=clock, connectors=connectors)
        self._metrics.watch()
        if self._traces is not None:
            self._traces.watch()

    def page(self) -> bytes:
        """The metrics in the text format of Prometheus."""
        return self._metrics.page()

    def close(self) -> None:
        """Spans at hand are still sent, which may take two seconds."""
        self._metrics.close()
        if self._traces is not None:
            self._traces.close()


def _traces(endpoint: str) -> Any:
    """Imported only when asked for: its packages are an extra."""
    try:
        return import_module("bot.telemetry.traces").Traces(endpoint)
    except ModuleNotFoundError:
        raise NotConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the OpenTelemetry packages are not installed. "
            "Install them with `uv sync --extra otel`, or unset OTEL_EXPORTER_OTLP_ENDPOINT."
        ) from None
