"""What a person may let a program do for them: never what they could not do themselves."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.deciders import Facts
from bot.domain.token import TokenScope


def scopes(facts: Facts) -> tuple[TokenScope, ...]:
    """Those that a token of theirs may have; none for a guest."""
    if facts.is_guest:
        return ()
    return tuple(scope for scope in TokenScope if facts.is_admin or scope is not TokenScope.CONNECTORS)


def trouble(facts: Facts, wanted: Collection[TokenScope]) -> str:
    """Why they cannot make a token with these, "" when they can."""
    if facts.is_guest:
        return "Guests of this workspace cannot make tokens. Ask a member for what your program should do."
    beyond = [scope.value for scope in wanted if scope not in scopes(facts)]
    return f"Only an admin of this workspace can make a token for {', '.join(beyond)}." if beyond else ""
