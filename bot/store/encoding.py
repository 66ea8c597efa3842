"""Domain values as JSON text and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from bot.domain.approval import Action
from bot.domain.asking import Asking
from bot.domain.basis import Basis
from bot.domain.brief import Brief
from bot.domain.budget import Budget
from bot.domain.crew import Crew
from bot.domain.deciders import Yes
from bot.domain.grant import FolderGrant
from bot.domain.label import Label, Source
from bot.domain.plan import Plan
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.revision import Revision

folders = TypeAdapter(tuple[FolderGrant, ...])
plan = TypeAdapter(Plan)
labels = TypeAdapter(frozenset[Label])
sources = TypeAdapter(tuple[Source, ...])
brief = TypeAdapter(Brief)
crew = TypeAdapter(Crew)
said_yes = TypeAdapter(tuple[Yes, ...])
budget = TypeAdapter(Budget)
basis = TypeAdapter(tuple[Basis, ...])
revisions = TypeAdapter(tuple[Revision, ...])
actions = TypeAdapter(tuple[Action, ...])
asking = TypeAdapter(Asking)
receipt = TypeAdapter(Receipt)
deliverable = TypeAdapter(Deliverable)


def legible(text: str) -> str:
    """Text that every database takes and every screen shows: no NUL, no half characters."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()


def as_text(value: Any) -> str:
    """JSON text of plain values, key order kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def written(adapter: TypeAdapter[Any], value: Any) -> str:
    return adapter.dump_json(value).decode()


def as_dict(value: Any) -> dict[str, Any]:
    return asdict(value)
