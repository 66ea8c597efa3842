"""Commands of tasks, each in a cell of its own, and what each one did to the folders that it could write to."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Final

from bot.sandbox import leftovers, passages, probe, walls
from bot.sandbox.cell import Cell, Limits, Shown, shell
from bot.sandbox.leftovers import Left
from bot.sandbox.run import Ended, ran
from bot.sdk.halt import Halt

HEAD: Final = 48_000
TAIL: Final = 16_000
"""Bytes of what it said that are told at once, from its beginning and its end."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """`said` is what is told of the output, `whole` all of it where that is more. `left` goes by folder."""

    ended: Ended
    said: str
    whole: bytes | None
    left: Mapping[str, Left]


class Sandbox:
    """One command at a time writes to a granted folder: no other can swap what it is being shown."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._writing = threading.Lock()

    def look(self) -> None:
        """Begin to find out whether there is one, so that no task has to wait for it."""
        threading.Thread(target=probe.trouble, name="sandbox", daemon=True).start()

    @property
    def trouble(self) -> str:
        """Why there is none, in words for whoever can mend it; "" where there is one."""
        return probe.trouble()

    def ran(
        self,
        line: str,
        shown: Sequence[Shown],
        place: str,
        halt: Halt,
        *,
        is_alone: bool = False,
        own: str = "",
        granted: Sequence[str] = (),
    ) -> Ran:
        """Runs a line of shell at `place`. Raises `ToolError` where nothing was run, `LeftRunning` as `run.ran`.

        `is_alone`: no other that asks for it runs at the same time. In the task's `own` folder all is put right that
        any run of it left; what is `granted` it may have links to.
        """
        written = [one.path for one in shown if one.mode == "write"]
        rest = [one.path for one in shown if one.mode != "write"]
        with ExitStack() as stack:
            if is_alone:
                stack.enter_context(self._writing)
            cell = Cell(shown=[*shown, *passages.shut(shown, halt)], place=place, limits=self._limits)
            said = stack.enter_context(tempfile.TemporaryFile(prefix="cowork-said-"))
            before = {folder: leftovers.prints(folder, _others(folder, shown), halt) for folder in written}
            ended = ran(cell, shell(line), by=walls.means(), said=said, halt=halt)
            left = {
                folder: leftovers.left(
                    folder,
                    before[folder],
                    [*written, *rest],
                    _others(folder, shown),
                    known=granted if folder == own else None,
                )
                for folder in written
            }
            told, whole = _told(said)
        return Ran(ended=ended, said=told, whole=whole, left=left)


def _others(folder: str, shown: Sequence[Shown]) -> set[str]:
    return {one.path for one in shown if one.path != folder}


def _told(said: IO[bytes]) -> tuple[str, bytes | None]:
    said.seek(0)
    whole = said.read()
    if len(whole) <= HEAD + TAIL:
        return whole.decode(errors="replace"), None
    between = f"\n[… {len(whole) - HEAD - TAIL:,} bytes are left out here …]\n"
    return whole[:HEAD].decode(errors="replace") + between + whole[-TAIL:].decode(errors="replace"), whole
