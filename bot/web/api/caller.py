"""Who asks: the token of a request, which may not ask too often."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.domain.token import Token
from bot.engine.tokens import Tokens
from bot.web import problems
from bot.web.buckets import Buckets
from bot.web.problems import Problem

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
