"""Which kind of goal some words are."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["organise", "digest", "onboarding", "issues", "schema", "profile", "post", "other"]

_ONBOARDING = re.compile(r"\bon-?boarding\b|\b(?:developer|contributor|new(?:comer)?s?['’]?)\s+guide\b", re.I)
_ORGANISE = re.compile(
    r"\b(?:re-?)?organi[sz]e\b|\btidy(?:\s+up)?\b|\bsort(?!\s+(?:out|of))\b|\bclean\s+up\b|\brestructure\b",
    re.I,
)
_DIGEST = re.compile(
    r"\b(?:process|digest|summari[sz]e|extract|go\s+through|condense|write\s+up)\b.*?"
    r"\b(?:meetings?|minutes|notes|action\s+items|stand-?ups?|retro(?:spective)?s?)\b|\bdigest\s+of\b.*\bnotes\b",
    re.I | re.S,
)
_ISSUES = re.compile(
    r"\b(?:summar\w+|overview|report|group|triage|prioriti[sz]e|digest|list)\b.*?\b(?:open\s+)?issues\b"
    r"(?=.*\b(?:repo(?:sitory)?|github)\b|.*\b[\w.-]+/[\w.-]+)",
    re.I | re.S,
)
_SCHEMA = re.compile(
    r"\b(?:review|analy[sz]e|audit|check|inspect|assess|examine|improve|critique|look\s+at)\b.*?"
    r"\b(?:(?:database|db|sql|postgres(?:ql)?)\b.*?\b(?:schemas?|tables?|index(?:es)?|constraints?|structure)"
    r"|schemas?\b.*?\b(?:tables?|index(?:es)?|keys?|columns?|constraints?|normali[sz]ation|database|postgres(?:ql)?)"
    r"|(?:table|database|postgres(?:ql)?)\s+schemas?)\b|\bschema\s+(?:review|audit|improvement)\b",
    re.I | re.S,
)
_DATA_FILE = r"[\w-]\.(?:csv|tsv|xlsx?|ods|parquet|jsonl?|ndjson)\b"
_PROFILE = re.compile(
    r"^\W*(?:please\s+|can\s+you\s+|could\s+you\s+)*profile\b|\bdata\s+profil(?:e|ing)\b"
    rf"|\b(?:profile|profiling|explore|analy[sz]e)\b.*?{_DATA_FILE}",
    re.I | re.S,
)
_POST = re.compile(r"\b(?:post|send|share|publish)\b.*#[\w-]+", re.I | re.S)
_UNDO = re.compile(r"\b(?:undo|revert|roll\s*back|take\s+(?:it|that)\s+back)\b", re.I)


def kind_of(goal: str) -> Kind:
    """The kind of the goal: a guide if it asks for one, else whichever of the others it asks for first."""
    if _ONBOARDING.search(goal):
        return "onboarding"
    if _ISSUES.search(goal):
        return "issues"
    if _SCHEMA.search(goal):
        return "schema"
    if _PROFILE.search(goal):
        return "profile"
    organising, digesting = _ORGANISE.search(goal), _DIGEST.search(goal)
    if organising and not (digesting and digesting.start() < organising.start()):
        return "organise"
    if digesting:
        return "digest"
    return "post" if _POST.search(goal) else "other"


def is_undo(words: str) -> bool:
    """Whether the words ask to take something back."""
    return bool(_UNDO.search(words))
