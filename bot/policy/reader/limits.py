"""What a sentence forbids, or wants to be asked about first: the verb, what it is about, and what it hangs on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.brief import Boundary, CheckIn, Deed
from bot.domain.effect import Effect
from bot.policy.reader import verbs
from bot.policy.reader.places import Found, places
from bot.policy.reader.said import Sentence, begins_here
from bot.policy.reader.verbs import Verb

Limit = Boundary | CheckIn | str
"""A `str` are words that sound like a limit and that no code can hold."""

_NOT = (
    r"do\s+not|don'?t|never|must\s+not|mustn'?t|should\s+not|shouldn'?t|may\s+not|can\s*not|can'?t|avoid"
    r"|refrain\s+from|not\s+(?:allowed\s+)?to|without|(?:at\s+no\s+(?:point|time)|under\s+no\s+circumstances)\s*,?"
    r"(?:\s+(?:should|may|must|can|shall|do|are)\s+(?:you|we)(?:\s+to)?)?"
)
_ADVERB = (
    r"(?:ever|you\s+dare(?:\s+to)?|actually|please|just\s+yet|yet|automatically|accidentally|under\s+any\s+circumstances|try\s+to|go\s+and"
    r"|start)"
)
FORBIDS = re.compile(
    rf"(?:\bi\s+(?:do\s+not|don'?t)\s+want\s+(?:you\s+|it\s+|this\s+)?(?:to\s+)?|\bi(?:'d|\s+would)\s+(?:rather|prefer)\s+(?:that\s+)?"
    rf"you\s+(?:did\s*n[o']t|didn't|don'?t|do\s+not|not)\s+|\b(?:{_NOT})\b)\s*,?\s*(?:{_ADVERB}\s+)*"
    rf"(?P<verbs>{verbs.LIST})",
    re.IGNORECASE,
)
NOTHING = re.compile(
    rf"(?:\byou\s+(?:can|may|should|must|shall|will)\s+)?\b(?P<verbs>{verbs.LIST})\s+(?:absolutely\s+)?nothing\b",
    re.IGNORECASE,
)
PASSIVE = re.compile(
    rf"\b(?:(?:(?P<none>nothing(?:\s+(?:new|else))?|no\s+[\w\s-]{{1,30}}?)\s+(?:should|may|must|shall|is\s+to|are\s+to|can|will)"
    rf"|(?:must|should|may|shall|can)\s*not|mustn'?t|shouldn'?t)\s+(?:be|get)"
    rf"|(?:make\s+sure|ensure|see\s+to\s+it|take\s+care)\s+(?:that\s+)?(?P<kept>nothing(?:\s+new)?|no\s+[\w\s-]{{1,30}}?)\s+"
    rf"(?:is|are|gets?|ever\s+gets?|will\s+be))\s+(?P<verbs>{verbs.LIST})",
    re.IGNORECASE,
)

_FIRST = re.compile(
    r"\b(?:until|till|before|unless|without)\b.{0,80}?\b(?:i|me|my|we|us|asking|checking|approv\w+|confirm\w+"
    r"|permission|consent|go-?ahead)\b|\byet\b|\bunless\b|\b(?:but|except|other\s+than)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[,;:()–—]|\s-\s|\b(?:but|because|since|so|while|when|if|as\s+long|until|till|unless|before|without|then|please|"
    r"yet|anymore|any\s+more|at\s+all|for\s+now|(?:from|as\s+of)\s+(?:now|here)\b|by\s+accident|whatever|just|only|and\s+(?!the\b|any\b|my\b|[\w-]+/|[\w-]+\.))\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\s*(?:(?:any|the|other)\s+)*(?:thing|anything|files?|documents?|else|\s)*\s*"
    r"(?P<out>outside(?:\s+of)?|except(?:\s+for)?|but|other\s+than|besides|apart\s+from|beyond)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:(?:to|in|of|any|each|every|some|another|either|the|a|an|my|our|your|new|existing|other|more|further|extra|additional|all|single|these|those"
    r"|this|that|one|actual|real|original|current|source|raw|old|input|such|up|out|away|off|kinds?|sorts?)\s+)*"
    r"(?:files?|documents?|docs|anything|anyone|anybody|everything|something|things?|stuff|it|them|this|that|these"
    r"|those|contents?|data|emails?|e-?mails?|mails?|messages?|posts?|dms?|originals?|people|pages?|tickets?|issues?"
    r"|records?|any|)(?:\s+(?:at\s+all|else|out|away|for\s+now|here|there|in\s+there|yourself|to\s+anyone|to\s+anybody"
    r"|to\s+people|anywhere|externally|on\s+disk|to\s+disk|in\s+place|new))*\s*",
    re.IGNORECASE,
)
_FOLDERS = re.compile(
    r"(?:(?:any|new|more|other|additional|extra)\s+)*(?:sub-?)?(?:folders?|director(?:y|ies))\s*", re.I
)
_EDITS = re.compile(
    r"(?:any|the|further|other|more|a|an|\s)*(?:changes?|edits?|modifications?|corrections?)\b(?:\s+to)?(?P<rest>.*)",
    re.I,
)
_CODE = re.compile(
    r"(?:any|the|a|shell|arbitrary|\s)*(?:commands?|scripts?|code|programs?|anything|tests?|binar(?:y|ies)|it|them)\s*",
    re.I,
)
_NET = re.compile(
    r"(?:to|the|on|in|any|from|for|anything|external|\s)*(?:internet|web(?:sites?|\s*pages?)?|online|network|external\s+(?:sites?|services?)|urls?)\b.*",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"(?:(?:the|my|our|any|all|these|those|of)\s+)+(?:(?P<sort>[\w-]{3,})\s+(?:files|documents|docs)"
    r"|(?:[\w-]+\s+)?(?P<noun>[\w-]{3,}))\s*",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:(?:anything|files?|documents?|docs)\s+(?:in|inside|under|within)\s+)?"
    r"(?:(?P<sort>[\w-]{3,})\s+(?:files|documents|docs)|(?P<noun>[\w-]{3,}))\s*",
    re.IGNORECASE,
)
_ME = re.compile(r"\s*(?:me|us)\b", re.IGNORECASE)
_STARTS = ("i ", "i'd ", "at no ", "under no ", "without", "not to", "not allowed")
_DESCRIBES = re.compile(r"\b(?:why|whether|who|which|what|how|says?|said)\b", re.IGNORECASE)
_VAGUE = frozenset(
    {"other", "others", "rest", "remaining", "newest", "latest", "oldest", "last", "first", "same", "ones"}
) | {
    *(
        "structure",
        "order",
        "format",
        "formatting",
        "layout",
        "style",
        "name",
        "names",
        "naming",
        "tone",
        "meaning",
    ),
    *("wording", "content", "contents", "base", "topic", "subject"),
}
_FOR_MODEL = frozenset({"put", "act"})
_EVERYWHERE = frozenset({"delete", "send", "post"})
_BY_NOUN = frozenset({"touch", "move"})
_VOICED = frozenset({"delete", "send", "post", "touch", "move", "change"})


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order: its verbs, what follows them, and the words it was given in."""

    verbs: list[Verb]
    tail: str
    quote: str


