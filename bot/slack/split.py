"""Long Markdown in pieces: cut between paragraphs, with code fences closed and opened again."""

from __future__ import annotations

from bot.slack import escape

FENCE_ROOM = 60
"""Kept free in a piece for closing one fence and opening another."""


def pieces(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters (`limit` ≥ 400); one piece when it is short enough."""
    found: list[str] = []
    while len(text) > limit:
        cut = _cut(text, limit - FENCE_ROOM)
        piece, text = text[:cut].rstrip("\n"), text[cut:].lstrip("\n")
        fence = _open_fence(piece)
        if fence:
            piece, text = f"{piece}\n{_closing(fence)}", f"{fence}\n{text}"
        found.append(piece)
    return [*found, text]


def _cut(text: str, room: int) -> int:
    """Where to cut: after the last paragraph, else the last line, else the last word that fits."""
    paragraph = _last_paragraph_end(text[:room])
    if paragraph > room // 2:
        return paragraph
    for mark in ("\n", " "):
        at = text.rfind(mark, room // 2, room)
        if at > 0:
            return at + 1
    return room


def _last_paragraph_end(text: str) -> int:
    at = end = 0
    for row, is_code in escape.rows(text):
        if not row.strip() and not is_code:
            end = at
        at += len(row) + 1
    return end


def _open_fence(text: str) -> str:
    """The line that opened the fence in which `text` ends, "" if it ends outside one."""
    opening, first = "", ""
    for row in text.split("\n"):
        if not opening:
            opening, first = escape.fence_of(row), row
        elif escape.closes(row, opening):
            opening = ""
    return first if opening else ""


def _closing(fence: str) -> str:
    return "`" * len(escape.fence_of(fence))
