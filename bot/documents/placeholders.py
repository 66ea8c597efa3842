"""Words that a template left, or that were to be filled in later.

A short list, of what hardly anybody means otherwise: who is told of "[Cart]" or of a TODO in a report on code twice
reads the third no more. What is code is left out, where its words are marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"^([ \t]*)(```|~~~).*?(?:^\1\2|\Z)|`[^`\n]+`|(?s:<(pre|code)\b.*?</\3>)", re.S | re.M)
_NOUN = (
    r"(?:names?|title|date|amount|number|address|e-?mail|phone|signature|company|organi[sz]ation|client|customer|team|"
    r"department|position|role|project|author|city|logo|text|content|figures?|value|link|summary|details)"
)
_BRACKETED = "|".join(
    (
        r"(?i:insert)\b[^\[\]\n]{0,60}",
        r"(?i:add|enter|fill in|describe|replace|specify)"
        rf"(?i: (?:the|an?|your|this|here|[\w ]{{0,20}}{_NOUN})\b)[^\[\]\n]{{0,60}}",
        rf"(?i:your (?:[\w ]{{0,20}})?{_NOUN})",
        rf"[A-Z]\w+(?: \w+)? (?i:{_NOUN})",
        r"Name|NAME|Date|DATE|Company|COMPANY|Client|CLIENT|Author|AUTHOR|Amount|AMOUNT|Title|TITLE",
        rf"(?i:(?:[\w'’-]+ ){{0,4}}(?:{_NOUN}|chart|diagram|image|picture|table|screenshot) here)",
        r"(?i:to ?do|tb[acd]|xx+|placeholder|to be (?:\w+ )?(?:added|completed|confirmed|decided|defined|determined|"
        r"done|filled in|inserted|provided|updated|written))\b[^\[\]\n]{0,60}",
    )
)
_PLACEHOLDER = re.compile(
    r"(?i:lorem ipsum)[\w ,]{0,40}"
    r"|(?<!\$)\{\{\s*[\w -]{1,40}\s*\}\}|<<[A-Z]\w*(?: \w+){0,4}>>|(?i:<(?:insert|your)\s[^<>\n]{0,60}>)"
    rf"|(?<![\w\])])\[(?:{_BRACKETED})\](?![(\[:])|[$€£] ?\[[^\[\]\n]{{1,30}}\]"
    r"|(?i:\bclick to (?:add|edit) (?:sub)?(?:title|text|notes|picture|icon|chart|table|master)\b)[\w ]{0,20}"
    r"|(?<![\w$])X{2,}(?:[.,]X+)? ?(?:%|percent\b|million\b|billion\b|thousand\b|EUR\b|USD\b)"
    r"|[$€£] ?(?:X{2,}(?:[.,]X+)*|X[.,]X+)(?!\w)(?: (?:[kKmM]|bn|million|billion)\b)?"
    r"|(?<![\w./@#-])TB[ACD](?![\w/-]|\.\w)"
    r"|(?:^|(?<=[.;:!?(|*–-])|(?<=[.;:!?|*–-] )|(?<=\] ))TODO(?:\b: ?|\b )[^\n|]{1,60}|^TODO$"
    r"|(?i:\b(?:your|sample|body|placeholder) (?:text|title|name|content|heading|logo)(?: goes)? here\b)"
    r"|(?i:\btext goes here\b)",
    re.M,
)


def placeholders(texts: Iterable[str]) -> list[str]:
    """Each of them once, as it stands."""
    found = (
        " ".join(one[0].split()) for text in texts for one in _PLACEHOLDER.finditer(_CODE.sub(" ", text))
    )
    return list(dict.fromkeys(found))
