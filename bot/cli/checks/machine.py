"""This machine: Python, the home and its disk, the port."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2

from bot.cli.checks.finding import Finding, failed, fine, warning

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 500 * 1000 * 1000
NO_SPACE = 20 * 1000 * 1000
_ASKING_SECONDS = 2.5
_NOT_READY = "Its log says more. What was asked of it is kept, and goes on when that is mended."
_TRACES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_FORMATS = {
    "auto": "text on a terminal, JSON lines elsewhere (COWORK_LOG_FORMAT chooses one)",
    "text": "text",
    "json": "JSON lines",
}


def python(version: tuple[int, int, int] = sys.version_info[:3]) -> Iterator[Finding]:
    found = ".".join(map(str, version))
    if version >= OLDEST_PYTHON:
        yield fine("Python", found)
    else:
        yield failed(
            "Python", f"{found} is too old.", "Install Python 3.11 or newer; `uv python install 3.11` does."
        )


def home(path: Path) -> Iterator[Finding]:
    """Whether state can be kept there."""
    there = _nearest(path)
    remedy = "Give Cowork a folder that it may write to with COWORK_HOME, or mend the rights of this one."
    if not there.is_dir():
        yield failed("Home", f"{there} is not a folder.", "Set COWORK_HOME to a folder.")
    elif fault := _write_fault(there):
        yield failed("Home", f"{there} cannot be written to ({fault}).", remedy)
    elif there != path:
        yield fine("Home", f"{path} (made at the first start)")
    elif holder := holder_of(path):
        yield fine("Home", f"{path} (Cowork is running there: {holder})")
    else:
        yield fine("Home", str(path))


def space(
    path: Path, free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free
) -> Iterator[Finding]:
    """Whether the disk under the home has room."""
    left = free(_nearest(path))
    remedy = (
        f"Make room on the disk of {path}, or move it with COWORK_HOME; work stops when the disk is full."
    )
    if left >= LITTLE_SPACE:
        yield fine("Disk", f"{_size(left)} free")
    elif left >= NO_SPACE:
        yield warning("Disk", f"Only {_size(left)} are free.", remedy)
    else:
        yield failed("Disk", f"It is full: {_size(left)} are free.", remedy)


def watching(form: str, endpoint: str) -> Iterator[Finding]:
    """How one can look at it at work: the log's format, and traces where an address for them is set."""
    yield fine("Log", _FORMATS[form])
    if endpoint and all(map(_is_installed, _TRACES)):
        yield fine("Traces", f"sent to {endpoint}")
    elif endpoint:
        found = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the OpenTelemetry packages are not installed."
        yield failed("Traces", found, "Install them with `uv sync --extra otel`, or unset it.")


def port(host: str, number: int, path: Path) -> Iterator[Finding]:
    """Whether `cowork up` could listen; a Cowork that is running on this home may hold the port."""
    if number == 0:
        yield fine("Port", "a free one is taken at each start")
        return
    fault = _bind_fault(host, number)
    if fault == 0:
        yield fine("Port", f"{number} is free")
    elif fault != errno.EADDRINUSE:
        remedy = "Set COWORK_PORT to another port (1024 or above), or to 0 for any free one."
        yield failed("Port", f"{number} cannot be used ({os.strerror(fault)}).", remedy)
    else:
        url = f"http://{host}:{number}"
        by_cowork = _is_cowork(url)
        trouble = _trouble(url) if by_cowork else ""
        yield _taken(number, by_cowork=by_cowork, holder=holder_of(path), trouble=trouble)


def _taken(number: int, *, by_cowork: bool, holder: str, trouble: str) -> Finding:
    if by_cowork and holder:
        found = f"{number} is in use by Cowork, which is running ({holder})"
        return (
            warning("Port", f"{found} and is not ready: {trouble}", _NOT_READY)
            if trouble
            else fine("Port", found)
        )
    who = "a Cowork with another home" if by_cowork else "another program"
    remedy = "End that one, or set COWORK_PORT to a free port, or to 0 for any free one."
    return failed("Port", f"{number} is in use by {who}.", remedy)


def holder_of(path: Path) -> str:
    """The process that runs the tasks of this home, such as "process 4711"; "" when none does."""
    try:
        with (path / "lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return (path / "lock").read_text().strip() or "another process"
    except OSError:
        return ""
    return ""


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _nearest(path: Path) -> Path:
    """The path, or the first folder above it that exists."""
    return next(one for one in (path, *path.parents) if one.exists() or one == one.parent)


def _write_fault(folder: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _bind_fault(host: str, number: int) -> int:
    """The error number of listening there; 0 when it works."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def _is_cowork(url: str) -> bool:
    """Whether the one who listens there answers as Cowork does."""
    return _said(f"{url}/healthz").get("status") == "ok"


def _trouble(url: str) -> str:
    """What keeps the Cowork that runs there from working, such as "slack (not connected)"; "" when nothing does."""
    parts = _said(f"{url}/readyz").get("parts", {})
    return ", ".join(f"{name} ({part['why']})" for name, part in parts.items() if not part["ready"])


def _said(url: str) -> dict[str, Any]:
    try:
        with httpx2.Client(timeout=_ASKING_SECONDS, trust_env=False) as client:
            said = client.get(url).json()
        return said if isinstance(said, dict) else {}
    except (httpx2.HTTPError, json.JSONDecodeError):
        return {}


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
