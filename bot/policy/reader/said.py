"""A person's own words, sentence by sentence: what they quote, paste or fence off is not theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NOT_OWN = re.compile(r"```.*?(?:```|\Z)|^[ \t]*>.*$", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"\"[^\"\n]*\s[^\"\n]*\"|“[^”\n]*\s[^”\n]*”|«[^»\n]*\s[^»\n]*»|`[^`\n]*\s[^`\n]*`")
_END = re.compile(r"(?<=[^\s.])[.!?](?=[\s\"”)]|$)|[;\n]+")
_LEADING = re.compile(r"^[\s*•\-–\d.)\]]+(?=\S)|^\s+")
_HENCE = re.compile(r"\b(?:from\s+(?:now|here|this\s+point)\s+on(?:wards?)?|as\s+of\s+now)\b", re.IGNORECASE)
_CURLY = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\t": " "})


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """`plain` is what is searched: as long as `text`, quotations blanked out. `is_question` as it ends in "?"."""

    text: str
    plain: str
    is_question: bool = False

    def quote(self, start: int, end: int) -> str:
        """The words themselves, as they were written."""
        return self.text[start:end].strip(" ,;:–-")


def own(words: str) -> str:
    """The words without what is fenced off or quoted from elsewhere, as long as they were."""
    return _NOT_OWN.sub(lambda found: " " * len(found[0]), words)


def sentences(words: str) -> Iterator[Sentence]:
    """In order; each with the words exactly as written. From when on they hold is no part of what they say."""
    plain = _QUOTED.sub(lambda found: "\x1a" * len(found[0]), own(words)).translate(_CURLY)
    plain = _HENCE.sub(lambda found: "," * len(found[0]), plain)
    start = 0
    for end in [*_END.finditer(plain), None]:
        stop = len(plain) if end is None else end.start()
        part, searched = words[start:stop], plain[start:stop]
        lead = _LEADING.match(searched)
        skip = lead.end() if lead else 0
        if searched[skip:].strip():
            asks = end is not None and end[0].startswith("?")
            yield Sentence(text=part[skip:], plain=searched[skip:], is_question=asks)
        start = stop if end is None else end.end()


_LEAD = re.compile(
    r"(?:^|[,:(–—-]|\b(?:and|but|please|also|so|then|just|however|though|you|otherwise|instead|still|ok|okay|yes"
    r"|no|thanks|now|important|note|rule|be careful|careful|remember|make sure|make sure you|make sure to"
    r"|important is|with|i said|as i said|again|always|absolutely|strictly|ever|but also))\s*$",
    re.IGNORECASE,
)


_FAR = 200
"""No lead is longer: what stands before it need not be looked at, however long the sentence is."""


def begins_here(sentence: Sentence, at: int) -> bool:
    """Whether an order can begin at this place: not in the middle of a description ("files that do not change")."""
    return _LEAD.search(sentence.plain[max(0, at - _FAR) : at]) is not None
