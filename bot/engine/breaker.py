"""A service that does not answer is let alone for a while, by all tasks of this process, until one probe succeeds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot import crossing
from bot.domain.clock import Clock
from bot.errors import DatabaseOut, Resting, Unavailable
from bot.model.errors import BrokenAnswer

MODEL = "the model"
_FAILURES_IN_A_ROW = 3
_FIRST_REST = 5.0
_LONGEST_REST = 60.0

logger = logging.getLogger(__name__)


class Breakers:
    """One breaker per service, by its name. `recovered` is told which one answers again, by the probe's thread."""

    def __init__(self, *, clock: Clock, recovered: Callable[[str], None]) -> None:
        self._clock = clock
        self._recovered = recovered
        self._of: dict[str, Breaker] = {}
        self._lock = threading.Lock()

    def of(self, service: str) -> Breaker:
        with self._lock:
            if service not in self._of:
                self._of[service] = Breaker(service, clock=self._clock, recovered=self._recovered)
            return self._of[service]


class Breaker:
    """Rests grow from five seconds to a minute, or last as long as the service asked for."""

    def __init__(self, service: str, *, clock: Clock, recovered: Callable[[str], None]) -> None:
        self._service = service
        self._clock = clock
        self._recovered = recovered
        self._failures = 0
        self._rest: tuple[datetime, datetime] | None = None
        self._seconds = 0.0
        self._is_probed = False
        self._lock = threading.Lock()

    @contextmanager
    def guarding(self, insists: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """One call of the service. `Resting`, without a call, while it is let alone, unless someone `insists`."""
        is_probe = self._is_probe(insists)
        try:
            yield
            self._answered(is_probe=is_probe)
        except BrokenAnswer:
            self._answered(is_probe=is_probe)
            raise
        except DatabaseOut:
            raise
        except Unavailable as out:
            out.service = self._service
            self._failed(out.retry_after or 0, is_probe=is_probe)
            raise
        finally:
            if is_probe:
                self._is_probed = False

    def _is_probe(self, insists: Callable[[], bool]) -> bool:
        with self._lock:
            rest_left = self._rest_left()
            if rest_left is None:
                return False
            if rest_left <= 0:
                self._is_probed = True
                return True
        if insists():
            return True
        raise Resting(
            "it did not answer others a moment ago", rest_left, service=self._service, nothing_done=True
        )

    def _rest_left(self) -> float | None:
        """Seconds; None when it is not let alone, 0 when a probe is due."""
        if self._rest is None:
            return None
        if self._is_probed:
            return self._seconds
        began, ends = self._rest
        now = self._clock()
        is_over = not began <= now < ends  # a clock that was set back ends it, too
        return 0 if is_over else (ends - now).total_seconds()

    def _answered(self, *, is_probe: bool) -> None:
        """A late answer to a call from before the rest does not end it: the probe decides."""
        with self._lock:
            if self._rest is not None and not is_probe:
                return
            was_out = self._rest is not None
            self._failures, self._rest = 0, None
        if was_out:
            crossing.counted(f"circuit.{self._service}", -1)
            logger.info("%s answers again", self._service)
            self._recovered(self._service)

    def _failed(self, asked_for: float, *, is_probe: bool) -> None:
        with self._lock:
            if self._rest is not None and not is_probe:
                return
            self._failures += 1
            if self._failures < _FAILURES_IN_A_ROW:
                return
            growing = _FIRST_REST * 2 ** (self._failures - _FAILURES_IN_A_ROW)
            self._seconds = max(asked_for, min(growing, _LONGEST_REST))
            now = self._clock()
            if self._rest is None:
                crossing.counted(f"circuit.{self._service}")
            self._rest = now, now + timedelta(seconds=self._seconds)
        logger.warning("%s does not answer; it is let alone for %.0f s", self._service, self._seconds)
