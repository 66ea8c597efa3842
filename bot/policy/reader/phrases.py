"""Limits that are said without a verb: "no new files", "read-only", "leave drafts/ alone", "only the payments repo"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.brief import Boundary, Deed
from bot.domain.effect import Effect
from bot.policy.reader import verbs
from bot.policy.reader.limits import Limit, of_verb
from bot.policy.reader.places import places
from bot.policy.reader.said import Sentence, begins_here

_TOUCH = frozenset({Effect.CHANGE, Effect.DELETE})
_WRITES = _TOUCH | {Effect.CREATE}
_ALL = _WRITES | {Effect.READ}
_OUT = frozenset({Effect.SEND, Effect.PUBLISH})

_NO = re.compile(
    r"\bno\s+(?:(?P<make>(?:new\s+|additional\s+|extra\s+)(?:files?|documents?))|(?P<folders>(?:new\s+)?(?:sub-?)?folders)"
    r"|(?:file\s+|other\s+|more\s+|further\s+)?(?P<touch>changes|edits|editing|modifications|overwrit\w+|alterations)"
    r"|(?P<delete>delet\w+|removals?)|(?P<send>e-?mails?|emailing|messages|messaging|dms|sending|notifications)"
    r"|(?P<post>posts|posting|publishing|sharing|uploads|uploading)|(?P<move>moves|moving|renam\w+)"
    r"|(?:shell\s+)?(?P<run>commands|scripts|code\s+execution|shell)"
    r"|(?P<browse>internet|web(?:\s+(?:access|search(?:es)?|browsing))?|online\s+searche?s?|external\s+(?:calls|access|services)"
    r"|downloads?|network(?:\s+access)?))\b(?!\s+(?:were|was|are|is|have|has|had|since|found|needed|required|arrived|from))"
    r"(?P<rest>(?:\s+(?:to|in|on|of|into|within)\s+[^,;]+)?)",
    re.IGNORECASE,
)
_MAKE = re.compile(
    r"(?:^|[,:]|\b(?:and|but|please|then|so|also))\s*(?:make|do|create|add|write|send|post)\s+$",
    re.IGNORECASE,
)
_AS = {"touch": "touch", "delete": "delete", "send": "send", "post": "post", "move": "move", "make": "create"}
_LEAVE = re.compile(
    r"\b(?:leave|keep)\s+(?P<x>[^,;]{1,80}?)\s+(?:alone|untouched|unchanged|intact|in\s+place"
    r"|(?:exactly\s+)?as\s+(?:it\s+is|they\s+are|is))\b|\bhands\s+off\s+(?:of\s+)?(?P<off>[^,;]{1,80})"
    r"|\b(?:stay|keep)\s+(?:out\s+of|away\s+from)\s+(?P<out>[^,;]{1,80})",
    re.IGNORECASE,
)
_OFF_LIMITS = re.compile(
    r"^(?P<x>.{1,80}?)\s+(?:is|are)\s+(?:off[- ]limits|taboo|not\s+to\s+be\s+touched)\b", re.IGNORECASE
)
_THINGS = re.compile(
    r"(?:(?:all|the|my|our|any|other|existing|original|source)\s+)*(?:files?|documents?|originals?|things|it|them|everything)",
    re.I,
)
_READ_ONLY = re.compile(
    r"^(?:(?:strictly|this\s+is|this\s+task\s+is|keep\s+(?:it|this|everything)|stay|work|purely|treat\s+everything\s+as"
    r"|in|please|do\s+it|everything\s+is|only|a)\s+)*"
    r"read[- ]only(?:\s+(?:please|mode|task|access|work|run|pass))*\s*(?:$|[,:(–—-])"
    r"|[,(–—-]\s*read[- ]only\s*(?:$|[,)–—-])|\b(?:just|only)\s+look\b(?!\s+(?:at|for|into|up))"
    r"|\blook,?\s+(?:but\s+)?don'?t\s+touch",
    re.IGNORECASE,
)
_AS_READ_ONLY = re.compile(
    r"\b(?:treat|consider|keep)\s+(?P<x>[^,;]{1,80}?)\s+(?:as\s+)?read[- ]only\b", re.IGNORECASE
)
_ONLY = re.compile(
    rf"\b(?:only|just|solely|exclusively)\s+(?P<verbs>(?:{verbs.LIST}|work|use|stay|operate|look)\b)?"
    rf"|\b(?P<stay>(?:work|stay|operate|remain|keep|limit\s+yourself|restrict\s+yourself|confine\s+yourself"
    rf"|(?:limit|restrict|confine)\s+(?:the\s+work|your\s+work|(?:your\s+|all\s+)?changes|(?:your\s+|all\s+)?edits))\s+"
    rf"(?:only\s+|strictly\s+|entirely\s+)?(?:in|inside|within|to)\b)"
    rf"|\b(?P<use>(?:use|touch|change|edit|read|modify)\s+only\b)",
    re.IGNORECASE,
)


_MORE = re.compile(
    r"\s*(?:,\s*(?:or\s+|nor\s+|and\s+)?|/|\bor\b|\bnor\b|\band\b)\s*(?:(?P<make>new\s+files?)|(?P<touch>changes|edits|editing"
    r"|modifications|overwrit\w+)|(?P<delete>delet(?:ions?|ing)|removals?)|(?P<send>e-?mails?|emailing|messages|sending)"
    r"|(?P<post>posts|posting|publishing|sharing|uploads|uploading)|(?P<move>moves|moving|renam(?:es|ing)))\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:except(?:\s+for)?|apart\s+from|other\s+than|but\s+not(?:\s+(?:the\s+ones|those|anything|files))?|excluding|exclude"
    r"|ignore|ignoring|skip(?!\s+to)|skipping|leave\s+out|leaving\s+out)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|dont|never|no|nothing|without|avoid|only|read-only)\b|n't\b", re.IGNORECASE)
_STAYS = re.compile(
    r"\b(?:do\s+not|don'?t|never)\s+(?:leave|(?:go|step|stray)\s+outside(?:\s+of)?)\b", re.IGNORECASE
)
_IN_ONLY = re.compile(
    r"\b(?:work|stay|write|save|do\s+(?:everything|it|this|all)|make\s+changes)\s+(?:in|inside|within|to)\s+"
    r"(?P<x>[^,;]{1,60}?)\s+only\b",
    re.IGNORECASE,
)


def phrases(sentence: Sentence) -> Iterator[Limit]:
    """What such phrases of a sentence forbid. A question forbids nothing."""
    if sentence.is_question:
        return
    yield from _no(sentence)
    yield from _left_alone(sentence)
    yield from _read_only(sentence)
    yield from _only(sentence)
    yield from _left_out(sentence)
    yield from _stays(sentence)


def _no(sentence: Sentence) -> Iterator[Limit]:
    for found in _NO.finditer(sentence.plain):
        if not (begins_here(sentence, found.start()) or _MAKE.search(sentence.plain[: found.start()])):
            continue
        quote = sentence.quote(*found.span())
        kind = _kind(found)
        if kind == "folders":
            yield quote
        elif kind == "run":
            yield Boundary(effects=frozenset({Effect.EXECUTE}), quote=quote)
        elif kind == "browse":
            yield Boundary(effects=frozenset({Effect.EGRESS}), quote=quote)
        else:
            rest = sentence.text[found.start("rest") : found.end("rest")]
            yield from of_verb(verbs.meant(_AS[kind])[0], rest, quote)
        yield from _no_more(sentence, found)


def _no_more(sentence: Sentence, found: re.Match[str]) -> Iterator[Limit]:
    """What goes with it: "no deletions, moves or emails"."""
    end = found.end()
    while more := _MORE.match(sentence.plain, end):
        kind = next(name for name in _AS if more[name])
        quote = sentence.quote(found.start(), more.end())
        yield from of_verb(verbs.meant(_AS[kind])[0], "", quote)
        end = more.end()


def _left_out(sentence: Sentence) -> Iterator[Limit]:
    """ "Everything except drafts/", "ignore the archive folder": nothing is done there."""
    for found in _BUT.finditer(sentence.plain):
        place = places(sentence.text[found.end() :])
        if place is None or _NEGATED.search(sentence.plain[: found.start()]):
            continue
        quote = sentence.quote(found.start(), found.end() + place.end)
        is_people = re.match(r"\s*[@#<]", sentence.text[found.end() :]) is not None
        effects = _OUT if is_people else _WRITES
        yield from (Boundary(effects=effects, quote=quote, where=where) for where in place.names)


def _stays(sentence: Sentence) -> Iterator[Limit]:
    """ "Don't leave ~/reports", "do everything in ~/reports only"."""
    for found in _STAYS.finditer(sentence.plain):
        place = places(sentence.text[found.end() :])
        if place is not None and begins_here(sentence, found.start()):
            quote = sentence.quote(found.start(), found.end() + place.end)
            yield Boundary(effects=_WRITES, quote=quote, only=frozenset(place.names))
    for found in _IN_ONLY.finditer(sentence.plain):
        place = places(sentence.text[found.start("x") : found.end("x")])
        if place is not None and begins_here(sentence, found.start()):
            yield Boundary(effects=_WRITES, quote=sentence.quote(*found.span()), only=frozenset(place.names))


def _kind(found: re.Match[str]) -> str:
    return next(name for name in (*_AS, "folders", "run", "browse") if found[name])


def _left_alone(sentence: Sentence) -> Iterator[Limit]:
    for found in (*_LEAVE.finditer(sentence.plain), *_OFF_LIMITS.finditer(sentence.plain)):
        name = found.lastgroup or "x"
        about = sentence.text[found.start(name) : found.end(name)]
        quote = sentence.quote(*found.span())
        if _THINGS.fullmatch(about.strip()):
            yield Boundary(effects=_TOUCH, quote=quote)
        elif place := places(about):
            effects = _ALL if name == "out" else _WRITES
            yield from (Boundary(effects=effects, quote=quote, where=where) for where in place.names)
        elif noun := re.fullmatch(r"(?:(?:the|my|our|all)\s+)+([\w-]{3,})", about.strip(), re.IGNORECASE):
            yield Boundary(effects=_WRITES, quote=quote, where=noun[1].lower().removesuffix("s"))
        else:
            yield quote


def _read_only(sentence: Sentence) -> Iterator[Limit]:
    if found := _READ_ONLY.search(sentence.plain):
        yield Boundary(effects=_WRITES | _OUT, quote=sentence.quote(*found.span()), deed=Deed.ANY)
    if (found := _AS_READ_ONLY.search(sentence.plain)) and (place := places(found["x"])):
        quote = sentence.quote(*found.span())
        yield from (Boundary(effects=_WRITES, quote=quote, where=where) for where in place.names)


def _only(sentence: Sentence) -> Iterator[Limit]:
    for found in _ONLY.finditer(sentence.plain):
        if not begins_here(sentence, found.start()) or _is_denied(sentence.plain, found.start()):
            continue
        place = places(sentence.text[found.end() :])
        if place is not None:
            quote = sentence.quote(found.start(), found.end() + place.end)
            yield Boundary(effects=_of(found), quote=quote, only=frozenset(place.names))


def _of(found: re.Match[str]) -> frozenset[Effect]:
    said = found["verbs"] or ""
    kinds = {verb.kind for verb in verbs.meant(said)}
    if kinds & {"send", "post"}:
        return _OUT
    if kinds == {"delete"}:
        return frozenset({Effect.DELETE})
    if kinds & {"touch", "change", "write", "make", "move"}:
        return _WRITES
    if found["stay"]:
        return _WRITES
    return _WRITES if found["use"] and not found["use"].lower().startswith(("use", "read")) else _ALL


def _is_denied(plain: str, at: int) -> bool:
    return re.search(r"\b(?:not|don'?t)\s*$", plain[:at], re.IGNORECASE) is not None
