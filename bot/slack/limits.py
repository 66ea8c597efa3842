"""Slack's rates: a bucket per method and channel, and a pause where Slack asked for one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Rate:
    """`per_second` on average, at most `burst` at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, kw_only=True)
class Rates:
    """How fast to send. `None` is no limit; the times are seconds."""

    posts: Rate | None = Rate(per_second=1.2, burst=3)
    updates: Rate | None = Rate(per_second=50 / 60, burst=10)
    card_every: float = 2.0
    refresh_every: float = 15.0
    refresh_room: float = 2.0
    """Refreshing takes turns: with n cards at work each is refreshed every n × this at most."""


UNLIMITED = Rates(posts=None, updates=None, card_every=0.4, refresh_every=5.0, refresh_room=0.2)

UPDATE = "chat.update"
POST = "chat.postMessage"
UPLOAD = "files.completeUploadExternal"
LOOK = "conversations.replies"


class Limits:
    """Asked before every call; safe to share between threads."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._buckets: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._held: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def wait_for(self, method: str, channel: str, *, now: datetime, ahead: int = 0) -> datetime | None:
        """None: go ahead, it is counted. Otherwise when to come again, behind so many others who wait for the same."""
        with self._lock:
            rate = self._rates.updates if method == UPDATE else self._rates.posts
            held = self._held.get(method)
            if held is not None and held > now:
                return held if rate is None else held + timedelta(seconds=ahead / rate.per_second)
            if rate is None:
                return None
            return self._take(method, "" if method == UPDATE else channel, rate, now, ahead)

    def held_until(self, method: str, *, now: datetime) -> datetime | None:
        """For what is not counted: None, or when Slack wants to be asked again."""
        with self._lock:
            held = self._held.get(method)
            return held if held is not None and held > now else None

    def hold(self, method: str, seconds: float, *, now: datetime) -> datetime:
        """Slack said to wait: nothing of this method until then."""
        with self._lock:
            until = now + timedelta(seconds=seconds)
            self._held[method] = max(until, self._held.get(method, until))
            return self._held[method]

    def _take(self, method: str, channel: str, rate: Rate, now: datetime, ahead: int) -> datetime | None:
        left, at = self._buckets.get((method, channel), (float(rate.burst), now))
        left = min(float(rate.burst), left + max(0.0, (now - at).total_seconds()) * rate.per_second)
        if left < 1:
            self._buckets[method, channel] = (left, now)
            return now + timedelta(seconds=(1 - left + ahead) / rate.per_second)
        self._buckets[method, channel] = (left - 1, now)
        return None
