"""Markdown as paragraphs and tables: what Docs and Slides are filled with. Nothing in it is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, kw_only=True)
class Run:
    """Text of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """`level` is a heading's, 0 for text. `list` names the list it is an item of (0 for none), `depth` is from 0."""

    runs: tuple[Run, ...]
    level: int = 0
    list: int = 0
    is_numbered: bool = False
    depth: int = 0
    is_quote: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells; the first row is the head."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows)


Block = Paragraph | Table
_DROPPED = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff\ud800-\udfff]")
_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_LOOKS = {"strong": "bold", "em": "italic", "s": "strike"}


def blocks(markdown: str) -> list[Block]:
    """In order. Images become their words and their address."""
    return list(_Reading(_READER.parse(kept(markdown))).blocks())


def kept(text: str) -> str:
    """Without the letters that Docs drops from what it is given: later ones would not be where they are counted."""
    return _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(found: Sequence[Block]) -> str:
    """Their words alone."""
    return "\n".join(run.text for one in found for run in _all_runs(one))


def _all_runs(block: Block) -> Iterator[Run]:
    if isinstance(block, Paragraph):
        yield from block.runs
    else:
        yield from (run for row in block.rows for cell in row for run in cell)


class _Reading:
    """One pass over the tokens, which knows how deep in lists and quotes it is."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = iter(tokens)
        self._lists: list[bool] = []
        self._count = 0
        self._quotes = 0

    def blocks(self) -> Iterator[Block]:
        level = 0
        for token in self._tokens:
            self._counted(token)
            match token.type:
                case "heading_open":
                    level = int(token.tag[1])
                case "inline":
                    yield self._paragraph(_runs(token), level)
                    level = 0
                case "fence" | "code_block":
                    for line in token.content.rstrip("\n").split("\n"):
                        yield self._paragraph((Run(text=line, code=True),))
                case "hr":
                    yield Paragraph(runs=(Run(text="⁂"),))
                case "table_open":
                    yield self._table()

    def _counted(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._count += not self._lists
            self._lists.append(token.type == "ordered_list_open")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.tag == "blockquote":
            self._quotes += token.nesting

    def _paragraph(self, runs: tuple[Run, ...], level: int = 0) -> Paragraph:
        return Paragraph(
            runs=runs,
            level=level,
            list=self._count if self._lists else 0,
            is_numbered=bool(self._lists and self._lists[0]),
            depth=max(len(self._lists) - 1, 0),
            is_quote=self._quotes > 0,
        )

    def _table(self) -> Table:
        rows: list[list[tuple[Run, ...]]] = []
        for token in self._tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_runs(token))
        return Table(rows=tuple(tuple(row) for row in rows))


def _runs(inline: Token) -> tuple[Run, ...]:
    """Neighbours of one look are one run."""
    found = list(_pieces(inline.children or ()))
    return tuple(
        replace(look, text="".join(one.text for one in same))
        for look, same in groupby(found, key=lambda one: replace(one, text=""))
    )


def _pieces(tokens: Sequence[Token]) -> Iterator[Run]:
    look = Run(text="")
    for token in tokens:
        if (name := _LOOKS.get(token.tag)) is not None:
            look = _with(look, name, token.nesting > 0)
        elif token.tag == "a":
            look = replace(look, link=str(token.attrs.get("href", "")) if token.nesting > 0 else "")
        else:
            text, is_code = _said(token), token.type == "code_inline"
            if text:
                yield replace(look, text=text, code=is_code)


def _with(look: Run, name: str, is_on: bool) -> Run:
    match name:
        case "bold":
            return replace(look, bold=is_on)
        case "italic":
            return replace(look, italic=is_on)
        case _:
            return replace(look, strike=is_on)


def _said(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\v"
        case "image":
            return f"{token.content} ({token.attrs.get('src', '')})"
        case _:
            return token.content
