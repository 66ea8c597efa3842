"""The Markdown of a text as paragraphs of runs, which every writer sets in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKS = re.compile(r"_|[^\w ,.;:()%+/\-]")
_SAFE = ("https://", "http://", "mailto:")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Words of one look. `note` is the name of a footnote that stands here, `link` an address."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    is_struck: bool = False
    link: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """`level` counts from 0 the lists or quotes around it; `number` is that of its item in a numbered list."""

    runs: tuple[Run, ...]
    kind: Literal["plain", "bullet", "numbered", "quote", "continued"] = "plain"
    level: int = 0
    number: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def paragraphs(text: str) -> list[Paragraph]:
    """All of a text. Headings and code in it become paragraphs; raw HTML stays the words it is."""
    return list(_paragraphs(_parser().parse(text)))


def runs(text: str) -> tuple[Run, ...]:
    """Of one line: a heading, a cell, a bullet. What has no mark in it is not parsed: tables have many cells."""
    if not _MARKS.search(text):
        return (Run(text=text),) if text else ()
    parsed = _parser().parseInline(text)
    return tuple(_runs(parsed[0].children or ())) if parsed else ()


def plain(text: str) -> str:
    """Without its marks, for what shows none."""
    return "".join(run.text for run in runs(text))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["image", "html_block"])


@dataclass
class _Place:
    kind: Literal["bullet", "numbered", "quote"]
    number: int = 0
    is_begun: bool = False


_OPENED: dict[str, Literal["bullet", "numbered", "quote"]] = {
    "bullet_list_open": "bullet",
    "ordered_list_open": "numbered",
    "blockquote_open": "quote",
}


def _paragraphs(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    within: list[_Place] = []
    for token in tokens:
        if kind := _OPENED.get(token.type):
            within.append(_Place(kind, int(token.attrGet("start") or 1) - 1))
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            within.pop()
        elif token.type == "list_item_open":
            within[-1] = _Place(within[-1].kind, within[-1].number + 1)
        elif token.type == "inline":
            yield _placed(Paragraph(runs=tuple(_runs(token.children or ()))), within)
        elif token.type in ("fence", "code_block"):
            code = Run(text=token.content.rstrip("\n"), is_code=True)
            yield _placed(Paragraph(runs=(code,)), within)


def _placed(paragraph: Paragraph, within: list[_Place]) -> Paragraph:
    """The first paragraph of an item has its mark; the others go on below it."""
    if not within:
        return paragraph
    place = within[-1]
    kind = "continued" if place.is_begun and place.kind != "quote" else place.kind
    place.is_begun = True
    return replace(paragraph, kind=kind, level=len(within) - 1, number=place.number)


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    look = Run(text="")
    for token in tokens:
        match token.type:
            case "text" | "code_inline" | "html_inline":
                yield from _noted(replace(look, text=token.content, is_code=token.type == "code_inline"))
            case "softbreak":
                yield replace(look, text=" ")
            case "hardbreak":
                yield replace(look, text="\n")
            case _:
                look = _looked(look, token)


def _looked(look: Run, token: Token) -> Run:
    is_open = token.nesting == 1
    match token.tag:
        case "strong":
            return replace(look, is_bold=is_open)
        case "em":
            return replace(look, is_italic=is_open)
        case "s":
            return replace(look, is_struck=is_open)
        case "a":
            address = str(token.attrGet("href") or "") if is_open else ""
            return replace(look, link=address if address.startswith(_SAFE) else "")
    return look


def _noted(run: Run) -> Iterator[Run]:
    """`[^name]` in it is a note's place."""
    rest = run.text
    if run.is_code:
        yield run
        return
    while (start := rest.find("[^")) >= 0 and (end := rest.find("]", start)) > start:
        if start:
            yield replace(run, text=rest[:start])
        yield replace(run, text="", note=rest[start + 2 : end])
        rest = rest[end + 1 :]
    if rest:
        yield replace(run, text=rest)
