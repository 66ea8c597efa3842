"""How names and phrases of people are compared: without case, accents' encoding, or punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_QUOTES = "\"'`“”‘’«»*"


def key(name: str) -> str:
    """What two names have in common that a case-insensitive, normalising disk takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def tokens(phrase: str) -> list[str]:
    """The words of a phrase, comparable: `Q4-reports` and `q4 Reports` give the same."""
    return _WORD.findall(key(phrase))


def says(phrase: str, part: str) -> bool:
    """Whether the words of `part` stand in `phrase`, in order and together."""
    inner = tokens(part)
    return bool(inner) and f" {' '.join(inner)} " in f" {' '.join(tokens(phrase))} "


def bare(phrase: str) -> str:
    """The phrase without quotation marks and the stops around it."""
    return phrase.strip().rstrip(".,;:!").strip(_QUOTES).strip()


def unescaped(markdown: str) -> str:
    """The text without the backslashes that Markdown needs, as converted documents have them."""
    return _ESCAPED.sub(r"\1", markdown)


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `40 files`, `1,000 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], last: str = "and", limit: int = 8) -> str:
    """`a, b and c`; beyond the limit `a, b and 12 more`."""
    shown = [*names] if len(names) <= limit else [*names[:limit], f"{len(names) - limit:,} more"]
    return f" {last} ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)