def limits(sentence: Sentence) -> Iterator[Limit]:
    """What its orders forbid. A question forbids nothing."""
    if sentence.is_question:
        return
    for order in _orders(sentence):
        for verb in order.verbs:
            yield from of_verb(verb, order.tail, order.quote)


def of_verb(verb: Verb, tail: str, quote: str) -> Iterator[Limit]:
    """What one forbidden verb means with what follows it."""
    if verb.kind == "make" and (edits := _EDITS.fullmatch(tail.strip())):
        yield from of_verb(verbs.meant("touch")[0], edits["rest"], quote)
    elif outside := _OUTSIDE.match(tail):
        yield _only(verb, outside["rest"], quote)
    elif waits := _FIRST.search(tail):
        yield from _asked_first(verb, tail[: waits.start()], quote)
    else:
        yield from _forbidden(verb, tail, quote)


def _asked_first(verb: Verb, about: str, quote: str) -> Iterator[CheckIn]:
    """What cannot be told apart by a rule is asked about everywhere; of mere words ("too long") the model is told."""
    where = _where(verb, about)
    is_mere = where is None and verb.kind in ("make", "write", "read", "browse")
    for place in where or ("",):
        yield CheckIn(
            effects=frozenset() if is_mere else verb.effects, quote=quote, deed=verb.deed, where=place
        )


def _forbidden(verb: Verb, tail: str, quote: str) -> Iterator[Limit]:
    about = _clause(tail)
    if verb.kind == "make" and _FOLDERS.fullmatch(about):
        yield quote
    elif (where := _where(verb, tail)) is not None:
        for place in where:
            yield Boundary(effects=_effects(verb, place), quote=quote, where=place, deed=_deed(verb, place))
    elif verb.kind in _VOICED or (verb.kind in _FOR_MODEL and is_about_all(tail)):
        yield quote


