"""What Google refuses or fails to do, as errors of ours: each says what to do and who can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError

from bot.sdk import SignInNeeded, ToolError, Unavailable, refusal, seconds_to_wait
from bot.sdk.reaching import UNREACHED, unreached

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
    except UNREACHED as error:
        raise unreached(SERVICE, error) from error
    except GoogleAuthError as error:
        raise SignInNeeded(f"Google refused the token: {error}") from error


def check(answer: requests.Response) -> None:
    """Raises what a refusal means; an answer that is one passes."""
    if answer.ok and not answer.is_redirect:
        return
    said, reasons = _told(answer)
    if told := _own_words(answer.status_code, said, reasons):
        raise ToolError(told)
    raise refusal(
        SERVICE,
        _meant(answer.status_code, reasons),
        sentence=said,
        ask="the owner of the file",
        retry_after=seconds_to_wait(answer.headers.get("Retry-After")) or _usual_wait(reasons),
    )


def parsed(content: bytes) -> dict[str, Any]:
    """A JSON object, {} for nothing. What stands between us and Google may answer otherwise."""
    try:
        value = json.loads(content or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unavailable("its answer could not be read", service=SERVICE)
    return value


def _own_words(status: int, said: str, reasons: set[str]) -> str:
    """Of a refusal that somebody can do something about, and "" of all others."""
    if reasons & _OFF:
        return f"This Google API is off in the operator's Google Cloud project: ask an admin to enable it. ({said})"
    if reasons & _NARROW:
        return (
            "The connection does not include this right. Ask for Google Workspace to be connected again with it "
            f"(App Home → Connections). ({said})"
        )
    if status in (409, 412):
        return f"It changed meanwhile, and nothing was written: {said} Read it again first."
    return ""


def _meant(status: int, reasons: set[str]) -> int:
    """Google says 403 of limits, and of what cannot be had at all, too."""
    if status == 403 and reasons & (_LIMITS | _DAILY):
        return 429
    return 400 if status == 403 and reasons & _TOO_MUCH else status


def _usual_wait(reasons: set[str]) -> float | None:
    if reasons & _DAILY:
        return _AN_HOUR
    return _A_MOMENT if reasons & _LIMITS else None


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
