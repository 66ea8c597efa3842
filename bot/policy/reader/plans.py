"""Whether a requester wants to see the plan before anything is done, or plainly does without."""

from __future__ import annotations

import re

from bot.policy.reader.said import Sentence

_BEFORE = (
    r"(?:before|until)\s+(?:you(?:'ve)?\s+)?(?:(?:actually\s+)?(?:start|begin|do|doing|starting|beginning|proceed\w*"
    r"|execut\w+|touch\w*|chang\w+|mov\w+|act\w*|go\w*|mak\w+)\b|anything|work\b)"
)
_APPROVED = (
    r"(?:i(?:'ve|\s+have)?\s+(?:approved?|ok(?:ay)?(?:ed|'d)?|confirm(?:ed)?|agreed?|say\s+so|seen|said|reviewed)"
    r"|i\s+say|you\s+hear|my\s+(?:ok|okay|approval|go))"
)
_PLAN = r"(?:a|the|your|me\s+a)\s+(?:\w+\s+)?(?:plan|proposal)\b"
_SHOW = r"(?:show|give|tell|send|present|propose|outline|share|draft|let)"
_WAYS = (
    rf"\b{_SHOW}\s+(?:me\s+|us\s+)?(?:see\s+|have\s+)?(?:first\s+)?{_PLAN}"
    r"(?:\s+(?:first|up\s+front|beforehand)|[^.]{0,30}?\bbefore\b)",
    r"^(?:and\s+|but\s+|please\s+)?(?:plan|proposal)\s+first\b",
    r"[,(–—-]\s*plan\s+first\b",
    rf"\bfirst\s*,?\s*{_SHOW}\s+(?:me\s+|us\s+)?{_PLAN}",
    r"\b(?:start|begin)\s+(?:with|by\s+(?:showing|giving|proposing|outlining|making))\s+(?:me\s+)?"
    r"(?:a|the|your)\s+plan\b(?!\s+for)",
    r"\blet\s+me\s+(?:see|review|approve|check)\s+(?:the|your|a)\s+plan\b",
    r"\bi(?:'d|\s+would)?\s+(?:want|like|need)\s+to\s+(?:see|approve|review|check)\s+(?:the|your|a)\s+plan\b",
    r"\b(?:do\s+not|don'?t|never)\s+(?:do|start|begin|execute|touch|change|move|proceed)\b[^.]{0,40}?"
    rf"\b(?:until|before|unless)\s+{_APPROVED}",
    r"\bwait\s+for\s+(?:(?:my|our)\s+)?(?:ok|okay|approval|go-?ahead|go|confirmation|sign-?off)\b",
    r"\b(?:check|ask|confirm|talk|speak|consult)\s*(?:in\s+)?(?:with\s+|to\s+)?(?:me|us)?\s*"
    rf"{_BEFORE}\s*(?:$|anything|any\s+work|,)",
    r"\b(?:show|tell)\s+me\s+what\s+you(?:'ll|'d|\s+would|\s+will|\s+are\s+going\s+to)?\s*"
    r"(?:(?:want|plan|intend)\s+to\s+)?(?:do|change)[^.]{0,20}?\s(?:first|before)\b",
    r"\bdry[- ]run\b(?!\s+(?:of|flag|option))",
    r"\bpropose\s+(?:it\s+|them\s+|everything\s+)?first\b",
    r"\b(?:only|just)\s+plan\b(?=\s*(?:$|,|for\s+now))",
    rf"^(?:please\s+)?{_SHOW}\s+(?:me\s+)?plan\s+first\b",
    r"^(?:please\s+)?plan\s+(?:it\s+|this\s+|everything\s+)?(?:first|before\s+(?:acting|doing|starting|you))\b",
    r"\b(?:make|draw\s+up|propose|draft)\s+(?:me\s+)?a\s+plan\b[^.]{0,20}?\b(?:let\s+me\s+(?:approve|see|review|check)"
    r"|get\s+my\s+(?:approval|okay|ok)\b|wait\b(?!ing))",
    rf"^(?:but\s+|and\s+)?before\s+(?:you\s+)?(?:do|start|begin|chang|mov|touch|act)\w*[^,]{{0,30}},\s*(?:please\s+)?"
    rf"(?:{_SHOW}\s+me\s+(?:the|a|your)\s+plan|tell\s+me\s+what\s+you)\b",
    r"\btell\s+me\s+what\s+you(?:'re|\s+are)\s+going\s+to\s+do\s+(?:first|before)\b",
    rf"\b(?:do\s+not|don'?t)\s+(?:act|go\s+ahead|continue|run)\b[^.]{{0,40}}?\b(?:until|before|unless)\s+{_APPROVED}",
    rf"\b(?:hold\s+off|wait)\s+until\s+{_APPROVED}",
    r"\b(?:do\s+not|don'?t)\s+(?:act|proceed|start|begin|go\s+ahead|continue)\s+without\s+(?:my\s+|a\s+|any\s+)?"
    r"(?:confirmation|approval|okay|ok|permission|consent|go-?ahead)\b",
    r"\b(?:nothing|no\s+actions?)(?:\s+(?:happens|is\s+done|gets\s+done))?\s+without\s+my\s+(?:confirmation|approval|okay|ok"
    r"|permission|consent|go-?ahead|say-?so)\b",
)
_PLAN_FIRST = re.compile("|".join(_WAYS), re.IGNORECASE)
_NO_PLAN = re.compile(
    r"\b(?:no\s+plan\s+(?:is\s+)?(?:needed|necessary|required)|(?:skip|forget|never\s+mind)\s+the\s+plan"
    r"|no\s+need\s+(?:for|to\s+(?:show|send)\s+(?:me\s+)?)\s*(?:a|the|any)\s+plan"
    r"|you\s+(?:don'?t|do\s+not)\s+(?:need|have)\s+to\s+(?:show|send)\s+(?:me\s+)?(?:a|the|any)\s+plan)",
    re.IGNORECASE,
)


def plan_first(sentence: Sentence) -> str:
    """The words that ask for the plan first, "" for none."""
    found = None if _NO_PLAN.search(sentence.plain) else _PLAN_FIRST.search(sentence.plain)
    return sentence.quote(*found.span()) if found else ""


def drops_plan(sentence: Sentence) -> str:
    """The words that plainly do without the plan, "" for none."""
    found = None if sentence.is_question else _NO_PLAN.search(sentence.plain)
    return sentence.quote(*found.span()) if found else ""
