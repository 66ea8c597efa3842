"""A search in a service's own query language, kept within what was granted (JQL, CQL)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.errors import ToolError

_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)


def bounded(query: str, bound: str, *, order: str) -> str:
    """The query that finds only what is within `bound` ('project in ("PAY")'), "" for no bound.

    `order` is for a query that names none. Raises `ToolError` for one that would break out of the bound.
    """
    condition, own_order = _split(query)
    parts = [bound] if bound else []
    if condition:
        parts.append(f"({condition})")
    return f"{' AND '.join(parts)} {own_order or order}".strip() if parts else own_order


def one_of(field: str, names: Iterable[str]) -> str:
    """A bound: 'project in ("PAY", "WEB")'."""
    return f"{field} in ({', '.join(map(quoted, names))})"


def quoted(text: str) -> str:
    """A text within a query."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _split(query: str) -> tuple[str, str]:
    """What is looked for, and in which order it comes."""
    bare = "".join(_bare(query))
    if not _is_outermost(bare) or _dips(bare):
        raise ToolError("The query's parentheses do not match. Correct it and search again.")
    found = next((one for one in _ORDER.finditer(bare) if _is_outermost(bare[: one.start()])), None)
    if found is None:
        return query.strip(), ""
    return query[: found.start()].strip(), query[found.start() :].strip()


def _bare(query: str) -> Iterator[str]:
    """The query with blanks for what is quoted or escaped, so that every place stays where it is."""
    quote, escaped = "", False
    for letter in query:
        if escaped or letter == "\\":
            escaped = not escaped
            yield " "
        elif quote:
            quote = "" if letter == quote else quote
            yield " "
        else:
            quote = letter if letter in "\"'" else ""
            yield " " if quote else letter
    if quote or escaped:
        raise ToolError("A quotation mark in the query is not closed. Correct it and search again.")


def _is_outermost(before: str) -> bool:
    return before.count("(") == before.count(")")


def _dips(bare: str) -> bool:
    """Whether a parenthesis closes before it opens."""
    depth = 0
    for letter in bare:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            return True
    return False
