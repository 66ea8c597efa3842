"""What people chose for a plugin: whether it is on, which actions it may take, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.grant import Permission


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A team's, made by its admins, or one person's for the tasks they ask for, which only ever narrows the team's.

    `permissions` are by tool; one that is not named is as it comes: reads on, everything else off. `scope` are patterns
    over the plugin's items. `known` are the tools that there were when an admin last looked: a newer one is off.
    """

    is_on: bool = True
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    scope: tuple[str, ...] = ("*",)
    known: frozenset[str] = frozenset()
    version: str = ""
