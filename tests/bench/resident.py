"""How much memory this process holds."""

from __future__ import annotations

import gc

import psutil  # type: ignore[import-untyped]


def resident() -> float:
    """In kilobytes, after a collection."""
    gc.collect()
    held: int = psutil.Process().memory_info().rss
    return held / 1024
