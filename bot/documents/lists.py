"""Paragraphs that follow each other as the lists that they are: an item holds its paragraphs and the lists below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.documents.markdown import Paragraph, Run

_ITEMS = ("bullet", "numbered")
_WITHIN = (*_ITEMS, "continued")


def nested(parts: Sequence[Paragraph], runs: Callable[[Sequence[Run]], Any]) -> list[dict[str, Any]]:
    """Each part is a `plain` or `quote` with its runs, or a list with its `items`, each a list of parts."""
    top: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    for one in parts:
        depth = one.level + 1 if one.kind in _WITHIN else one.level if one.kind == "quote" else 0
        del opened[depth:]
        if opened and one.kind in _ITEMS and len(opened) == depth and opened[-1]["kind"] != one.kind:
            opened.pop()
        body = opened[-1]["items"][-1] if opened else top
        kind = "quote" if one.kind == "quote" else "plain"
        said = {"kind": kind, "runs": runs(one.runs)}
        if one.kind not in _ITEMS:
            body.append(said)
        elif len(opened) < depth:
            opened.append({"kind": one.kind, "start": one.number, "items": [[said]]})
            body.append(opened[-1])
        else:
            opened[-1]["items"].append([said])
    return top
