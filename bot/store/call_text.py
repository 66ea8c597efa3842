"""A call as the texts of its row, and back: what the model asked, what a person made of it, what it is based on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.domain.approval import Action
from bot.domain.basis import Basis
from bot.domain.call import Call
from bot.domain.revision import Revision
from bot.store import encoding

_NONE = "[]"


def written(action: Action) -> dict[str, Any]:
    """Of an action of a checkpoint that a person changed: it is now a call of its own."""
    revision = action.revision
    return {
        "call_id": action.call.id,
        "asked_as": action.call.id,
        "tool": action.call.tool,
        "input": json.dumps(action.call.input if revision is None else revision.was),
        "preview": encoding.legible(action.preview),
        "basis": encoding.written(encoding.basis, action.basis) if action.basis else _NONE,
        "revisions": _NONE if revision is None else revisions_as_text((replace(revision, number=0),)),
        "digest": action.call.digest,
    }


def call(call_id: str, tool: str, asked: str, made: tuple[Revision, ...]) -> Call:
    """With the arguments as they run."""
    own = next((one for one in made if one.number == 0), None)
    return Call(id=call_id, tool=tool, input=json.loads(asked) if own is None else own.now)


def basis(text: str) -> tuple[Basis, ...]:
    return () if text == _NONE else encoding.basis.validate_json(text)


def revisions(text: str) -> tuple[Revision, ...]:
    return () if text == _NONE else encoding.revisions.validate_json(text)


def revisions_as_text(made: tuple[Revision, ...]) -> str:
    return encoding.written(encoding.revisions, made)
