"""PDF: content set by `pages.typ`, which takes it as data, so that no word of it can be anything but words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bot.documents import fonts
from bot.documents.content import (
    Block,
    Charted,
    Code,
    Content,
    Diagram,
    Footnote,
    Heading,
    Image,
    PageBreak,
    Table,
    Text,
)
from bot.documents.drawing import Drawing, Picture
from bot.documents.lists import nested
from bot.documents.markdown import Run, paragraphs, runs
from bot.documents.tabular import is_figure, is_numeric, shown
from bot.errors import ToolError

_LOOK: Final = Path(__file__).with_suffix(".typ")
_PIXELS: Final = 1_000
"""A picture of so many pixels or more takes the whole width of the page; of what is denser, so many of its own."""
_PIXELS_OWN: Final = 700
_TALLEST: Final = 1.25
"""Of the width: what is taller is made narrower, so that it stands on one page with its caption."""
_NARROWEST, _WIDEST, _PADDING = 4, 40, 1
_POINTS: Final = 470
"""Across the text of a page."""
_MANY_COLUMNS, _VERY_MANY_COLUMNS = 8, 14
"""A table of more stands on a page turned on its side, or in small letters there."""
_MOST_COLUMNS: Final = 20
_ACROSS: Final = (70, 120, 150)
"""Characters of a table's letters across a page, one that lies, and that in small letters: few enough for wide ones."""
_UNBROKEN: Final = 16
"""Letters of a word that are left together before a table is given more room."""
_LONGEST_WORD: Final = 60
_FONTS: Final = "fonts"
_SPAN: Final = 4
_MOST_WORDS: Final = 300


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """Raises `ToolError` for a template, which a PDF has none of, and for a picture that cannot be set."""
    if template:
        raise ToolError("A PDF takes no template. Make a docx with it, or leave it out.")
    drawing.note(fonts.missing(content))
    place = Path.cwd()
    (place / _FONTS).mkdir()
    for font in fonts.brought():
        (place / _FONTS / font.name).symlink_to(font)
    (place / "content.json").write_text(json.dumps(_Setting(content, drawing, place).given()), "utf-8")
    (place / "pages.typ").write_text(_LOOK.read_text("utf-8"), "utf-8")
    return _compiled(place, is_strict=True) or _compiled(place, is_strict=False) or b""


def _compiled(place: Path, *, is_strict: bool) -> bytes | None:
    """Strictly accessible; None where it cannot be: a heading of level 3 after one of 1 is no accessible document."""
    import typst

    try:
        return bytes(
            typst.compile(
                str(place / "pages.typ"),
                root=str(place),
                format="pdf",
                timestamp=0,
                font_paths=[str(place / _FONTS)],
                package_path=str(place),
                package_cache_path=str(place),
                pdf_standards=["ua-1"] if is_strict else [],
            )
        )
    except typst.TypstError as error:
        if is_strict:
            return None
        raise ToolError(f"The PDF cannot be set: {error.message[:_MOST_WORDS]}. Nothing was made.") from None


