"""Waiting for what happens: only a failure reaches the deadline, however busy the machine is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 60.0
"""Seconds."""

PATIENT = 90_000
"""Milliseconds, for a browser: it has the most to do."""

Found = TypeVar("Found")


def eventually(found: Callable[[], Found]) -> Found:
    """What `found` gives once it gives something; fails after the deadline."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not (value := found()):
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.01)
    return value
