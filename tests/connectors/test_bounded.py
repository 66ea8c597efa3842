"""However much a server sends, and whichever way: what of it is held here has a bound, and the caller hears why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.hostile_http import hostile

SCRIPT = Path(__file__).with_name("bounded.py")
MOST = 72 << 10
"""Kilobytes: 64 MB over the 8 MB that one answer may have."""

TOLD = {
    "stdio large": "more than 8 MB in one message",
    "stdio endless": "64 MB without a message",
    "stdio chatter": "did not answer within 0.5 seconds",
    "stdio deep": "what cannot be read",
    "stdio wordy": "done",
    "stdio pages": "tools",
    "http json": "more than 8 MB in one answer",
    "http events": "more than 8 MB in one event",
    "http endless": "more than 8 MB in one event",
    "http chatter": "did not answer within 0.5 seconds",
    "sse sse_endless": "byte limit",
    "sse sse_chatter": "did not answer within 0.5 seconds",
}


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="only Linux says how much was held at most"
)
def test_a_server_that_sends_without_end_makes_us_hold_a_bounded_part_of_it() -> None:
    with hostile() as server:
        ours = subprocess.run(
            [sys.executable, str(SCRIPT), server.url],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=SCRIPT.parents[2],
            env={"PYTHONPATH": str(SCRIPT.parents[2]), "PATH": "/usr/bin:/bin"},
            timeout=60,
            check=True,
        )
    found = json.loads(ours.stdout)

    assert {name: (told if TOLD[name] in told else "") for name, (_, told) in found.items()} == {
        name: told for name, (_, told) in found.items()
    }
    assert found.keys() == TOLD.keys()
    assert {name: grown for name, (grown, _) in found.items() if grown > MOST} == {}
