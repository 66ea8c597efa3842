"""What a refusal over HTTP means: which error says it to the one who can act."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from bot.errors import SignInNeeded, ToolError, Unavailable

Trouble = SignInNeeded | ToolError | Unavailable
"""All that a plugin raises."""


class NotFound(ToolError):
    """The model can act: there is no such thing, or the connection's account may not see it."""


def refusal(
    service: str,
    status: int,
    *,
    sentence: str = "",
    what: str = "",
    ask: str = "an admin there",
    retry_after: float | None = None,
) -> Trouble:
    """The error to raise for an answer of 400 and above, or for a redirect.

    `sentence` is the service's own, `what` was looked for ("PAY-12"), `ask` can give a missing right, `retry_after` is
    in seconds. What a 5xx did is not known; a 429 did nothing.
    """
    said = f": {sentence.strip().rstrip('.')}." if sentence.strip() else "."
    if status == 401:
        return SignInNeeded(f"{service} refused the sign-in{said}")
    if status == 403:
        return ToolError(f"{service} does not let this account do that{said} Ask {ask} for the right.")
    if status in (404, 410):
        return NotFound(_not_found(service, what, said))
    if status == 429:
        text = "it takes no more calls of this account for now"
        return Unavailable(text, retry_after, service=service, nothing_done=True)
    if status >= 500 or status == 408:
        return Unavailable(f"it answered with the error {status}", retry_after, service=service)
    if status < 400:
        return ToolError(
            f"{service} sends elsewhere from this address: the connection's address is not its own."
        )
    return ToolError(f"{service} refused the call ({status}){said}")


def seconds_to_wait(retry_after: str | None, date: str | None = None) -> float | None:
    """What `Retry-After` says: seconds, or a time, which is compared with the answer's own `Date`."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        until, now = parsedate_to_datetime(retry_after), parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return None
    return max(0.0, (until - now).total_seconds())


def _not_found(service: str, what: str, said: str) -> str:
    named = what or "what the call names"
    return f"{service} did not find {named}{said} It does not exist, or this connection's account may not see it."
