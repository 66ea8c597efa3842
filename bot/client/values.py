"""What Cowork says, as frozen values; what a newer server says besides is left in `raw`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Raw = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One piece of news, such as `said`, `called`, `asked`, `decided`, `delivered` or `done`."""

    id: int
    type: str
    at: datetime
    data: Raw

    @classmethod
    def of(cls, raw: Raw) -> Event:
        return cls(
            id=int(raw["id"]), type=str(raw["type"]), at=datetime.fromisoformat(raw["at"]), data=raw["data"]
        )


@dataclass(frozen=True, kw_only=True)
class Step:
    """`status` is pending, in_progress, completed or failed."""

    title: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of something that was done. An empty `undo` means that it cannot be undone."""

    effect: str
    what: str
    where: str
    undo: str

    @classmethod
    def of(cls, raw: Raw) -> Receipt:
        return cls(effect=raw["effect"], what=raw["what"], where=raw["where"], undo=raw["undo"])


@dataclass(frozen=True, kw_only=True)
class Action:
    """One exact call that is held: if it is approved, this runs, and nothing else."""

    number: int
    tool: str
    input: Raw
    preview: str
    reason: str
    detail: str

    @classmethod
    def of(cls, raw: Raw) -> Action:
        return cls(**{name: raw[name] for name in ("number", "tool", "input", "preview", "reason", "detail")})


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a task asks of a person. `choices` are those of approve, redirect, answer and stop that it takes."""

    id: str
    kind: str
    title: str
    summary: str
    actions: tuple[Action, ...]
    options: tuple[str, ...]
    choices: tuple[str, ...]
    state: str
    decided_by: str | None
    raw: Raw = field(repr=False)

    @classmethod
    def of(cls, raw: Raw) -> Checkpoint:
        plain = {name: raw[name] for name in ("id", "kind", "title", "summary", "state", "decided_by")}
        return cls(
            **plain,
            actions=tuple(map(Action.of, raw["actions"])),
            options=tuple(raw["options"]),
            choices=tuple(raw["choices"]),
            raw=raw,
        )
