"""Time is an argument: a clock is anything that tells the moment, in UTC."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

ASTRAY = timedelta(seconds=30)

logger = logging.getLogger(__name__)


def system_clock() -> datetime:
    return datetime.now(UTC)


def uptime() -> float:
    """Seconds that no one can set, and that go on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """The source's time when it was last taken, and what has passed since: it does not jump when the source does.

    Every `look_every` seconds (`math.inf`: never) a call compares the two, and the log says when they part.
    """

    def __init__(
        self,
        source: Callable[[], datetime] = system_clock,
        elapsed: Callable[[], float] = uptime,
        *,
        look_every: float = 30.0,
    ) -> None:
        self._source = source
        self._elapsed = elapsed
        self._look_every = look_every
        self._is_astray = False
        self._looked, self._anchor = self._taken()

    def __call__(self) -> datetime:
        passed = self._elapsed()
        if passed - self._looked >= self._look_every:
            self._looked = passed
            self._compare()
        return self._at(passed)

    def resync(self) -> timedelta:
        """Take the source's time anew, which may be earlier. How far it had moved away: negative when it is behind."""
        passed, anchor = self._taken()
        away = anchor[0] - self._at(passed)
        if abs(away) > ASTRAY:
            logger.warning("the clock moved by %+.0f seconds, and is followed", away.total_seconds())
        self._looked, self._anchor, self._is_astray = passed, anchor, False
        return away

    def _compare(self) -> None:
        passed, (moment, _) = self._taken()
        away = moment - self._at(passed)
        was_astray, self._is_astray = self._is_astray, abs(away) > ASTRAY
        if self._is_astray and not was_astray:
            logger.warning(
                "the machine's clock was moved by %+.0f seconds; the time is counted on as before "
                "until the next start",
                away.total_seconds(),
            )

    def _taken(self) -> tuple[float, tuple[datetime, float]]:
        """The source may take a while to answer: its time is that of the middle."""
        before = self._elapsed()
        moment = self._source()
        middle = (before + self._elapsed()) / 2
        return middle, (moment, middle)

    def _at(self, passed: float) -> datetime:
        moment, at = self._anchor
        return moment + timedelta(seconds=passed - at)
