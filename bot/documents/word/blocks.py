"""Blocks as elements of a Word file's text, in the styles that the file has."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

from bot.documents.content import (
    Block,
    Charted,
    Code,
    Diagram,
    Footnote,
    Heading,
    Image,
    PageBreak,
    Table,
    Text,
)
from bot.documents.drawing import Drawing
from bot.documents.markdown import Paragraph, Run, paragraphs, runs
from bot.documents.package import Package
from bot.documents.word import captions, notes, pages
from bot.documents.word.lists import Lists, Mark
from bot.documents.word.pictures import Space, drawn, free_id, space_of, width_of
from bot.documents.word.styles import Styles
from bot.documents.word.tables import is_crowded, tabled
from bot.documents.word.xml import legal, made, name, turned, words

_QUOTE_STEP: Final = 284
_TWIPS: Final = 20
"""In a point."""
_LONGEST_LINK: Final = 2_000


class Setting:
    """Of blocks into one document, where a page has this space. `table` is the name of the style for tables.

    `page` is how pages are set up, where those of a table that is too wide may be turned on their side.
    """

    def __init__(
        self,
        package: Package,
        drawing: Drawing,
        space: Space,
        *,
        language: str = "en",
        table: str = "House Table",
        page: Any = None,
    ) -> None:
        self._package = package
        self._drawing = drawing
        self._space = space
        self._language = language
        self._table = table
        self._page = page
        self.styles = Styles(package)
        self._lists = Lists(package, self.styles)
        self._notes: dict[str, str] = {}
        self._pointed: set[str] = set()
        self._note_ids = itertools.count(notes.free_id(package))
        self._drawings = itertools.count(free_id(package))

    def elements(self, blocks: Sequence[Block]) -> list[Any]:
        """What stands for them, in their order."""
        self._notes = {one.name: one.text for one in blocks if isinstance(one, Footnote)}
        found = [element for block in blocks for element in self._set(block)]
        lost = sorted(set(self._notes) - self._pointed)
        if lost:
            self._drawing.note(
                f"No text points to these footnotes, so they are not there: {', '.join(lost)}."
            )
        return found

    def styled(self, style: str, parts: Sequence[Run]) -> Any:
        """A paragraph in the style of this name."""
        return self._paragraph(style, self.runs(parts))

    def runs(self, parts: Sequence[Run], part: str = "", *, is_bold: bool = False) -> list[Any]:
        """As elements of a paragraph that stands in a part of the file: its text, where none is named."""
        return [element for one in parts for element in self._run(one, part or self._package.main, is_bold)]

    def _set(self, block: Block) -> Iterator[Any]:
        match block:
            case Heading():
                yield self.styled(f"heading {block.level}", runs(block.text))
            case Text():
                yield from self._told(paragraphs(block.text))
            case Table():
                yield from self._tabled(block)
            case Code():
                yield self._paragraph("Code", [made("w:r", *words(block.code.rstrip("\n")))])
            case Image() | Charted() | Diagram():
                yield from self._shown(block)
            case PageBreak():
                yield made("w:p", made("w:r", made("w:br", type="page")))

    def _told(self, parts: Sequence[Paragraph]) -> Iterator[Any]:
        """Each list of numbers counts by itself; what comes in between ends the deeper ones."""
        counting: dict[int, tuple[Mark, int]] = {}
        for one in parts:
            if one.kind != "continued":
                counting = {level: mark for level, mark in counting.items() if level <= one.level}
            if one.kind not in ("numbered", "continued"):
                counting.pop(one.level, None)
            if one.kind == "numbered":
                mark, last = counting.get(one.level, (None, 0))
                if mark is None or one.number != last + 1:
                    mark = self._lists.numbered(one.level, one.number)
                counting[one.level] = mark, one.number
                yield self._paragraph("", self.runs(one.runs), mark=mark)
            else:
                yield self._said(one)

    def _said(self, one: Paragraph) -> Any:
        match one.kind:
            case "bullet":
                return self._paragraph("", self.runs(one.runs), mark=self._lists.bullet(one.level))
            case "continued":
                return self._paragraph("", self.runs(one.runs), indent=self._lists.indent(one.level))
            case "quote":
                deep = _QUOTE_STEP * (one.level + 1) if one.level else 0
                return self._paragraph("Quote", self.runs(one.runs), indent=deep)
        return self._paragraph("", self.runs(one.runs))

    def _paragraph(
        self, style: str, content: Sequence[Any], *, mark: Mark | None = None, indent: int = 0
    ) -> Any:
        id = mark.style if mark else self.styles.id(style) if style else ""
        look = made(
            "w:pPr",
            made("w:pStyle", val=id) if id else None,
            mark.element if mark else None,
            made("w:bidi") if turned(content) else None,
            made("w:ind", left=indent) if indent else None,
        )
        return made("w:p", look if len(look) else None, *content)

    def _run(self, run: Run, part: str, is_bold: bool) -> Iterator[Any]:
        if run.note and part == self._package.main and run.note in self._notes:
            self._pointed.add(run.note)
            told = self.runs(runs(self._notes[run.note]), notes.part_of(self._package))
            yield notes.noted(self._package, self.styles, told, next(self._note_ids))
            return
        element = made("w:r", self._look(run, is_bold), *words(f"[^{run.note}]" if run.note else run.text))
        address = legal(run.link)
        if not address or len(address) > _LONGEST_LINK:
            yield element
            return
        link = made("w:hyperlink", element)
        link.set(name("r:id"), self._package.link(part, "hyperlink", address, is_outside=True))
        yield link

    def _look(self, run: Run, is_bold: bool) -> Any:
        style = "Code in Text" if run.is_code else "Hyperlink" if run.link else ""
        looks = [
            made("w:rStyle", val=self.styles.id(style)) if style else None,
            made("w:b") if run.is_bold or is_bold else None,
            made("w:i") if run.is_italic else None,
            made("w:strike") if run.is_struck else None,
        ]
        return made("w:rPr", *looks) if any(one is not None for one in looks) else None

    def _tabled(self, block: Table) -> Iterator[Any]:
        if self._page is None or not is_crowded(block, self._space.width):
            yield from self._table_of(block, self._space.width)
            return
        lying = pages.on_its_side(self._page)
        yield pages.ended(self._page)
        yield from self._table_of(block, space_of(lying).width)
        yield pages.ended(lying)

    def _table_of(self, block: Table, width: int) -> Iterator[Any]:
        if block.caption:
            yield self._captioned("Table", block.caption, made("w:keepNext"))
        style = self.styles.id(self._table)
        has_head = self.styles.dresses_head(self._table)
        yield tabled(
            block,
            width,
            style,
            lambda text, is_head: self.runs(runs(text), is_bold=is_head and not has_head),
        )
        yield made("w:p", made("w:pPr", made("w:spacing", before=0, after=0, line=160, lineRule="exact")))

    def _shown(self, block: Image | Charted | Diagram) -> Iterator[Any]:
        given = self._drawing.picture(block)
        self._drawing.see(given, width_of(given, self._space) / _TWIPS)
        picture = drawn(self._package, given, self._space, next(self._drawings))
        looks = [made("w:keepNext")] if block.caption else []
        yield made("w:p", made("w:pPr", *looks, made("w:jc", val="center")), made("w:r", picture))
        if block.caption:
            yield self._captioned("Figure", block.caption, made("w:jc", val="center"))

    def _captioned(self, kind: captions.Kind, caption: str, look: Any) -> Any:
        content = [*captions.numbered(kind, self._language), *self.runs(runs(caption))]
        return made("w:p", made("w:pPr", made("w:pStyle", val=self.styles.id("caption")), look), *content)
