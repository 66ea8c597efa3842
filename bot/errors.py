"""Errors, sorted by who can act on them."""

from typing import Any


class CoworkError(Exception):
    """Anything of ours that went wrong; the message is written for the one who can act."""


class ToolError(CoworkError):
    """The model can act: the call was wrong or could not be done; the message says what to do next.

    `sources` are where its words are from (`bot.domain.label.Source`); none: they are ours.
    """

    sources: tuple[Any, ...] = ()


class NotAllowed(CoworkError):
    """The person can act: this is not theirs to do, or not theirs alone."""


class BadArgument(NotAllowed):
    """The person can act: what they put for one `argument` of a call cannot be."""

    def __init__(self, message: str, *, argument: str) -> None:
        super().__init__(message)
        self.argument = argument


class NotConfigured(CoworkError):
    """The operator can act: a key, a right or a setting is missing."""


class Unavailable(CoworkError):
    """Nobody need act: `service` did not answer. Try again after `retry_after` seconds.

    `nothing_done`: it is certain that the call did nothing, because it was refused or never sent. A call that may
    have changed something is looked up otherwise, or put to a person.
    """

    def __init__(
        self,
        message: str,
        retry_after: float | None = None,
        *,
        service: str = "the model",
        nothing_done: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.service = service
        self.nothing_done = nothing_done


class SignInNeeded(CoworkError):
    """The person can act: `plugin` has no connection here, or its token is dead. `owner` is whose ("" the team's, None
    whoever asked for the task).

    The call did nothing: it was refused, or never sent. `writes`: a connection that may write is wanted. `seen` is
    the state of the connection that did not do; once it is another, the call may be tried again.
    """

    nothing_done = True

    def __init__(
        self,
        message: str,
        *,
        plugin: str = "",
        owner: str | None = None,
        writes: bool = False,
        seen: str = "",
    ) -> None:
        super().__init__(message)
        self.plugin = plugin
        self.owner = owner
        self.writes = writes
        self.seen = seen


class Resting(Unavailable):
    """The service was out a moment ago and is let alone for `retry_after` seconds: it was not called at all."""


class DatabaseOut(Unavailable):
    """The database did not answer, or refused this once; nothing of the unit was written."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after, service="the database")


class Halted(CoworkError):
    """Whoever halted the call knows why: it ended before its end, and nothing was changed."""

    nothing_done = True


class Drifted(CoworkError):
    """A person must look again: what the call is based on was changed by someone; the call itself changed nothing."""

    nothing_done = True


class LeftRunning(CoworkError):
    """A halted call that did not end: what it did, and may still do, is not known."""

    nothing_done = False


class Asked(CoworkError):
    """A person must answer first: what the call reached has a question (`bot.domain.asking.Asking`), and waits."""

    def __init__(self, asking: Any) -> None:
        super().__init__(f"{asking.title} asks something.")
        self.asking = asking


class LeaseLost(CoworkError):
    """This worker must let go: the task is another's now."""
