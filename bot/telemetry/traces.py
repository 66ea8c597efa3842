"""Traces for OpenTelemetry: a span per stretch of work, per delivery and per post, and in it one per crossing.

A span has a name, the task's number and the kind of error: no words of people, no arguments, no secrets.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id, get_current_span

from bot import crossing, log
from bot.telemetry.names import Kind, kind_of

_ROOTS = (Kind.STRETCH, Kind.DELIVERY, Kind.POST)
_KINDS = {Kind.DELIVERY: SpanKind.SERVER, Kind.CALL: SpanKind.CLIENT}
_LONGEST_FLUSH = 2000


class Traces:
    """Exports beside the work; an endpoint that is out costs spans, not time."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is that of OTLP over HTTP, without `/v1/traces`. Headers come from OTEL_EXPORTER_OTLP_HEADERS."""
        own = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or "cowork"})
        self._provider = TracerProvider(resource=own, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("cowork")

    def watch(self) -> None:
        crossing.watch(self)

    def close(self) -> None:
        """What is at hand is still sent, for two seconds at most."""
        crossing.unwatch(self)
        self._provider.force_flush(_LONGEST_FLUSH)
        self._provider.shutdown()

    def reached(self, point: str) -> None:
        """A point has no duration."""

    @contextlib.contextmanager
    def around(self, name: str) -> Iterator[None]:
        kind = kind_of(name)
        if kind not in _ROOTS and not get_current_span().get_span_context().is_valid:
            yield
            return
        task = log.facts().get("task")
        with self._tracer.start_as_current_span(
            name,
            kind=_KINDS.get(kind, SpanKind.INTERNAL),
            attributes={"cowork.crossing": kind} | ({} if task is None else {"cowork.task": task}),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            trace = format_trace_id(span.get_span_context().trace_id)
            with log.about(trace=trace), _marked(span):
                yield


@contextlib.contextmanager
def _marked(span: Span) -> Iterator[None]:
    """Only the kind of an error is told: its message may quote people."""
    try:
        yield
    except BaseException as error:
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(StatusCode.ERROR)
        raise
