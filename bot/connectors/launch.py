"""How a program is started: its command, its environment, and the cell that it runs in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Launch:
    command: Sequence[str]
    environment: Mapping[str, str]
    cell: Sequence[str] = ()
    """What builds its cell; nothing where there is none."""

    def words(self, refused: int = -1) -> list[str]:
        """All of the command line. `refused`: a descriptor to read from which system calls its cell refuses."""
        if not self.cell:
            return [*self.command]
        told = ("--seccomp", str(refused)) if refused >= 0 else ()
        return [*self.cell, *told, "--", *self.command]
