"""Links in text: which there are, and the text with those that nobody has seen before made plain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

JOINER = "\u2060"
"""Breaks an address for whatever makes links of text, where a reader sees nothing."""

_LINK = re.compile(
    r"(?<![\w@.-])(?P<start>[a-z][a-z0-9+.-]*(?=://)|mailto(?=:)|www(?=\.))[^\s<>|`\"]+", re.IGNORECASE
)
_CODE = re.compile(r"(`+)[^`](?:.*?[^`])?\1(?!`)")
_LAST = ".,;:!?)]}'*_~"


def links_in(texts: Iterable[str]) -> frozenset[str]:
    """Every address in these, without what ends the sentence around it."""
    return frozenset(_bare(link[0]) for text in texts for link in _LINK.finditer(text))


def plain(row: str, known: Collection[str] = ()) -> str:
    """A line in which only the `known` addresses can be followed; what is in code never can, and stays as it is."""
    done, at = [], 0
    for code in _CODE.finditer(row):
        done += [_broken(row[at : code.start()], known), code[0]]
        at = code.end()
    return "".join([*done, _broken(row[at:], known)])


def _broken(text: str, known: Collection[str]) -> str:
    return _LINK.sub(lambda link: link[0] if _bare(link[0]) in known else _cut(link), text)


def _cut(link: re.Match[str]) -> str:
    start = link["start"]
    return f"{start}{JOINER}{link[0][len(start) :]}"


def _bare(link: str) -> str:
    return link.rstrip(_LAST)
