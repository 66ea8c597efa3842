"""Which lines that others wrote a call may come from: those that hold what its arguments hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.domain.influence import Influence, Told

SHORTEST = 4
LONGEST = 300
MOST = 3
MOST_PIECES = 200
MOST_TEXT = 400_000
_PIECE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://[^\s<>|)\"'`]+|[^\s/]+\.\w{1,8}(?!\w)|#[\w-]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A text that others could have written: its lines, each with how it reads, and how the whole reads."""

    source: str
    lines: tuple[tuple[str, str], ...]
    plain: str


def passages(told: Iterable[Told]) -> tuple[Passage, ...]:
    """Read once for all calls that ask; what was told last comes first. Only so much of it is looked through."""
    found, room = [], MOST_TEXT
    for one in told:
        text = one.text[:room]
        room -= len(text)
        lines = tuple((line, plain(line)) for line in _theirs(text.splitlines(), one.source))
        found.append(Passage(source=one.source, lines=lines, plain=" ".join(line for _, line in lines)))
    return tuple(found)


def influences(
    arguments: Mapping[str, Any], read: Sequence[Passage], said: Iterable[str]
) -> tuple[Influence, ...]:
    """At most three. What the requester said themselves is no sign of anyone else.

    A line that says little besides the name itself, as in a listing, is none either.
    """
    own = [plain(words) for words in said]
    pieces = [piece for piece in _pieces(arguments) if not any(piece in words for words in own)]
    names = _names(arguments)
    found = (
        Influence(source=one.source, quote=quote) for one in read for quote in _lines_with(pieces, names, one)
    )
    return tuple(islice(dict.fromkeys(found), MOST))


def plain(text: str) -> str:
    """As it reads, whatever it is written with: one kind of letter and space, and nothing invisible."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(text.casefold().split())


def _theirs(lines: Sequence[str], source: str) -> Sequence[str]:
    """Without our own first line, which says what was read."""
    is_ours = bool(lines) and lines[0].startswith(f"[{source} · ") and lines[0].endswith("]")
    return lines[1:] if is_ours else lines


def _names(arguments: object) -> list[str]:
    """What the paths among them end in, with the spaces that such a name may have; the longest first."""
    names = {plain(text.rsplit("/", 1)[1]) for text in _texts(arguments) if "/" in text and "\n" not in text}
    return sorted((name for name in names if len(name) >= SHORTEST), key=lambda name: (-len(name), name))


def _pieces(arguments: object) -> list[str]:
    """What would be told apart again: lines of text, addresses, names of files; the longest first."""
    pieces: set[str] = set()
    for text in _texts(arguments):
        pieces.update(plain(line) for line in text.splitlines())
        pieces.update(plain(piece) for piece in _PIECE.findall(text))
    longest = sorted(
        (piece for piece in pieces if len(piece) >= SHORTEST), key=lambda piece: (-len(piece), piece)
    )
    return longest[:MOST_PIECES]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _lines_with(pieces: Sequence[str], names: Sequence[str], read: Passage) -> Iterator[str]:
    present = [piece for piece in pieces if piece in read.plain]
    for line, shown in read.lines if present else ():
        piece = next((piece for piece in present if _stands_in(shown, piece)), None)
        if piece is not None and _is_telling(shown, piece, names):
            yield _around(line.strip(), piece)


def _stands_in(line: str, piece: str) -> bool:
    """As a whole: "a.txt" is not in "data.txt"."""
    return piece in line and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", line) is not None


def _is_telling(line: str, piece: str, names: Sequence[str]) -> bool:
    """It says something: words of its own beside the piece and such names, or the piece itself is a sentence."""
    beside = line
    for name in [*names, piece]:
        beside = beside.replace(name, " ")
    return len(_WORD.findall(beside)) >= 2 or len(_WORD.findall(piece)) >= 4


def _around(line: str, piece: str) -> str:
    """The part of a long line that has the piece in it, so that it is seen."""
    at = max(0, line.casefold().find(piece) - LONGEST // 3)
    part = line[at : at + LONGEST]
    return f"{'…' if at else ''}{part}{'…' if at + LONGEST < len(line) else ''}"
