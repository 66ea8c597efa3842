"""An object in a process of its own: what it does costs nobody else, and it can be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

PATIENCE = 5.0


class Aside:
    """`make(*arguments)` is called over there; `ask` calls a method of what it made and brings the answer.

    `tell` does the same without waiting, so that several can work at once; each `tell` is followed by one `heard`.
    """

    def __init__(self, make: Callable[..., Any], *arguments: Any) -> None:
        self._line, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(theirs, make, arguments), daemon=True
        )
        self._process.start()
        theirs.close()
        self.heard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ask(self, verb: str, *arguments: Any) -> Any:
        self.tell(verb, *arguments)
        return self.heard()

    def tell(self, verb: str, *arguments: Any) -> None:
        self._line.send((verb, arguments))

    def heard(self) -> Any:
        try:
            is_well, answer = self._line.recv()
        except EOFError:
            raise RuntimeError("the process aside ended; what it printed says why") from None
        if not is_well:
            raise RuntimeError(f"in the process aside: {answer}")
        return answer

    def kill(self) -> None:
        """SIGKILL: nothing over there is told."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join(PATIENCE)

    def stop(self) -> None:
        if self._process.is_alive():
            self._line.send(("", ()))
            self._process.join(PATIENCE)
        if self._process.is_alive():
            self.kill()


def _serve(line: Connection, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    verb, made = "", None
    while True:
        try:
            answer = getattr(made, verb)(*arguments) if verb else make(*arguments)
            made = made or answer
            line.send((True, answer if verb else None))
        except Exception:  # noqa: BLE001 - whoever asked is told, and decides
            line.send((False, traceback.format_exc(limit=6)))
        verb, arguments = line.recv()
        if not verb:
            return
