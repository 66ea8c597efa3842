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
from pathlib import Path

import httpx2

from bot.cli.checks.finding import Finding, failed, fine, warning

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 500 * 1000 * 1000
_ASKING_SECONDS = 2.0


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
    if left >= LITTLE_SPACE:
        yield fine("Disk", f"{_size(left)} free")
    else:
        remedy = (
            f"Make room on the disk of {path}, or move it with COWORK_HOME; work stops when the disk is full."
        )
        yield warning("Disk", f"Only {_size(left)} are free.", remedy)


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
        yield _taken(number, by_cowork=_is_cowork(host, number), holder=holder_of(path))


def _taken(number: int, *, by_cowork: bool, holder: str) -> Finding:
    if by_cowork and holder:
        return fine("Port", f"{number} is in use by Cowork, which is running ({holder})")
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


def _is_cowork(host: str, number: int) -> bool:
    """Whether the one who listens there answers as Cowork does."""
    try:
        with httpx2.Client(timeout=_ASKING_SECONDS, trust_env=False) as client:
            said = client.get(f"http://{host}:{number}/healthz")
        return bool(said.json().get("status") == "ok")
    except (httpx2.HTTPError, json.JSONDecodeError, AttributeError):
        return False


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