class _Setting:
    """The content of one PDF as `pages.typ` takes it; the pictures in files beside it."""

    def __init__(self, content: Content, drawing: Drawing, place: Path) -> None:
        self._content = content
        self._drawing = drawing
        self._place = place
        self._notes = {one.name: one.text for one in content.blocks if isinstance(one, Footnote)}
        self._marked: set[str] = set()

    def given(self) -> Mapping[str, Any]:
        content = self._content
        language, *rest = content.language.split("-")
        region = next((one for one in rest if len(one) == 2 and one.isalpha()), None)
        return {
            "title": content.title,
            "subtitle": content.subtitle,
            "author": content.author,
            "byline": " · ".join(filter(None, (content.author, content.date))),
            "language": language,
            "region": region,
            "blocks": [part for block in content.blocks for part in self._set(block)],
            "notes": {name: [asdict(run) for run in runs(text)] for name, text in self._notes.items()},
        }

    def _set(self, block: Block) -> Iterator[Mapping[str, Any]]:
        match block:
            case Heading():
                yield {"type": "heading", "level": block.level, "runs": self._runs(runs(block.text))}
            case Text():
                yield {"type": "text", "parts": nested(paragraphs(block.text), self._runs)}
            case Table():
                yield self._table(block)
            case Code():
                yield {
                    "type": "code",
                    "code": _breakable(block.code, _LONGEST_WORD),
                    "language": block.language or None,
                }
            case Charted():
                yield self._picture(self._drawing.chart(block.chart, "svg"), block.caption, "svg")
            case Image() | Diagram():
                yield self._picture(self._drawing.picture(block), block.caption)
            case PageBreak():
                yield {"type": "page_break"}

    def _picture(self, picture: Picture, caption: str, form: str = "") -> Mapping[str, Any]:
        form = form or ("png" if picture.file.startswith(b"\x89PNG") else "jpg")
        name = f"picture-{len(list(self._place.glob('picture-*')))}.{form}"
        (self._place / name).write_bytes(picture.file)
        across = _PIXELS if picture.density == 1 else _PIXELS_OWN * picture.density
        width = min(1.0, picture.width / across, _TALLEST * picture.width / picture.height)
        self._drawing.see(picture, width * _POINTS)
        return {"type": "picture", "file": name, "alt": picture.alt, "caption": caption, "width": width}

    def _table(self, block: Table) -> Mapping[str, Any]:
        rows = shown(block)
        columns = list(zip(block.columns, *rows, strict=True))
        room = _room(columns)
        if len(columns) > _MOST_COLUMNS or sum(_figures(columns)) > _ACROSS[room]:
            self._drawing.note(
                f"A table of {len(columns)} columns is too wide to be read on a page: split it up."
            )
        widths = _widths(columns, _ACROSS[room])
        most = [max(1, int(width)) for width in widths]
        return {
            "type": "table",
            "columns": [
                self._runs(runs(one), room, is_repeated=True)
                for one, room in zip(block.columns, most, strict=True)
            ],
            "rows": [
                [self._runs(runs(cell), room) for cell, room in zip(row, most, strict=True)] for row in rows
            ],
            "numeric": is_numeric(block),
            "widths": widths,
            "is_wide": room > 0,
            "is_small": room > 1,
            "caption": block.caption,
        }

    def _runs(
        self, parts: Sequence[Run], longest: int = _LONGEST_WORD, *, is_repeated: bool = False
    ) -> list[dict[str, Any]]:
        """A footnote that is pointed at again keeps its number; one in a head that every page repeats has its own."""
        return [
            {**asdict(run), "text": _breakable(run.text, longest), "use": self._use(run.note, is_repeated)}
            for run in parts
        ]

    def _use(self, note: str, is_repeated: bool) -> str:
        if note not in self._notes:
            return "none"
        if is_repeated:
            return "only"
        use = "again" if note in self._marked else "first"
        self._marked.add(note)
        return use


def _room(columns: Sequence[Sequence[str]]) -> int:
    """Which of the widths across it takes: the first in which no figure is broken, and no word of usual length."""
    first = (len(columns) > _MANY_COLUMNS) + (len(columns) > _VERY_MANY_COLUMNS)
    words = (min(_UNBROKEN, _longest(column)) + _PADDING for column in columns)
    least = sum(max(figure, word) for figure, word in zip(_figures(columns), words, strict=True))
    return next((one for one in range(first, len(_ACROSS)) if least <= _ACROSS[one]), len(_ACROSS) - 1)


def _figures(columns: Sequence[Sequence[str]]) -> list[int]:
    """The room that the longest figure of each column takes, which is none where there are only words."""
    found = ((len(word) for cell in column for word in cell.split() if _is_kept(word)) for column in columns)
    return [longest + _PADDING if (longest := max(one, default=0)) else 0 for one in found]


def _is_kept(word: str) -> bool:
    """A figure in pieces would be another."""
    return len(word) <= _WIDEST and is_figure(word)


def _longest(column: Sequence[str]) -> int:
    return max((len(word) for cell in column for word in cell.split()), default=0)


def _widths(columns: Sequence[Sequence[str]], across: int) -> list[float]:
    """In characters: each as wide as its longest word, where there is room for that, and what is left by what is in
    them."""
    wanted = [float(min(_WIDEST, max(_NARROWEST, *map(len, column)))) for column in columns]
    least = [min(float(_WIDEST), max(_NARROWEST, _longest(column) + _PADDING)) for column in columns]
    if sum(least) > across:
        return _narrowed(least, _figures(columns), across)
    more = [max(0.0, want - word) + 1 for want, word in zip(wanted, least, strict=True)]
    left = (across - sum(least)) / sum(more)
    return [word + part * left for word, part in zip(least, more, strict=True)]


def _narrowed(least: Sequence[float], figures: Sequence[int], across: int) -> list[float]:
    """Words are broken before a figure is."""
    kept = figures if sum(figures) < across else [0] * len(figures)
    more = [max(0.0, width - figure) for width, figure in zip(least, kept, strict=True)]
    part = (across - sum(kept)) / sum(more)
    return [figure + one * part for figure, one in zip(kept, more, strict=True)]


def _breakable(text: str, longest: int) -> str:
    """A word longer than its line goes on in the next."""

    def broken(found: re.Match[str]) -> str:
        word = found.group()
        return word if _is_kept(word) else "\u200b".join(_pieces(word, _SPAN))

    return re.sub(rf"\S{{{longest + 1},}}", broken, text)


def _pieces(word: str, span: int) -> Iterator[str]:
    return (word[place : place + span] for place in range(0, len(word), span))
