"""How a call of the model can fail, sorted by who can act on it (notes on the model, errors)."""

from __future__ import annotations

import email.utils
import math
import re
import time
from typing import TYPE_CHECKING

from bot.domain.turn import Usage
from bot.errors import CoworkError, NotConfigured, Unavailable

if TYPE_CHECKING:
    import anthropic

LONGEST_WAIT = 600.0

_PASSING_TYPES = ("overloaded_error", "api_error", "rate_limit_error", "timeout_error")
_SPEND_CODES = (
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "linked_organization_spend_limit_reached",
    "linked_organization_billing_unavailable",
)
_STATUS_OF_TYPE = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}


_TOO_LONG_TYPES = ("exceed_context_size_error", "context_length_exceeded")
_TOO_LONG = re.compile(
    r"prompt is too long|(exceeds?|maximum|too long for) .{0,40}\bcontext\b|\bcontext (length|size|window|limit)\b",
    re.IGNORECASE,
)


class Cut(CoworkError):
    """The call was cut from another thread: nothing was said, nothing is to be stored."""


class BrokenAnswer(Unavailable):
    """The answer came whole but makes no sense (a broken tool input, a malformed stream). Ask again, twice at most."""


class SummaryOut(Unavailable):
    """The service cannot sum up the conversation just now: it can go on as it is."""


class ModelRefused(CoworkError):
    """The service refused our request for good: a fault of ours. `request_id` finds it at the vendor's."""

    def __init__(self, message: str, *, request_id: str = "") -> None:
        super().__init__(message)
        self.request_id = request_id


class Discarded(CoworkError):
    """The model answered, but the turn cannot be used; `usage` says what it cost all the same."""

    def __init__(self, message: str, *, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


class Refused(Discarded):
    """The model declined. The message explains it to the person; `recommended_model` may answer instead."""

    def __init__(
        self, message: str, *, category: str = "", recommended_model: str = "", usage: Usage | None = None
    ) -> None:
        super().__init__(message, usage=usage)
        self.category = category
        self.recommended_model = recommended_model


class AnswerTooLong(Discarded):
    """The answer did not fit in the output limit, not even in twice the limit."""


class ContextFull(Discarded):
    """The conversation is too large for the model: it goes on in a new chapter."""


def ours(error: anthropic.APIStatusError, *, model: str, address: str) -> CoworkError:
    """The vendor's error as one of ours; branches on its type, code and status, not on its text (but for one)."""
    if error.error_code == "compaction_unavailable":
        return SummaryOut("The model service cannot sum up the conversation now.", retry_after(error))
    if full := _context_full(error):
        return ContextFull(full)
    if is_passing(error):
        return Unavailable(_passing_words(error), retry_after(error))
    match _status(error):
        case 402 | 429:
            return NotConfigured(
                "The model account has reached a spend or rate limit, or has no credit. Raise the limit or add "
                "credit at the provider, then press Retry."
            )
        case 401:
            return NotConfigured(
                f"{address} did not accept the API key. Set ANTHROPIC_API_KEY to a valid key and restart Cowork."
            )
        case 403:
            return NotConfigured(
                f"The API key may not use the model “{model}” at {address}. Ask the account's admin for access, "
                "or set COWORK_MODEL to a model that it may use."
            )
        case 404:
            return unknown_model(model, address)
    request_id = error.request_id or ""
    said = error.api_message or error.type or f"status {error.status_code}"
    return ModelRefused(f"The model service refused the request ({said}).", request_id=request_id)


def unknown_model(model: str, address: str) -> NotConfigured:
    """What to tell the operator when nobody at this address knows the model."""
    return NotConfigured(
        f"The model “{model}” is not known at {address}. Set COWORK_MODEL to one that is (or correct "
        "ANTHROPIC_BASE_URL) and restart Cowork."
    )


def is_passing(error: anthropic.APIStatusError) -> bool:
    """Whether the same request may succeed later."""
    said = error.response.headers.get("x-should-retry")
    if error.error_code in _SPEND_CODES or said == "false":
        return False
    if error.status_code == 200:
        return error.type in _PASSING_TYPES
    return said == "true" or error.status_code in (408, 409, 429) or error.status_code >= 500


def retry_after(error: anthropic.APIStatusError) -> float | None:
    """Seconds to wait as the service asked, at most `LONGEST_WAIT`; None if it did not ask."""
    said = error.response.headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        date = email.utils.parsedate_tz(said)
        if date is None:
            return None
        seconds = email.utils.mktime_tz(date) - time.time()
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT)


def _status(error: anthropic.APIStatusError) -> int:
    """The status; of an error inside an open stream, whose status is 200, the one its type stands for."""
    if error.error_code in _SPEND_CODES:
        return 402
    if error.status_code != 200:
        return error.status_code
    return _STATUS_OF_TYPE.get(error.type or "", 400)


def _context_full(error: anthropic.APIStatusError) -> str:
    """What of the conversation the service does not take, in words; "" when that is not what is wrong."""
    if _status(error) == 413:
        return "The request is larger than the model service takes."
    if error.error_code == "image_dimensions_too_large":
        return "An image is larger than the model service takes."
    if (error.error_code or "").startswith("compaction_"):
        return "The model service does not take its own summary back."
    return "The conversation is too long for the model." if _says_too_long(error) else ""


def _says_too_long(error: anthropic.APIStatusError) -> bool:
    """There is no code for it that every endpoint has; some local servers answer with a 500."""
    if error.status_code not in (400, 422, 500):
        return False
    return error.type in _TOO_LONG_TYPES or bool(_TOO_LONG.search(error.message))


def _passing_words(error: anthropic.APIStatusError) -> str:
    match _status(error):
        case 429:
            return "The model service asks for a pause: the rate limit is reached."
        case 529:
            return "The model service is overloaded."
    return f"The model service had a passing error ({error.type or error.status_code})."
