"""How a delivery to the app ended."""

from __future__ import annotations

from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Acked:
    """The app acknowledged in time; `payload` is what it put into the acknowledgement."""

    payload: Any = None


@dataclass(frozen=True)
class TimedOut:
    pass


@dataclass(frozen=True)
class Failed:
    """The app answered with an error, or the connection broke."""

    reason: str
    final: bool = False


@dataclass(frozen=True)
class NotConnected:
    pass


Outcome = Acked | TimedOut | Failed | NotConnected


def settle(pending: Future[Outcome], outcome: Outcome) -> None:
    """Decide a delivery; what comes later changes nothing."""
    try:
        pending.set_result(outcome)
    except InvalidStateError:
        return
