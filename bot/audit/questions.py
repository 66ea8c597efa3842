"""Questions that the log answers, told by fixed words: what is not surely one of them is left to the model."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Question(StrEnum):
    """WHY: why it did what it did. WHO: who approved. WHAT: what it changed."""

    WHY = "why"
    WHO = "who"
    WHAT = "what"


_END: Final = r"[\s?!.]*"
_IT: Final = (
    r"(?:that|this|it|these|those|all (?:that|this|of (?:that|this|it))|the (?:last|first) (?:one|thing))"
)
_DID: Final = (
    r"(?:do|change|move|delete|edit|write|overwrite|replace|copy|rename|create|make|remove|touch|send|post)"
)
_SO: Final = r"(?: (?:so far|here|there|exactly))?"
_FORMS: Final = {
    Question.WHY: rf"(?:but )?why (?:did|would|have) you (?:{_DID}|done|changed|moved|deleted) {_IT}"
    rf"|why(?: was {_IT} (?:done|allowed))?|(?:which|what) rule allowed (?:you )?{_IT}",
    Question.WHO: rf"who (?:approved|allowed|decided|said yes to)(?: you to {_DID})? {_IT}|who approved",
    Question.WHAT: rf"what (?:did|have) you (?:just |actually |really )?(?:{_DID}|changed|done|touched|deleted|moved)"
    rf"{_SO}|what (?:was|has been) (?:changed|done|deleted|moved){_SO}",
}
_PATTERNS: Final = {
    question: re.compile(rf"(?:{form}){_END}", re.IGNORECASE) for question, form in _FORMS.items()
}


def asked(text: str) -> Question | None:
    """None for anything that says more than the question."""
    plain = " ".join(text.split())
    return next((question for question, pattern in _PATTERNS.items() if pattern.fullmatch(plain)), None)
