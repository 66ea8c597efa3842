"""Errors, sorted by who can act on them."""


class CoworkError(Exception):
    """Anything of ours that went wrong; the message is written for the one who can act."""


class ToolError(CoworkError):
    """The model can act: the call was wrong or could not be done; the message says what to do next."""


class NotAllowed(CoworkError):
    """The person can act: this is not theirs to do, or not theirs alone."""


class NotConfigured(CoworkError):
    """The operator can act: a key, a right or a setting is missing."""


class Unavailable(CoworkError):
    """Nobody need act: a service did not answer. Try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DatabaseOut(Unavailable):
    """The database did not answer, or refused this once; nothing of the unit was written."""


class LeaseLost(CoworkError):
    """This worker must let go: the task is another's now."""
