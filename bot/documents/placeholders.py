"""Words that a template left, or that were to be filled in later."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BRACKETED = r"insert|your|add|enter|name|company|date|placeholder|to\s?do|tbd|tba|xx+|fill\s+in|describe|client|author"
_PLACEHOLDER = re.compile(
    r"lorem ipsum[\w ,]{0,40}|\{\{\s*[\w .-]{1,40}\s*\}\}|<(?:insert|your)\b[^<>\n]{0,60}>"
    rf"|\[(?:{_BRACKETED})\b[^\[\]\n]{{0,60}}\](?!\()|\bclick to (?:add|edit)\b[\w ]{{0,30}}|\bX{{2,}}(?:[.,]X+)? ?%"
    r"|\bTODO:[^\n]{0,60}",
    re.I,
)


def placeholders(texts: Iterable[str]) -> list[str]:
    """Each of them once, as it stands."""
    found = (" ".join(one[0].split()) for text in texts for one in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(found))
