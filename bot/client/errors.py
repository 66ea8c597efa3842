"""What can go wrong, by who can act on it; the message says what happened and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """`status` is that of HTTP, 0 where there was no answer; `problem` is all that Cowork said (RFC 9457)."""

    def __init__(self, message: str, *, status: int = 0, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = dict(problem or {})


class BadToken(ClientError):
    """The token is missing, unknown, revoked, or has run out."""


class NotAllowed(ClientError):
    """It is not this person's to do, or outside of the token's scopes."""


class NotFound(ClientError):
    """There is none, or it is not this person's to see."""


class Conflict(ClientError):
    """Somebody decided before, or the key came with another goal."""


class Invalid(ClientError):
    """The request is not as it should be."""


class TooMany(ClientError):
    """This token asks too often, and went on after having been asked to wait."""


class Unavailable(ClientError):
    """Cowork, or something that it takes, does not answer now. It was tried again where that is safe."""


_OF_STATUS: Mapping[int, type[ClientError]] = {
    400: Invalid,
    401: BadToken,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    413: Invalid,
    422: Invalid,
    429: TooMany,
}


def of_answer(status: int, content: bytes) -> ClientError:
    try:
        said = json.loads(content)
        problem = said if isinstance(said, dict) else {}
    except ValueError:
        problem = {}
    words = [str(problem[name]) for name in ("detail", "remedy") if problem.get(name)]
    kind = _OF_STATUS.get(status, Unavailable if status >= 500 else ClientError)
    return kind(" ".join(words) or f"Cowork answered with HTTP {status}.", status=status, problem=problem)
