"""What a run takes of the machine as a whole, which no limit on one process bounds: looked at while it runs."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.sandbox.cell import Limits

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SPARE: Final = 0.05
"""The part of the machine's memory that is left to others, whoever uses the rest."""


class Watch:
    """Of the processes below `first`, of the disks of `places`, and of what is said into the file `said`."""

    def __init__(self, first: int, places: Sequence[str], said: int, limits: Limits) -> None:
        self._first, self._said, self._limits = first, said, limits
        self._disks = {place: _free(place) for place in places}

    def excess(self) -> str:
        """What it takes too much of, in words; "" while all is well."""
        checks: tuple[Callable[[], str], ...] = (self.of_what_it_said, self._of_the_disk, self._of_processes)
        return next(filter(None, (check() for check in checks)), "")

    def of_what_it_said(self) -> str:
        """The same of its output alone, which is there when it has ended."""
        too_much = os.fstat(self._said).st_size > self._limits.said
        return f"it wrote more than {self._limits.said / 1e6:,.0f} MB of output" if too_much else ""

    def _of_the_disk(self) -> str:
        for place, (room, names) in self._disks.items():
            now_room, now_names = _free(place)
            if room - now_room > self._limits.disk:
                return f"it filled the disk by more than {self._limits.disk / 1e6:,.0f} MB"
            if names - now_names > self._limits.files:
                return f"it made more than {self._limits.files:,} files"
        return ""

    def _of_processes(self) -> str:
        family = list(_family(self._first))
        if len(family) > self._limits.processes:
            return f"it ran more than {self._limits.processes} processes at once"
        if sum(family) > self._limits.memory or _is_scarce():
            return f"it took more than {self._limits.memory / (1 << 30):.1f} GB of memory"
        return ""


def _family(first: int) -> Iterator[int]:
    """The memory in use of each process that descends from this one, in bytes."""
    children, memory = defaultdict(list), {}
    for name in os.listdir("/proc"):
        if name.isdecimal() and (seen := _seen(name)):
            parent, pages = seen
            children[parent].append(int(name))
            memory[int(name)] = pages * _PAGE
    waiting = [first]
    while waiting:
        process = waiting.pop()
        waiting.extend(children[process])
        yield memory.get(process, 0)


def _seen(process: str) -> tuple[int, int] | None:
    """Its parent, and how many pages it has; None where it ended meanwhile."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return int(fields[1]), int(fields[21])
    except (OSError, IndexError):
        return None


def _is_scarce() -> bool:
    """What was written into memory and is in no process counts here alone."""
    with open("/proc/meminfo") as file:
        told = dict(line.split()[:2] for line in file)
    return int(told["MemAvailable:"]) < int(told["MemTotal:"]) * _SPARE


def _free(place: str) -> tuple[int, int]:
    """Bytes and names that its disk still has room for."""
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize, found.f_favail
