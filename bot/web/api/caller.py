"""Who asks: the token of a request, and how often it may."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.domain.token import Token
from bot.engine.tokens import Tokens
from bot.web import problems
from bot.web.problems import Problem

_MOST = 10_000

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of yours: `cowork tokens create NAME --for U…`, or `/cowork tokens` in Slack.",
)


class Refused(Exception):
    """Ends a request with this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass
class _Bucket:
    left: float
    at: float


class Buckets:
    """Each token may ask `a_minute` times, at once or spread out. Of this process: it is no shared count."""

    def __init__(self, a_minute: int, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._elapsed = elapsed
        self._known: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> tuple[float, dict[str, str]]:
        """Seconds to wait, 0 when it may ask; and what is said of it in headers."""
        a_second, now = self._most / 60, self._elapsed()
        with self._lock:
            bucket = self._known.setdefault(name, _Bucket(self._most, now))
            self._known.move_to_end(name)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            bucket.left = min(self._most, bucket.left + (now - bucket.at) * a_second)
            bucket.at = now
            wait = 0.0 if bucket.left >= 1 else (1 - bucket.left) / a_second
            bucket.left -= 0 if wait else 1
            left = bucket.left
        full_in = math.ceil((self._most - left) / a_second)
        limits = {"limit": str(self._most), "remaining": str(int(left)), "reset": str(full_in)}
        return wait, {f"ratelimit-{name}": value for name, value in limits.items()}


class Callers:
    def __init__(self, tokens: Tokens, buckets: Buckets) -> None:
        self._tokens = tokens
        self._buckets = buckets

    def of(self, request: Request, given: HTTPAuthorizationCredentials | None) -> Token:
        """Raises `Unknown` for a token that is none of ours, `Refused` without one, and for one that asks too often."""
        if given is None or not given.credentials:
            raise Refused(problems.missing())
        token = self._tokens.known(given.credentials)
        wait, said = self._buckets.take(token.id)
        request.scope["state"]["said"] += [(name.encode(), value.encode()) for name, value in said.items()]
        if wait:
            raise Refused(problems.too_many(wait))
        return token

    def again(self, token: Token) -> Token:
        """As it is now. Raises `Unknown` once it is over."""
        return self._tokens.again(token)


def caller(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Token:
    callers: Callers = request.app.state.callers
    return callers.of(request, given)


Caller = Annotated[Token, Depends(caller)]
