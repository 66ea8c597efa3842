"""Whether a cell on this machine keeps what it promises: tried from the inside, before any command is run in one."""

from __future__ import annotations

import functools
import json
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.errors import CoworkError
from bot.sandbox import refused, walls
from bot.sandbox.cell import Cell, Limits, Shown, environment
from bot.sandbox.groups import groups
from bot.sandbox.run import ran
from bot.sdk.halt import Halt

_ABSENT: Final = ("/etc/shadow", "/etc/ssh", "/var", "/run", "/sys", "/home", "/proc/1/root/etc/shadow")
_LIMITS: Final = Limits(seconds=10)


ROOT: Final = "Cowork runs as root, whose processes only control groups can limit, and none can be made here"
NO_PRLIMIT: Final = "prlimit does not work here"
LEAKS: Final = "the sandbox leaks"


@functools.cache
def trouble() -> str:
    """Why commands are not run here, "" where they are. Found out once: it takes a tenth of a second."""
    return found_out()


def found_out() -> str:
    """The same, by trying now."""
    means = walls.tried()
    if not means.bwrap:
        return f"bubblewrap does not work here ({walls.refusal()})"
    if not means.prlimit:
        return NO_PRLIMIT
    if os.getuid() == 0 and not _can_group():
        return ROOT
    try:
        found = leaks(by=means)
    except (CoworkError, OSError, ValueError) as error:
        return str(error)
    return f"{LEAKS}: {', '.join(found)}" if found else ""


def leaks(loosened: Sequence[str] = (), *, by: walls.Means | None = None) -> list[str]:
    """What a process in a cell can do and should not, in words. `loosened` makes the cell weaker, to try the trial."""
    with (
        tempfile.TemporaryDirectory(prefix="cowork-probe-") as place,
        tempfile.TemporaryFile() as said,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        cell = Cell(shown=[Shown(path=place, mode="write")], place=place, limits=_LIMITS)
        asked = {
            "port": server.getsockname()[1],
            "names": list(environment()),
            "absent": [*_ABSENT, *_of_ours(cell)],
            "has_filter": bool(refused.program()),
        }
        script = Path(__file__).with_name("inside.py").read_text("utf-8")
        inner = [sys.executable, "-I", "-S", "-c", script, json.dumps(asked)]
        ran(cell, inner, by=by or walls.means(), said=said, halt=Halt(), loosened=loosened)
        said.seek(0)
        told = said.read().decode(errors="replace")
    try:
        found: list[str] = json.loads(told)
    except ValueError:
        raise ValueError(f"what runs in the sandbox failed: {told.strip()[-300:]}") from None
    return found


def _of_ours(cell: Cell) -> list[str]:
    """What is in the home of whoever runs us, but for where Python is."""
    seen = [*(one.path for one in cell.shown), sys.prefix, sys.base_prefix]
    home = Path.home()
    with_ways = {str(part) for path in seen for part in (Path(path), *Path(path).parents)}
    return [str(one) for one in home.iterdir() if str(one) not in with_ways][:50] if home.is_dir() else []


def _can_group() -> bool:
    with groups(64, 1 << 30) as made:
        return bool(made)
