"""Which actions fit some words best: rare words count more, and more in a name than in the text below it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
_IDLE = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "it", "its", "my"}
) | {
    *("of", "on", "or", "our", "some", "that", "the", "this", "to", "with"),
}
_ALSO = {"open": "creat", "new": "creat", "rais": "creat", "mak": "creat", "bug": "issu", "ticket": "issu"}
"""What people say, and what actions are called."""

_SERVICE = 6.0
_IN_NAME, _IN_SUMMARY, _BELOW = 3.0, 2.0, 1.0


@dataclass(frozen=True)
class Ranking:
    """`texts` are by name; the first line of each sums it up."""

    weights: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Ranking:
        weights = {name: _weights(name, text) for name, text in texts.items()}
        spread = Counter(word for one in weights.values() for word in one)
        rarity = {word: math.log(1 + len(weights) / number) for word, number in spread.items()}
        return cls(weights, rarity)

    def best(self, query: str, most: int) -> Sequence[str]:
        """Names, what fits best first; what fits not at all is left out."""
        said = _words(query)
        wanted = said | {_ALSO[word] for word in said & _ALSO.keys()}
        scores = {name: self._score(wanted, weights) for name, weights in self.weights.items()}
        fitting = [name for name, score in scores.items() if score > 0]
        return sorted(fitting, key=lambda name: -scores[name])[:most]

    def _score(self, wanted: Iterable[str], weights: Mapping[str, float]) -> float:
        return sum(weights.get(word, 0) * self.rarity.get(word, 0) for word in wanted)


def _weights(name: str, text: str) -> dict[str, float]:
    summary, _, below = text.partition("\n")
    found = dict.fromkeys(_words(below), _BELOW) | dict.fromkeys(_words(summary), _IN_SUMMARY)
    found |= dict.fromkeys(_words(name.replace("_", " ")), _IN_NAME)
    return found | dict.fromkeys(_words(name.partition("_")[0]), _SERVICE)


def _words(text: str) -> set[str]:
    """By their stems, roughly: "issues" is "issue", "creating" is "creat" as "create" is."""
    return {_stem(word) for word in _WORD.findall(text.lower())} - _IDLE


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
