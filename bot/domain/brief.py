"""What the requester's own words fix. Drawn up from those words alone; nothing else can change it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.effect import Effect


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A thing the requester forbade: `effects` on resources whose name or item contains `where` ("" = anywhere).

    `only` turns it round ("only the payments repo"): allowed where one of these is a whole part of the name
    or item, and in what the task made itself; forbidden everywhere else.
    """

    effects: frozenset[Effect]
    quote: str
    where: str = ""
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Brief:
    """`named` are the places and addresses the requester spoke of: path prefixes, services, items, hosts."""

    boundaries: tuple[Boundary, ...] = ()
    plan_first: bool = False
    plan_approved: bool = False
    named: frozenset[str] = frozenset()
