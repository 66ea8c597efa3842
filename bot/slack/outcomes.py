"""What became of a message given to Slack: each ending is a value, and every error of Slack is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.web import error_code

NO_AUTHORITY = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "team_access_not_granted",
    }
)
_LIMITS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_TROUBLE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "message_not_owned_by_app"}
)
_UPROOTED = frozenset({"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"})
_TOO_MUCH = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "invalid_arguments"}
)
_WAIT = 30.0


@dataclass(frozen=True)
class Sent:
    ts: str


@dataclass(frozen=True)
class Throttled:
    """Not posted; `method` may be called again in so many seconds. `is_begun`: parts before it were posted."""

    method: str
    seconds: float
    is_begun: bool = False


@dataclass(frozen=True)
class Unknown:
    """It may have been posted, or not."""

    why: str


@dataclass(frozen=True)
class Refused:
    """Slack will not take it here, now or later."""

    reason: str


@dataclass(frozen=True)
class Unauthorised:
    """Slack does not take anything from us until an operator mends the token."""

    reason: str


@dataclass(frozen=True)
class Gone:
    """The message to change, or (`is_thread`) the thread to post in, was deleted."""

    is_thread: bool


@dataclass(frozen=True)
class Misshapen:
    """Slack rejects the blocks; `pointers` say which."""

    pointers: str


@dataclass(frozen=True)
class TooOpen:
    """Not posted, by us: more people read there than may read what it draws on."""


Outcome = Sent | Throttled | Unknown | Refused | Unauthorised | Gone | Misshapen | TooOpen


def of_failure(error: Exception, method: str) -> Outcome:
    """Sorts what a call raised."""
    if not isinstance(error, SlackApiError):
        return Unknown(type(error).__name__)
    code, response = error_code(error), error.response
    if getattr(response, "status_code", 200) == 429 or code in _LIMITS:
        return Throttled(method, _retry_after(response))
    if getattr(response, "status_code", 200) >= 500 or code in _TROUBLE:
        return Unknown(code or "server error")
    return _of_code(code, response)


def _of_code(code: str, response: Any) -> Outcome:
    if code in NO_AUTHORITY:
        return Unauthorised(code)
    if code in _GONE or code in _UPROOTED:
        return Gone(is_thread=code in _UPROOTED)
    if code in _TOO_MUCH:
        metadata = response.data.get("response_metadata") or {}
        return Misshapen(f"{code}: {'; '.join(metadata.get('messages') or [])}")
    return Refused(code or "unreadable answer")


def _retry_after(response: Any) -> float:
    headers = {str(name).lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}
    value = headers.get("retry-after")
    value = value[0] if isinstance(value, list) else value
    try:
        return max(1.0, float(value)) if value is not None else _WAIT
    except ValueError:
        return _WAIT
