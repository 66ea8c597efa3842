"""Traces at a collector: the spans of a task hang together, bear its number, and say nothing of what it is about."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot import crossing, log
from bot.domain.task import TaskState
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.telemetry.telemetry import Telemetry

SECRET = "the merger with Initech"
TRIED = """
import sys
sys.modules["opentelemetry"] = None
from bot.errors import NotConfigured
from bot.telemetry.telemetry import Telemetry
try:
    Telemetry(None, home=None, clock=None, otlp_endpoint="http://127.0.0.1:1")
except NotConfigured as error:
    print(error)
"""


class Collector:
    """Takes traces over OTLP/HTTP, as Jaeger and its like do."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.services: set[str] = set()
        self.bodies = b""
        collector = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.take(self.path, self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def take(self, path: str, body: bytes) -> None:
        assert path == "/v1/traces"
        self.bodies += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services |= {
                one.value.string_value for one in resource.resource.attributes if one.key == "service.name"
            }
            for scope in resource.scope_spans:
                self.spans += scope.spans

    def named(self, name: str) -> list[Any]:
        return [span for span in self.spans if span.name == name]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


def telemetry(office: Any, collector: Collector) -> Telemetry:
    return Telemetry(
        office.database, home=office.settings.home, clock=office.clock, otlp_endpoint=collector.url
    )


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_stretch_of_work_is_one_trace_with_its_task_and_a_span_per_crossing(new_office, collector):
    office = new_office(
        lambda _: calls(*[("read_file", {"path": f"{office.reports}/{name}.txt"}) for name in "ab"]),
        text("Done."),
    )
    seen = telemetry(office, collector)
    task = office.begin(f"Read about {SECRET}")
    seen.close()
    (stretch,) = collector.named("task.advance")
    inner = [span for span in collector.spans if span is not stretch]
    names = [span.name for span in inner]
    assert (names.count("model.turn"), names.count("tool.read_file")) == (2, 2)
    assert {"journal.record", "task.release"} <= set(names)
    assert {span.trace_id for span in collector.spans} == {stretch.trace_id}
    assert {span.parent_span_id for span in inner} == {stretch.span_id}
    assert {attributes(span)["cowork.task"] for span in collector.spans} == {task.id}
    assert collector.services == {"cowork"}
    assert SECRET.encode() not in collector.bodies
    assert b"a.txt" not in collector.bodies


def test_a_failed_call_is_marked_with_its_kind_and_not_with_its_words(new_office, collector):
    office = new_office(text("Done."))
    office.double.faults.next(trouble.refused(529, "overloaded_error", SECRET))
    seen = telemetry(office, collector)
    assert office.begin().state is TaskState.PAUSED
    seen.close()
    (turn,) = collector.named("model.turn")
    assert (turn.status.code, turn.status.message) == (2, "")
    assert attributes(turn)["error.type"] != ""
    assert turn.events == []
    assert SECRET.encode() not in collector.bodies


def test_a_write_of_its_own_makes_no_trace(new_office, collector):
    office = new_office()
    seen = telemetry(office, collector)
    office.start()
    with crossing.watched("delivery.command"):
        office.start()
    seen.close()
    assert [span.name for span in collector.spans] == ["intake.start", "delivery.command"]


def test_the_log_names_the_trace(new_office, collector):
    office = new_office()
    seen = telemetry(office, collector)
    line = io.StringIO()
    log.start(form="json", stream=line)
    with crossing.watched("task.advance"):
        logging.getLogger("bot.x").warning("here")
    seen.close()
    (stretch,) = collector.spans
    assert json.loads(line.getvalue())["trace"] == stretch.trace_id.hex()


def test_an_endpoint_without_the_extra_is_one_clear_line(tmp_path: Path):
    said = subprocess.run(
        [sys.executable, "-c", TRIED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == (
        "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the OpenTelemetry packages are not installed. "
        "Install them with `uv sync --extra otel`, or unset OTEL_EXPORTER_OTLP_ENDPOINT."
    )
