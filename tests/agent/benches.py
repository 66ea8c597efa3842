"""Changes to a task's bench: tools of a test's own, and a process that dies in a call."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.call import Call, Result
from bot.engine.bench import Bench
from bot.sdk.tool import Tool

Change = Callable[[Bench], Bench]


class Died(BaseException):
    """The process is gone; nothing of ours catches this."""


def untouched(bench: Bench) -> Bench:
    return bench


def with_tools(*tools: Tool) -> Change:
    def changed(bench: Bench) -> Bench:
        bench.toolbox._tools = {**bench.toolbox._tools, **{tool.name: tool for tool in tools}}
        return bench

    return changed


def dying_in(tool: str, *, after: bool = False, number: int = 1) -> Change:
    """The process dies in the n-th call of this tool: before it did anything, or when all was done but the record."""
    seen = 0

    def changed(bench: Bench) -> Bench:
        run = bench.toolbox.run

        def dies(call: Call) -> Result:
            nonlocal seen
            seen += call.tool == tool
            if call.tool != tool or seen != number:
                return run(call)
            if after:
                run(call)
            raise Died

        bench.toolbox.run = dies  # type: ignore[method-assign]
        return bench

    return changed
