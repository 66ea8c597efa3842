"""Where what a call gives back is from, and where the call itself says that it goes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.domain.call import Call, Result
from bot.domain.destination import Target
from bot.domain.label import Source
from bot.domain.pin import Pin
from bot.errors import ToolError
from bot.sdk import destination
from bot.sdk.sources import with_ids
from bot.sdk.tool import Tool

Opened = Callable[[Call], tuple[Tool, dict[str, Any]]]


def sources(call: Call, opened: Opened, desk: Any) -> tuple[Source, ...]:
    """A call that cannot be made brings nothing back from anywhere."""
    with suppress(ToolError):
        tool, arguments = opened(call)
        return tool.comes_from(desk, **arguments)
    return ()


def placed(result: Result, known: tuple[Source, ...], call: Call, opened: Opened, desk: Any) -> Result:
    """With its sources, which were `known` before the call was made, the ids that the service gave, and its pin.

    What a call that writes gives back is ours, but not what the service says when it refuses.
    """
    result = replace(result, pin=pin(call, opened))
    if result.is_error and all(one.is_trusted for one in known):
        return replace(result, sources=(*known, *result.sources))
    if result.ids and not result.is_error:
        with suppress(ToolError):
            tool, arguments = opened(call)
            known = with_ids(known, result.ids, tool.accesses(desk, **arguments))
    return replace(result, sources=known)


def pin(call: Call, opened: Opened) -> Pin | None:
    """As what a call of a connector is made; None for any other, and for one that cannot be made."""
    with suppress(ToolError):
        tool, arguments = opened(call)
        return tool.pinned(**arguments)
    return None


def targets(call: Call, opened: Opened, desk: Any) -> tuple[Target, ...]:
    """Those that it names, and the pictures that a service is to show. No secret is shown that one of them holds."""
    tool, arguments = opened(call)
    named = destination.targets(tool.destinations, arguments, desk.veil.masked)
    if tool.named is not None:
        found = tool.named(**arguments)
        named += tuple(Target(text=text, shown=desk.veil.masked(text), aim=aim) for text, aim in found)
    return (*named, *destination.fetched(arguments, desk.veil.masked)) if tool.service else named
