"""How a request to a connector's server ended, in one of a few words: that is what is counted, never who asked what."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from enum import StrEnum

from bot import crossing
from bot.errors import Halted, LeftRunning, NotAllowed, NotConfigured, SignInNeeded, ToolError, Unavailable

COUNTED = "connector.call"
RESTARTED = "connector.restart"


class Outcome(StrEnum):
    ANSWERED = "answered"
    REFUSED = "refused"
    """By the server, in words for the model."""
    SIGN_IN = "needs sign-in"
    BLOCKED = "blocked by policy"
    UNAVAILABLE = "unavailable"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    """It was cut off in its middle: nobody knows what it did."""
    FAILED = "failed"

    @property
    def is_trouble(self) -> bool:
        return self in (Outcome.UNAVAILABLE, Outcome.UNKNOWN, Outcome.FAILED)


@contextlib.contextmanager
def counted() -> Iterator[None]:
    """One request, as it ends."""
    try:
        yield
    except BaseException as error:
        crossing.counted(f"{COUNTED}.{of(error)}")
        raise
    crossing.counted(f"{COUNTED}.{Outcome.ANSWERED}")


def of(error: BaseException) -> Outcome:
    match error:
        case SignInNeeded():
            return Outcome.SIGN_IN
        case NotAllowed() | NotConfigured():
            return Outcome.BLOCKED
        case Unavailable():
            return Outcome.UNAVAILABLE
        case Halted():
            return Outcome.STOPPED
        case LeftRunning():
            return Outcome.UNKNOWN
        case ToolError():
            return Outcome.REFUSED
        case _:
            return Outcome.FAILED
