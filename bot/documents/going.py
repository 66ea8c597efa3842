"""The words that a document loses by its edits: for whoever is asked whether they may be made."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

_SAYS = re.compile(
    r"(?:word/(?:document|footnotes|endnotes|header\d+|footer\d+)|ppt/(?:slides|notesSlides)/\w+)\.xml"
)
_LONGEST = 200


def lost(before: bytes, after: bytes) -> list[str]:
    """Each paragraph of a docx or pptx that is not there any more as it was, cut to a line; none of a workbook."""
    there = Counter(_paragraphs(after))
    gone = []
    for text in _paragraphs(before):
        if there[text]:
            there[text] -= 1
        else:
            gone.append(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
    return gone


def _paragraphs(file: bytes) -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        for name in sorted(filter(_SAYS.fullmatch, package.namelist()), key=_in_order):
            for one in etree.fromstring(package.read(name), parser).iter("{*}p"):
                text = " ".join("".join(part.text or "" for part in one.iter("{*}t")).split())
                if text:
                    yield text


def _in_order(name: str) -> tuple[bool, str, int]:
    """As it is read, and notes behind all else."""
    number = re.search(r"\d+", name)
    return "notes" in name, re.sub(r"\d+", "", name), int(number[0]) if number else 0
