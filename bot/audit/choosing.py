"""What people chose for a plugin, told from the log: who, for whom, and what was before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.event import Choosing
from bot.store import entries
from bot.store.database import Session

_DONE = {
    Choosing.INSTALLED: "installed it",
    Choosing.ENABLED: "enabled it",
    Choosing.DISABLED: "disabled it",
    Choosing.CHOSEN: "changed what it may do",
    Choosing.ACCEPTED: "accepted what is new",
    Choosing.UNINSTALLED: "uninstalled it",
}
MOST = 12


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One entry. `by` is a name as it was then."""

    at: datetime
    by: str
    did: str
    changes: tuple[str, ...]


def history(
    session: Session, team: str, plugin: str, named: Callable[[str], str], *, most: int = MOST
) -> list[Chosen]:
    """Newest first; `named` gives a tool as people say it. As far back as the log goes."""
    found = entries.newest(
        session, actions=[one.value for one in Choosing], has=f'"plugin":"{plugin}"', limit=most * 4
    )
    return [_chosen(entry, named) for entry in found if entry.actor.endswith(f"@{team}")][:most]


def said(change: Mapping[str, Any], named: Callable[[str], str]) -> str:
    """ "Create issue: off → ask"."""
    what = named(str(change["what"]))
    return f"{what}: {' → '.join(filter(None, (change['before'], change['after'])))}"


def _chosen(entry: entries.Entry, named: Callable[[str], str]) -> Chosen:
    told = json.loads(entry.data)
    whose = "" if told["per"] == "team" else ", for their own tasks"
    changes = [] if entry.action == Choosing.INSTALLED else told["changes"]
    return Chosen(
        at=entry.at,
        by=str(told["by"]),
        did=f"{_DONE[Choosing(entry.action)]}{whose}",
        changes=tuple(said(change, named) for change in changes if change["after"]),
    )
