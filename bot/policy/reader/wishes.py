"""What a requester wants to be asked about before it is done, and what they plainly allow again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.brief import CheckIn, Lift
from bot.policy.reader import verbs
from bot.policy.reader.limits import of_verb
from bot.policy.reader.places import places
from bot.policy.reader.said import Sentence

_ASK_FIRST = re.compile(
    r"\b(?:(?:check|ask|confirm|consult|verify|clear\s+it|run\s+it|show\s+(?:it|them|me|this)(?:\s+\w+){0,4}|talk|let\s+me\s+(?:see|know|check|approve)"
    r"(?:\s+\w+){0,4}|tell|get\s+(?:my|an?)\s+(?:ok|okay|approval))\b\s*(?:in\s+)?(?:by\s+|with\s+|to\s+|past\s+)?(?:me|us)?\s*(?:first\s+)?"
    rf"\s*before\s+(?:you\s+)?|i\s+(?:want|would\s+like|need)\s+to\s+(?:approve|see|confirm)\s+\w+\s+before\s+(?:you\s+|it\s+is\s+|they\s+are\s+)?)(?P<verbs>{verbs.LIST})",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"\b(?:check\s+in|check|report|touch\s+base)\s+(?:back\s+)?(?:with|to)\s+(?:me|us)\s+(?:after|when|once|every|at)\s+[^,;]{2,60}",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:you\s+(?:may|can)(?:\s+now)?|feel\s+free\s+to|go\s+ahead\s+and|it(?:'s|\s+is)\s+(?:ok|okay|fine|alright|allowed)\s+(?:now\s+)?(?:to|if\s+you)"
    rf"|you(?:'re|\s+are)\s+(?:now\s+)?(?:allowed|free|welcome)\s+to|i\s+(?:now\s+)?allow\s+you\s+to)\s+(?:now\s+|also\s+|still\s+|again\s+|just\s+)?(?P<verbs>{verbs.LIST})",
    re.IGNORECASE,
)
_FINE = re.compile(
    rf"^(?:(?P<verbs>{verbs.LIST})\s+(?P<about>[\w\s./-]{{0,40}}?)|(?P<files>new\s+files))\s*(?:is|are)\s+(?:now\s+)?(?:ok|okay|fine|allowed|alright)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:if|unless|when|once|after|until|before|maybe|perhaps|later|tomorrow|not|n't|never|no|but|except|only|would|could|might)\b|n't\b",
    re.IGNORECASE,
)


def check_ins(sentence: Sentence) -> Iterator[CheckIn]:
    """What is to be asked about before it is done."""
    for found in _ASK_FIRST.finditer(sentence.plain):
        quote = sentence.quote(found.start(), len(sentence.text))
        for verb in verbs.meant(found["verbs"]):
            if verb.kind in ("read", "browse"):
                continue
            place = places(sentence.text[found.end() :])
            for where in place.names if place else ("",):
                yield CheckIn(effects=verb.effects, quote=quote, where=where, deed=verb.deed)
    if report := _REPORT.search(sentence.plain):
        yield CheckIn(quote=sentence.quote(*report.span()))


def lifts(sentence: Sentence) -> Iterator[Lift]:
    """What is plainly allowed: no condition, no exception, no question."""
    if sentence.is_question or _HEDGED.search(sentence.plain.replace("if you", "", 1)):
        return
    for found in _MAY.finditer(sentence.plain):
        yield from _lifted(found["verbs"], sentence.text[found.end() :], sentence.text)
    if fine := _FINE.search(sentence.plain):
        yield from _lifted(fine["verbs"] or "create", fine["about"] or "files", sentence.text)


def _lifted(said: str, about: str, quote: str) -> Iterator[Lift]:
    """As far as the same words would forbid it."""
    for verb in verbs.meant(said):
        for limit in of_verb(verb, about.removesuffix("now").removesuffix("again"), quote.strip()):
            if not isinstance(limit, str | CheckIn) and not limit.only:
                yield Lift(effects=limit.effects, quote=quote.strip(), where=limit.where)
