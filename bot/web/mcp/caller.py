"""Who calls: the token of the request that is being answered, known to everything that answers it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from bot.domain.token import Token

_CALLER: Final[ContextVar[Token]] = ContextVar("cowork_mcp_caller")


def enter(token: Token) -> None:
    """For this request: it is carried along to whoever answers (`mcp.shared._context_streams`)."""
    _CALLER.set(token)


def caller() -> Token:
    return _CALLER.get()
