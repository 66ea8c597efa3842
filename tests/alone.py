"""Coroutines of a test on a thread of their own: where a browser was used, the test's thread has a loop already."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def ran(story: Coroutine[Any, Any, T]) -> T:
    """What it gives, on a loop that is begun and ended for it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()
