"""The official conformance suite, run against our own client, and the table of what it said.

`python -m tests.connectors.conformance` writes the client's lines of the table anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.counterparts import node_packages

TABLE = Path(__file__).with_name("conformance.md")
ROOT = Path(__file__).parents[2]
VERSION = "0.1.16"

SERVER = (
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "prompts-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
)
"""What the suite asks of any server. All else of its active scenarios calls tools, prompts and resources by names that
only its own example has, or features that ours does not declare (logging, completion); two of those pass, as any error
has a text."""
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


def server(url: str) -> tuple[Results, str]:
    """The active scenarios, and the whole of what was said."""
    said = _run("server", "--url", url)
    return read(said), said


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
    """The client's lines of the table."""
    kinds: dict[str, list[str]] = {"the protocol": [], "sign-in (OAuth)": []}
    for name in sorted(results):
        kinds["sign-in (OAuth)" if name.startswith("auth/") else "the protocol"].append(name)
    return "\n".join(_row(f"client: {kind}", results, names) for kind, names in kinds.items())


def server_as_markdown(results: Results) -> str:
    """The server's line, of the scenarios that apply to ours."""
    return _row("server", results, SERVER)


def _row(side: str, results: Results, names: Sequence[str]) -> str:
    passed = sum(results[name] for name in names)
    return (
        f"| {side} | {passed} of {len(names)} | {', '.join(name.removeprefix('auth/') for name in names)} |"
    )


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
    head = f"| `@modelcontextprotocol/conformance` {VERSION} | passed | scenarios |\n|---|---|---|"
    kept = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| server |")]
    TABLE.write_text("\n".join([head, as_markdown(found), *kept]) + "\n", "utf-8")
