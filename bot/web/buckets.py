"""How often a token may ask, whichever way it comes in."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 10_000


@dataclass
class _Bucket:
    left: float
    at: float


class Buckets:
    """Each token may ask `a_minute` times, at once or spread out. Of this process: it is no shared count."""

    def __init__(self, a_minute: int, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._elapsed = elapsed
        self._known: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> tuple[float, dict[str, str]]:
        """Seconds to wait, 0 when it may ask; and what is said of it in headers."""
        a_second, now = self._most / 60, self._elapsed()
        with self._lock:
            bucket = self._known.setdefault(name, _Bucket(self._most, now))
            self._known.move_to_end(name)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            bucket.left = min(self._most, bucket.left + (now - bucket.at) * a_second)
            bucket.at = now
            wait = 0.0 if bucket.left >= 1 else (1 - bucket.left) / a_second
            bucket.left -= 0 if wait else 1
            left = bucket.left
        full_in = math.ceil((self._most - left) / a_second)
        limits = {"limit": str(self._most), "remaining": str(int(left)), "reset": str(full_in)}
        return wait, {f"ratelimit-{name}": value for name, value in limits.items()}
