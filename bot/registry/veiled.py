"""A tool behind a veil: no secret comes back from it or stands on a card, and what was hidden is never written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any

from pydantic import BaseModel

from bot.domain.approval import Detail, Draft
from bot.domain.call import Result
from bot.domain.effect import Access, Effect
from bot.domain.veil import Veil, has_mask
from bot.errors import ToolError
from bot.sdk.tool import Tool

_HIDDEN = (
    "The arguments hold “…(hidden: …)”, which only stands for a secret that you were not shown; written as it is it "
    "would take the secret's place. Nothing was changed. To keep a file as it is use copy_file or move_file; to change "
    "part of it give a text without the hidden place; in a report of your own say what it is (“a GitHub token”)."
)


def veiled(tool: Tool, veil: Veil) -> Tool:
    """Behaves as `tool` does for everything that holds no secret."""

    def text(told: str) -> str:
        return veil.masked(told)

    def detail(shown: str | Detail) -> str | Detail:
        return text(shown) if isinstance(shown, str) else replace(shown, text=text(shown.text))

    def result(given: Result | None) -> Result | None:
        return None if given is None else replace(given, text=veil.masked(given.text))

    def draft(put: Draft) -> Draft:
        options = tuple(map(veil.masked, put.options))
        return replace(put, title=text(put.title), summary=text(put.summary), options=options)

    return replace(
        tool,
        function=_then(tool.function, result, veil),
        settled=_then(tool.settled, result, veil),
        preview=_then(tool.preview, text, veil),
        detail=_then(tool.detail, detail, veil),
        put=_then(tool.put, draft, veil),
        accesses=_then(_refusing(tool.accesses), lambda found: found, veil),
    )


def _then(act: Callable[..., Any] | None, told: Callable[[Any], Any], veil: Veil) -> Any:
    """What `act` gives, told; what it complains of, too."""
    if act is None:
        return None

    @wraps(act)
    def telling(*given: Any, **arguments: Any) -> Any:
        try:
            return told(act(*given, **arguments))
        except ToolError as error:
            if not veil.found(str(error)):
                raise
            hidden = ToolError(veil.masked(str(error)))
            hidden.sources = error.sources
            raise hidden from None

    return telling


def _refusing(accesses: Callable[..., tuple[Access, ...]]) -> Callable[..., tuple[Access, ...]]:
    @wraps(accesses)
    def judged(*given: Any, **arguments: Any) -> tuple[Access, ...]:
        found = accesses(*given, **arguments)
        if any(one.effect is not Effect.READ for one in found) and _holds_mask(arguments):
            raise ToolError(_HIDDEN)
        return found

    return judged


def _holds_mask(value: Any) -> bool:
    if isinstance(value, str):
        return has_mask(value)
    return any(map(_holds_mask, _inside(value)))


def _inside(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return (*value, *value.values())
        case BaseModel():
            return (one for _, one in value)
        case list() | tuple() | set() | frozenset():
            return value
    return ()
