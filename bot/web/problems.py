"""What went wrong, for programs: RFC 9457, with what to do about it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse

from bot.engine.serving import KeyUsed, NotThere, OutOfScope
from bot.engine.tokens import Unknown
from bot.errors import BadArgument, CoworkError, NotAllowed, NotConfigured, Unavailable

MEDIA_TYPE = "application/problem+json"
_CHALLENGE = 'Bearer realm="cowork"'

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`headers` go with it; `more` are members besides."""

    status: int
    detail: str
    remedy: str = ""
    type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, detail: str, remedy: str = "", **given: Any) -> Problem:
        return cls(status=status, detail=detail, remedy=remedy, **given)

    @property
    def body(self) -> dict[str, Any]:
        title = HTTPStatus(self.status).phrase
        name = self.type or title.lower().replace(" ", "-")
        said = {"type": f"urn:cowork:{name}", "title": title, "status": self.status, "detail": self.detail}
        return said | ({"remedy": self.remedy} if self.remedy else {}) | dict(self.more)

    def response(self) -> JSONResponse:
        return JSONResponse(
            self.body, status_code=self.status, headers=dict(self.headers), media_type=MEDIA_TYPE
        )


def missing() -> Problem:
    return Problem.of(
        401,
        "This takes a token.",
        "Send it as: Authorization: Bearer ck_… Make one with /cowork tokens in Slack.",
        type="token-needed",
        headers={"WWW-Authenticate": _CHALLENGE},
    )


def too_many(wait: float) -> Problem:
    seconds = max(1, round(wait + 0.5))
    return Problem.of(
        429,
        "This token asks more often than it may.",
        f"Ask again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )


def of_error(error: CoworkError) -> Problem:
    """By who can act on it."""
    match error:
        case NotAllowed():
            return _of_refusal(error)
        case Unknown():
            challenge = f'{_CHALLENGE}, error="invalid_token"'
            return Problem.of(401, str(error), type="token-unknown", headers={"WWW-Authenticate": challenge})
        case Unavailable():
            after = str(round(error.retry_after or 5))
            detail = f"{error.service} does not answer just now: {error}. Nothing was done."
            return Problem.of(503, detail, f"Ask again in {after} seconds.", headers={"Retry-After": after})
        case NotConfigured():
            return Problem.of(503, str(error), "Tell whoever runs Cowork.", type="not-configured")
    return of_surprise(error)


def _of_refusal(error: NotAllowed) -> Problem:
    match error:
        case OutOfScope():
            challenge = f'{_CHALLENGE}, error="insufficient_scope"'
            headers = {"WWW-Authenticate": challenge}
            return Problem.of(403, str(error), "Make a token that may.", type="out-of-scope", headers=headers)
        case NotThere():
            return Problem.of(404, str(error))
        case KeyUsed():
            return Problem.of(409, str(error), type="idempotency-key-used")
        case BadArgument():
            return Problem.of(422, str(error), more={"argument": error.argument})
    return Problem.of(403, str(error), type="not-allowed")


def of_surprise(error: Exception) -> Problem:
    """Nothing of it is told but where the log has it."""
    reference = uuid4().hex[:8]
    logger.error("a request of a program went wrong [%s]", reference, exc_info=error)
    return Problem.of(
        500,
        "Something went wrong on my side.",
        f"Tell whoever runs Cowork this reference: {reference}",
        more={"reference": reference},
    )
