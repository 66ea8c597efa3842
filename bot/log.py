"""The process's log: one line per fact on standard error, as text or as JSON, with the task that it is about."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import IO, Final, Literal

from bot.domain.veil import Veil

Format = Literal["auto", "text", "json"]
"""`auto` is text on a terminal, and JSON where a machine reads it."""

_QUIET = (
    "httpx2",
    "httpcore2",
    "httpx",
    "slack_bolt",
    "slack_sdk",
    "uvicorn.access",
    "uvicorn.error",
    "alembic",
    "mcp",
    "opentelemetry",
    "urllib3",
    "procrastinate",
)
_facts: Final[ContextVar[Mapping[str, str | int]]] = ContextVar("facts", default=MappingProxyType({}))


def start(
    level: str = "INFO", form: Format = "auto", stream: IO[str] | None = None, *, veil: Veil = Veil()
) -> None:
    """Send our log to standard error (or `stream`), every secret in it hidden; libraries only from WARNING."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    is_json = form == "json" or (form == "auto" and not stream.isatty())
    handler.setFormatter(_Json(veil) if is_json else _Text(veil))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def hide(veil: Veil) -> None:
    """From now on also what this veil knows is hidden in our lines."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, _Text | _Json):
            handler.formatter.veil = veil


@contextlib.contextmanager
def about(**facts: str | int) -> Iterator[None]:
    """Every line logged inside says so: `about(task=12)`. A thread started inside needs a copy of the context."""
    before = _facts.set({**_facts.get(), **facts})
    try:
        yield
    finally:
        _facts.reset(before)


def facts() -> Mapping[str, str | int]:
    """What is being worked on here."""
    return _facts.get()


class _Text(logging.Formatter):
    def __init__(self, veil: Veil) -> None:
        self.veil = veil
        super().__init__("%(asctime)s %(levelname)s %(name)s %(about)s%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        task = facts().get("task")
        record.about = "" if task is None else f"[task {task}] "
        return self.veil.masked(super().format(record))


class _Json(logging.Formatter):
    def __init__(self, veil: Veil) -> None:
        self.veil = veil
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "thread": record.threadName,
            **facts(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            said["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            said["stack"] = record.stack_info
        return json.dumps(self.veil.masked_in(said), ensure_ascii=False, default=str)
