"""How a program is started: its command, and its environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Launch:
    command: Sequence[str]
    environment: Mapping[str, str]
