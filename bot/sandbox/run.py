"""One run in a cell: begun, watched, ended at its limits or when it is halted, and nothing of it left behind."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from bot.errors import LeftRunning, ToolError
from bot.sandbox import refused
from bot.sandbox.cell import Cell, environment
from bot.sandbox.groups import groups
from bot.sandbox.walls import Means
from bot.sandbox.watch import Watch
from bot.sdk.halt import Halt

_BETWEEN_LOOKS: Final = 0.1
_GONE_SECONDS: Final = 10.0
_NO_CELL: Final = "The sandbox could not be set up, so nothing was run: "


@dataclass(frozen=True, kw_only=True)
class Ended:
    """`code` as a shell tells it. `excess` says which limit ended it, "" where none did."""

    code: int
    seconds: float
    excess: str = ""


def ran(
    cell: Cell, inner: Sequence[str], *, by: Means, said: IO[bytes], halt: Halt, loosened: Sequence[str] = ()
) -> Ended:
    """Runs `inner`; all that it and its children write goes to `said`. When this returns none of them is alive.

    Raises `ToolError` where the cell could not be made, and `LeftRunning` where something in it cannot be ended.
    """
    halt.check()
    began = time.monotonic()
    with (
        groups(cell.limits.bound, cell.limits.memory) as entered,
        _begun(partial(cell.command, inner, by=by, groups=entered, loosened=loosened), said) as (
            child,
            first,
        ),
        halt.calling(lambda: _end(child)),
    ):
        try:
            excess = _watched(child, cell, said, began)
        finally:
            _end(child)
            child.wait()
            _gone(first)
    code = child.returncode if child.returncode >= 0 else 128 - child.returncode
    return Ended(code=code, seconds=time.monotonic() - began, excess=excess)


@contextlib.contextmanager
def _begun(
    command: Callable[..., list[str]], said: IO[bytes]
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The process, and a descriptor of the first one inside of the cell: when that is gone, all are."""
    hearing, telling = os.pipe()
    with open(hearing, "rb") as news, refused.filtered() as filtered:
        try:
            child = subprocess.Popen(
                command(news=telling, refused=filtered),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=environment(),
                cwd="/",
                pass_fds=tuple(one for one in (telling, filtered) if one >= 0),
                start_new_session=True,
            )
        finally:
            os.close(telling)
        told = news.read()
    if not told:
        child.wait()
        said.seek(0)
        raise ToolError(f"{_NO_CELL}{said.read(500).decode(errors='replace').strip()}")
    first = _descriptor(json.loads(told)["child-pid"])
    try:
        yield child, first
    finally:
        if first >= 0:
            os.close(first)


def _descriptor(process: int) -> int:
    """-1 where it has ended already."""
    try:
        return os.pidfd_open(process)
    except ProcessLookupError:
        return -1


def _watched(child: subprocess.Popen[bytes], cell: Cell, said: IO[bytes], began: float) -> str:
    """Until it ends, or is to be ended: for what."""
    places = [one.path for one in cell.shown if one.mode == "write"]
    watch = Watch(child.pid, places, said.fileno(), cell.limits)
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_BETWEEN_LOOKS)
            return watch.of_what_it_said()
        if time.monotonic() - began > cell.limits.seconds:
            return f"it took longer than {cell.limits.seconds:g} seconds"
        if excess := watch.excess():
            return excess


def _end(child: subprocess.Popen[bytes]) -> None:
    """Its cell ends with it: the kernel sees to that."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _gone(first: int) -> None:
    """Once the first process of a cell is gone, the kernel has ended all others."""
    if first < 0:
        return
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(first, signal.SIGKILL)
    look = select.poll()
    look.register(first, select.POLLIN)
    if not look.poll(_GONE_SECONDS * 1000):
        raise LeftRunning(
            "The command was ended, and something of it is still there. What it does is not known."
        )
