"""The files that a requester asks for, by format and by name; not those that they want to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.brief import Format, Wanted
from bot.policy.reader.said import Sentence

_FORMATS = {
    Format.MARKDOWN: r"markdown|\.md|md\s+file",
    Format.WORD: r"word(?=\s+(?:file|document|doc|report|format)|\s*(?:$|[,;.)]))|docx|\.docx",
    Format.EXCEL: r"excel|xlsx|\.xlsx|spreadsheet",
    Format.SLIDES: r"power\s*point|pptx|\.pptx|slide\s*deck|slides",
    Format.PDF: r"pdf|\.pdf",
    Format.HTML: r"html|\.html|web\s*page",
    Format.CSV: r"csv|\.csv",
    Format.JSON: r"json|\.json",
    Format.TEXT: r"text\s+file|\.txt|txt",
}
_A_FORMAT = "|".join(f"(?P<{form.value}>{pattern})" for form, pattern in _FORMATS.items())
_MAKE = (
    r"(?:write|create|make|produce|prepare|deliver|generate|build|draft|give|export|compile|put\s+together|turn"
    r"|convert|save|store|want|need|send|hand)"
)
_AS = re.compile(
    rf"\b(?:as|into|to|in)\s+(?:a\s+|an\s+|one\s+)?(?:\w+\s+)?(?:{_A_FORMAT})(?!\w)(?!\s+(?:files|documents|tables|folder))",
    re.IGNORECASE,
)
_A = re.compile(
    rf"\b{_MAKE}\b(?:\s+me|\s+us)?[^.;,]{{0,60}}?\b(?:a|an|one)\s+(?:[\w-]+\s+){{0,3}}?(?:{_A_FORMAT})(?!\w)(?!s\b)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\b(?:as|to|into|called|named|in|write|create|make|produce|save|deliver|a\s+file)\s+(?:a\s+file\s+|the\s+file\s+|it\s+(?:as|to|in)\s+)?(?:called\s+|named\s+)?"
    r"[`\"'“]?(?P<path>[\w~./-]*?(?P<name>[\w.-]+\.(?P<ending>md|docx|xlsx|pptx|pdf|html?|csv|json|txt)))\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"\b(?:from|read|summari[sz]e|open|of|using|based\s+on|convert|compare|check|in\s+the|all"
    r"|(?:data|numbers|figures|rows|lines|text|notes|what\s+is|what's|it\s+says|found|information)\s+in|renam\w*\b.*"
    r"|overwrite|replace|chang\w+)\s*$",
    re.IGNORECASE,
)
_NOT_WANTED = re.compile(
    r"(?:\bnot|n't|\bdont|\bnever|\bno|\bwithout|\binstead\s+of|\brather\s+than)\s+"
    r"(?!(?:forget|fail|hesitate)\b)(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)


def wanted(sentence: Sentence) -> Iterator[Wanted]:
    """The files that are asked for."""
    named: set[Format] = set()
    for found in _FILE.finditer(sentence.plain):
        ending = found["ending"].lower().replace("htm", "html").replace("htmll", "html")
        before = sentence.plain[: found.start("path")].rstrip("`\"'“ ")
        if not _SOURCE.search(before) and not _is_not_wanted(sentence, found.start()):
            named.add(Format(ending))
            yield Wanted(format=Format(ending), name=found["name"], quote=sentence.quote(*found.span()))
    for pattern in (_AS, _A):
        for found in pattern.finditer(sentence.plain):
            form = next(one for one in Format if found[one.value])
            if form not in named and not _is_not_wanted(sentence, found.start()):
                named.add(form)
                yield Wanted(format=form, quote=sentence.quote(*found.span()))


def _is_not_wanted(sentence: Sentence, at: int) -> bool:
    """ "Don't make a PDF"."""
    return _NOT_WANTED.search(sentence.plain[:at]) is not None


def format_called(name: str) -> Format | None:
    """The format that a word of the form stands for, such as "Markdown" or "Word document"."""
    found = re.search(_A_FORMAT, f"{name.strip()} ", re.IGNORECASE)
    return next(one for one in Format if found[one.value]) if found else None
