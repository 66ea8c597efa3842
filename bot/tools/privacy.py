"""Which folders only the requester is known to be allowed to read."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from bot.domain.label import Audience


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """`folders` are private with all that lies in them. Any other granted folder is every member's: anyone can ask."""

    folders: tuple[str, ...] = ()

    def audience(self, path: str, *, with_all_below: bool = False) -> Audience:
        """Who may read what is at a path, wherever a link there leads."""
        if not self.folders:
            return Audience.WORKSPACE
        here, private = _names(path), [_names(folder) for folder in self.folders]
        is_inside = any(here[: len(folder)] == folder for folder in private)
        is_above = with_all_below and any(folder[: len(here)] == here for folder in private)
        return Audience.REQUESTER if is_inside or is_above else Audience.WORKSPACE


def _names(path: str) -> tuple[str, ...]:
    """As the strictest disk tells names apart: case and the way of writing an accent do not count."""
    names = os.path.realpath(path).split("/")
    return tuple(unicodedata.normalize("NFC", name).casefold() for name in names if name)
