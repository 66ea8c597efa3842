"""Cold start: from `cowork up` in an empty home to the line that says it is ready."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure, of_runs

AIM = 3.0
READY = "Cowork is ready"
COWORK = Path(sys.executable).parent / "cowork"
OURS = ("COWORK_", "SLACK_", "ANTHROPIC_", "PYTHON")
PATIENCE = 60.0


def measure(*, quick: bool) -> list[Figure]:
    """The first ever start compiles every module it imports (pip and uv do not); the ones after it are cold starts."""
    runs = 2 if quick else 5
    with tempfile.TemporaryDirectory() as bytecode:
        first = seconds(bytecode=bytecode)
        cold = [seconds(bytecode=bytecode) for _ in range(runs)]
    return [
        of_runs("start.ready", "Cold start in an empty home", cold, unit="s", aim=AIM),
        of_runs("start.first", "The first ever, with no bytecode on disk", [first], unit="s"),
    ]


def seconds(*, home: Path | None = None, database: str = "", bytecode: str = "") -> float:
    """One start of a new process, in an empty folder as home unless there is one."""
    with tempfile.TemporaryDirectory() as empty:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(COWORK), "up", "--port", "0", "--home", str(home or Path(empty, "state"))],
            cwd=empty,
            env=_bare_environment(empty, bytecode) | {"COWORK_DATABASE_URL": database},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            said = _until_ready(process)
            took = time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=PATIENCE)
    if READY not in said:
        raise RuntimeError(f"`cowork up` did not get ready:\n{said}{rest}")
    return took


def _until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if READY in line:
            break
    return said


def _bare_environment(home: str, bytecode: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    apart = {"PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""} if bytecode else {}
    return kept | {"HOME": home, **apart}
