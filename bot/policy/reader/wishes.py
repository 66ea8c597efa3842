"""What a requester wants to be asked about before it is done, and what they plainly allow again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.brief import Boundary, CheckIn, Lift
from bot.domain.effect import Effect
from bot.policy.reader import verbs
from bot.policy.reader.limits import is_about_all, of_verb
from bot.policy.reader.places import places
from bot.policy.reader.said import Sentence
from bot.policy.reader.verbs import Verb

_ASK_FIRST = re.compile(
    r"\b(?:(?:check|ask|confirm|consult|verify|clear\s+it|run\s+it|show\s+(?:it|them|me|this)(?:\s+[\w']+){0,8}|talk|let\s+me\s+(?:see|know|check|approve)"
    r"(?:\s+\w+){0,4}|tell|get\s+(?:my|an?)\s+(?:ok|okay|approval))\b\s*(?:in\s+)?(?:by\s+|with\s+|to\s+|past\s+)?(?:me|us)?\s*(?:first\s+)?"
    rf"\s*before\s+(?:you\s+)?|i\s+(?:want|would\s+like|need)\s+to\s+(?:approve|see|confirm)\s+\w+\s+before\s+(?:you\s+|it\s+is\s+|they\s+are\s+)?)(?P<verbs>{verbs.LIST})",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:(?:ask|check|confirm|approval|ok|okay)\b[\w\s]{0,20}\b(?:before|for)\s+(?:any|each|every|all)"
    r"|(?:confirm|let\s+me\s+(?:approve|confirm|check|review|see)|i\s+(?:want|need|would\s+like)\s+to\s+(?:approve|confirm|check"
    r"|review|see|sign\s+off\s+on))\s+(?:any|each|every|all))\s+(?:single\s+|of\s+the\s+)?"
    r"(?:(?P<delete>deletions?|removals?)|(?P<send>e-?mails?|mails?|messages?)|(?P<post>posts?)|(?P<touch>changes?|edits?"
    r"|modifications?)|(?P<move>moves?|renam(?:e|es|ing))|(?P<create>new\s+files?))\b",
    re.IGNORECASE,
)
_BEFORE_IT_GOES = re.compile(
    r"\b(?:let\s+me|show\s+me|i\s+(?:want|need|would\s+like)\s+to)\b[\w\s']{0,40}?\bbefore\s+(?:it|they|that|this|anything)\s+"
    r"(?:goes?\s+out|(?:is|are|gets?)\s+sent)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"\b(?:(?:check\s+in|check|report|touch\s+base)\s+(?:back\s+)?(?:with|to)\s+(?:me|us)|report\s+back|ping\s+me)\s+(?:after|when|once|every|at)\s+[^,;]{2,60}",
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
    r"\b(?:if|unless|when|once|after|until|before|maybe|perhaps|later|tomorrow|not|n't|never|no|but|except|only|would|could"
    r"|might|nothing|none|nobody|neither|without|whether|provided|doubt)\b|n't\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?:\s*\b(?:yes|yeah|ok|okay|sure|fine|great|good|thanks|thank\s+you|alright|right|perfect|now|and|also|so|then"
    r"|please|actually|well|i\s+think|i\s+guess|i\s+changed\s+my\s+mind|on\s+second\s+thought)\b[\s,.!–-]*)*",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r":|\b(?:said|says?|told|tells?|wr(?:ote|ites?)|written|according|thinks?|thought|claim\w*|mention\w*|states?|puts?"
    r"|rules?|polic(?:y|ies)|whether|which|what|who|that|how|why|where|list|find|check|draft|write)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"\b(?:files?|documents?|docs?|folders?|duplicates?|drafts?|cop(?:y|ies)|reports?|summar(?:y|ies)|notes?|originals?"
    r"|versions?|pages?|spreadsheets?|sheets?|pdfs?|ones?|those|these|them)\b|\.\w{2,5}\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\s*(?:a|an|one|some|another)\b", re.IGNORECASE)
_OUT = frozenset({Effect.SEND, Effect.PUBLISH})
_OF_THINGS = frozenset({"make", "write", "change", "touch", "move"})
_OF_ANYTHING = frozenset({"delete", "send", "post"})


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
    yield from _before_each(sentence)
    if report := _REPORT.search(sentence.plain):
        yield CheckIn(quote=sentence.quote(*report.span()))


def _before_each(sentence: Sentence) -> Iterator[CheckIn]:
    """ "Confirm each deletion with me", "let me see the mail before it goes out"."""
    for found in _EACH.finditer(sentence.plain):
        kind = next(name for name, said in found.groupdict().items() if said)
        for verb in verbs.meant(kind):
            yield CheckIn(effects=verb.effects, quote=sentence.quote(*found.span()), deed=verb.deed)
    for found in _BEFORE_IT_GOES.finditer(sentence.plain):
        yield CheckIn(effects=_OUT, quote=sentence.quote(*found.span()))


def lifts(sentence: Sentence) -> Iterator[Lift]:
    """What is plainly allowed: no condition, no exception, no question."""
    if sentence.is_question or _HEDGED.search(sentence.plain.replace("if you", "", 1)):
        return
    for found in _MAY.finditer(sentence.plain):
        if _is_their_own(sentence.plain[: found.start()]):
            yield from _lifted(found["verbs"], sentence.text[found.end() :], sentence.text)
    if fine := _FINE.search(sentence.plain):
        yield from _lifted(fine["verbs"] or "create", fine["about"] or "files", sentence.text)


def _is_their_own(before: str) -> bool:
    """Whether a permission after these words is the requester's: not what others said, nor in a description."""
    if _SAID.fullmatch(before):
        return True
    ends = re.search(r"(?:,|\band)\s*(?:now\s+|so\s+|then\s+)?$", before, re.IGNORECASE)
    return ends is not None and _OF_OTHERS.search(before) is None


def _lifted(said: str, about: str, quote: str) -> Iterator[Lift]:
    """As far as the same words would forbid it. Of what no rule can tell from the rest a part is lifted."""
    about = re.sub(r"\s*\b(?:now|again|too|as\s+well)\s*$", "", about)
    for verb in verbs.meant(said):
        limits = [one for one in of_verb(verb, about, quote.strip()) if isinstance(one, Boundary)]
        plain = limits if _is_plain(verb, about) else []
        for limit in plain:
            if not limit.only:
                yield Lift(effects=limit.effects, quote=quote.strip(), where=limit.where, deed=limit.deed)
        if not plain and _is_part(verb, about):
            yield Lift(effects=verb.effects, quote=quote.strip(), deed=verb.deed, is_partial=True)


def _is_plain(verb: Verb, about: str) -> bool:
    """Of a place that has a name, or of all; "a summary file" is neither."""
    if _ONE.match(about):
        return False
    is_rest = verb.kind not in (*_OF_THINGS, *_OF_ANYTHING)
    return is_rest or places(about) is not None or is_about_all(about)


def _is_part(verb: Verb, about: str) -> bool:
    return verb.kind in _OF_ANYTHING or (verb.kind in _OF_THINGS and _THINGS.search(about) is not None)
