"""Changes to a task's bench: tools of a test's own, and a process that dies in a call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.domain.call import Call, Result
from bot.engine.bench import Bench
from bot.sdk.halt import Halt
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


class Gate:
    """Closed until `open`: the call that comes to it sets `reached` and waits."""

    def __init__(self) -> None:
        self.reached, self._opened = threading.Event(), threading.Event()

    def open(self) -> None:
        self._opened.set()

    def pass_through(self) -> None:
        self.reached.set()
        assert self._opened.wait(60)


class _Gated:
    """A halt that stands at the gate when it is asked for the n-th time."""

    def __init__(self, halt: Halt, gate: Gate, number: int) -> None:
        self._halt, self._gate, self._left = halt, gate, number

    @property
    def is_set(self) -> bool:
        return self._halt.is_set

    def check(self) -> None:
        self._left -= 1
        if not self._left and not self._gate.reached.is_set():
            self._gate.pass_through()
        self._halt.check()

    def calling(self, end: Callable[[], object]) -> AbstractContextManager[None]:
        return self._halt.calling(end)


def gated(gate: Gate, number: int) -> Change:
    """The first call that asks so often whether it is to end stands at the gate then."""

    def changed(bench: Bench) -> Bench:
        halting = bench.toolbox._halting

        @contextmanager
        def through_the_gate(is_read: bool) -> Iterator[Halt]:
            with halting(is_read) as halt:
                yield _Gated(halt, gate, number)  # type: ignore[misc]

        bench.toolbox._halting = through_the_gate
        bench.toolbox._patience = 30
        return bench

    return changed