def _where(verb: Verb, tail: str) -> tuple[str, ...] | None:
    """Where it is forbidden: "" is anywhere; None when the words are about something else ("the tone")."""
    about = _clause(tail)
    if verb.kind == "run":
        return ("",) if _CODE.fullmatch(about) else None
    if verb.kind == "browse":
        return ("",) if about and _NET.fullmatch(about) else None
    if found := places(tail):
        return found.names
    if verb.kind in ("read", *_FOR_MODEL) or (verb.kind == "send" and _ME.match(tail)):
        return None
    if _GENERIC.fullmatch(about) or verb.kind in _EVERYWHERE:
        return ("",)
    return _by_noun(about) if verb.kind in _BY_NOUN else None


def _by_noun(about: str) -> tuple[str, ...] | None:
    """ "The invoices", "prod", "anything in Legal": by what they are called."""
    noun = _NOUN.fullmatch(about) or _BARE.fullmatch(about)
    if noun is None or not _VAGUE.isdisjoint(about.lower().split()):
        return None
    return (_singular(noun["noun"] or noun["sort"]),)


def is_about_all(words: str) -> bool:
    """Whether they name nothing in particular: "anything", "the files", or nothing at all."""
    return _GENERIC.fullmatch(_clause(words)) is not None


def _clause(tail: str) -> str:
    ends = _ENDS.search(tail)
    return tail[: ends.start()].strip() if ends else tail.strip()


def _is_plain(verb: Verb, tail: str) -> bool:
    return _where(verb, tail) is not None


def _only(verb: Verb, rest: str, quote: str) -> Limit:
    """Forbidden everywhere but there; an exception that is no place is a matter of asking."""
    found: Found | None = places(rest)
    if found is None:
        return CheckIn(effects=verb.effects, quote=quote, deed=verb.deed)
    effects = verb.effects | ({Effect.CREATE} if verb.kind in ("touch", "change") else set())
    return Boundary(effects=effects, quote=quote, only=frozenset(found.names))


def _effects(verb: Verb, place: str) -> frozenset[Effect]:
    """Not to touch a place is also to put nothing into it; not to touch anything is about what is there."""
    return verb.effects | {Effect.CREATE} if place and verb.kind == "touch" else verb.effects


def _deed(verb: Verb, place: str) -> Deed:
    """To put a file into a place by moving it there is to make it there."""
    return Deed.ANY if place and verb.deed is Deed.MAKING else verb.deed


def _singular(noun: str) -> str:
    return noun[:-1].lower() if noun.lower().endswith("s") and len(noun) > 3 else noun.lower()


def _orders(sentence: Sentence) -> Iterator[Order]:
    plain = sentence.plain
    for found in FORBIDS.finditer(plain):
        starts = found[0].lower().startswith(_STARTS)
        if (starts or begins_here(sentence, found.start())) and not _is_conditional(plain, found.start()):
            yield _order(sentence, found, found.end())
    for found in NOTHING.finditer(plain):
        if begins_here(sentence, found.start()):
            yield _order(sentence, found, found.end())
    for found in PASSIVE.finditer(plain):
        if not _DESCRIBES.search(plain[: found.start()]):
            yield _passive(sentence, found)


def _order(sentence: Sentence, found: re.Match[str], end: int) -> Order:
    tail = sentence.text[end:]
    return Order(
        verbs=verbs.meant(found["verbs"]), tail=tail, quote=sentence.quote(found.start(), end + _reach(tail))
    )


def _passive(sentence: Sentence, found: re.Match[str]) -> Order:
    """ "Nothing may be deleted", "the drafts folder must not be changed": what it is about stands before."""
    before = sentence.text[: found.start()].rpartition(",")[2].strip()
    none = (found["none"] or found["kept"] or "").lower()
    about = "" if none else before
    if none.startswith("no "):
        about = none[3:]
    tail = f" {about}{sentence.text[found.end() :]}" if about else sentence.text[found.end() :]
    return Order(verbs=verbs.meant(found["verbs"]), tail=tail, quote=sentence.quote(0, len(sentence.text)))


def _reach(tail: str) -> int:
    """How far the quotation goes: to the end of the clause, and what it hangs on with it."""
    ends = re.search(r"[,;:()–—]|\s-\s|\b(?:and|then|so|because)\s", tail)
    found = places(tail)
    least = found.end if found else 0
    return max(ends.start() if ends else len(tail), least)


def _is_conditional(plain: str, at: int) -> bool:
    """ "If you do not delete…" says what would be, not what shall be."""
    return (
        re.search(r"\b(?:if|when|whether|why|in\s+case)\s+(?:you|we|i)?\s*$", plain[:at], re.IGNORECASE)
        is not None
    )
