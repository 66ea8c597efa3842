"""What Google refuses or fails to do, as errors of ours: each says what to do and who can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.sdk import SignInNeeded, ToolError, Unavailable

SERVICE = "Google"
_LIMITS = {"rateLimitExceeded", "userRateLimitExceeded", "sharingRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
_DAILY = {"dailyLimitExceeded", "quotaExceeded"}
_NARROW = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}
_TOO_MUCH = {"exportSizeLimitExceeded", "storageQuotaExceeded", "fileNotExportable", "cannotDownloadFile"}
_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}
_A_MOMENT = 30.0
_AN_HOUR = 3600.0
_MOST_SAID = 300


@contextmanager
def translated() -> Iterator[None]:
    """Around a request: what the network did becomes `Unavailable`."""
    try:
        yield
    except requests.ConnectTimeout as error:
        raise Unavailable("Google could not be reached.", service=SERVICE, nothing_done=True) from error
    except requests.ConnectionError as error:
        unsent = _never_sent(error)
        said = "Google could not be reached." if unsent else "The connection to Google broke."
        raise Unavailable(said, service=SERVICE, nothing_done=unsent) from error
    except requests.RequestException as error:
        raise Unavailable("Google did not answer in time.", service=SERVICE) from error
    except GoogleAuthError as error:
        raise SignInNeeded(f"Google refused the token: {error}") from error


def check(answer: requests.Response) -> None:
    """Raises what a refusal means; an answer that is one passes."""
    if answer.ok and not answer.is_redirect:
        return
    said, reasons = _told(answer)
    status = answer.status_code
    if status == 401:
        raise SignInNeeded(f"Google refused the token: {said}")
    if status == 429 or (status == 403 and reasons & (_LIMITS | _DAILY)):
        wait = _AN_HOUR if reasons & _DAILY else _A_MOMENT
        raise Unavailable(
            f"Google takes no more for now: {said}",
            _wait(answer, wait),
            service=SERVICE,
            nothing_done=True,
        )
    if status >= 500:
        raise Unavailable(f"Google failed ({status}): {said}", _wait(answer, None), service=SERVICE)
    raise ToolError(_refused(status, said, reasons))


def parsed(content: bytes) -> dict[str, Any]:
    """A JSON object, {} for nothing. What stands between us and Google may answer otherwise."""
    try:
        value = json.loads(content or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unavailable("Google's answer could not be read.", service=SERVICE)
    return value


def _refused(status: int, said: str, reasons: set[str]) -> str:
    if status == 404:
        return (
            f"Google found nothing there: {said} It may be gone, or the connected account cannot see it: ask for it to "
            "be shared with that account."
        )
    if reasons & _OFF:
        return f"This Google API is off in the operator's Google Cloud project: ask an admin to enable it. ({said})"
    if reasons & _NARROW:
        return (
            "The connection does not include this right. Ask for Google Workspace to be connected again with it "
            f"(App Home → Connections). ({said})"
        )
    if status == 403 and not reasons & _TOO_MUCH:
        return f"The connected account may not do this: {said} Ask the owner of the file for the right to."
    if status in (409, 412):
        return f"It changed meanwhile, and nothing was written: {said} Read it again first."
    return f"Google refused it: {said}"


def _told(answer: requests.Response) -> tuple[str, set[str]]:
    """Google's own sentence, and its reasons in one word each."""
    try:
        error = answer.json().get("error", {})
    except (ValueError, AttributeError, requests.RequestException):
        error = {}
    if not isinstance(error, dict):
        return f"{error}.", set()
    listed = [*error.get("errors", ()), *error.get("details", ())]
    reasons = {str(one["reason"]) for one in listed if isinstance(one, dict) and "reason" in one}
    said = " ".join(str(error.get("message", "")).split())[:_MOST_SAID] or f"error {answer.status_code}"
    return said if said.endswith((".", "!", "?")) else f"{said}.", reasons


def _wait(answer: requests.Response, usual: float | None) -> float | None:
    said = answer.headers.get("Retry-After", "")
    return float(said) if said.isdigit() else usual


def _never_sent(error: requests.ConnectionError) -> bool:
    """Only when no connection was made is it certain that Google did nothing."""
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
