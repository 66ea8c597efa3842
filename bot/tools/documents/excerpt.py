"""A part of a text by lines, small enough for a model to read at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import ToolError

USUAL_LINES = 400
MOST_CHARACTERS = 24_000
LONGEST_LINE = 2_000


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """Lines `first` to `last` (from 1) of `total`; `next` is the offset to go on from, None at the end."""

    text: str
    first: int
    last: int
    total: int
    next: int | None


def excerpt(text: str, offset: int = 1, limit: int = USUAL_LINES) -> Excerpt:
    """At most `limit` lines from line `offset` on, and at most 24,000 characters; long lines are cut."""
    lines = lines_of(text)
    if limit < 1 or offset < 1:
        raise ToolError("offset and limit are line numbers from 1 on.")
    if offset > max(len(lines), 1):
        raise ToolError(
            f"The text has {len(lines):,} lines. Give an offset from 1 to {max(len(lines), 1):,}."
        )
    shown = _fitting(lines[offset - 1 : offset - 1 + limit])
    last = offset - 1 + len(shown)
    return Excerpt(
        text="\n".join(shown),
        first=offset if shown else 0,
        last=last,
        total=len(lines),
        next=last + 1 if last < len(lines) else None,
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever ends them; a line end at the end begins no further one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _fitting(lines: list[str]) -> list[str]:
    shown: list[str] = []
    room = MOST_CHARACTERS
    for line in lines:
        short = _cut(line)
        room -= len(short) + 1
        if room < 0:
            break
        shown.append(short)
    return shown


def _cut(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]} … [{len(line) - LONGEST_LINE:,} more characters in this line]"
