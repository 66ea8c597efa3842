"""HTML: one file that needs no other, runs nothing, and reads well in the dark and on paper."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final

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
from bot.documents.markdown import Paragraph, Run, paragraphs, runs
from bot.documents.tabular import is_figure, is_numeric, shown
from bot.errors import ToolError

_LOOK: Final = Path(__file__).with_suffix(".css")
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)
_FROM_THE_RIGHT: Final = ("ar", "dv", "fa", "he", "ps", "ur", "yi")
_TEXT_ACROSS, _POINTS_OF_PIXEL = 792, 0.75
"""How wide the text of a page is on a screen, in its pixels."""
_MANY_COLUMNS: Final = 8
"""A table of more is set small on paper."""
_LONG_WORD: Final = re.compile(r"\S{25,}")
_SPAN, _SENTENCE = 8, 25
_MAY_BREAK: Final = "\u200b"
_LONG: Final = 6
"""From so many headings on there is a table of contents."""


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """Raises `ToolError` for a template: HTML has none here."""
    if template:
        raise ToolError("An HTML file takes no template. Make a docx with it, or leave it out.")
    page = "\n".join(_page(content, _Notes(content), drawing))
    return page.encode("utf-8", "replace")


class _Notes:
    """Footnotes, numbered in the order in which they are pointed at."""

    def __init__(self, content: Content) -> None:
        self._texts = {one.name: one.text for one in content.blocks if isinstance(one, Footnote)}
        self._numbers: dict[str, int] = {}

    def mark(self, name: str) -> str:
        if name not in self._texts:
            return escape(f"[^{name}]")
        is_first = name not in self._numbers
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        place = f' id="ref-{number}"' if is_first else ""
        return f'<sup><a{place} href="#note-{number}" aria-label="Footnote {number}">{number}</a></sup>'

    def section(self) -> Iterator[str]:
        if not self._numbers:
            return
        yield '<section class="notes" aria-label="Footnotes"><ol>'
        for name, number in self._numbers.items():
            text = _said(runs(self._texts[name]), None)
            yield f'<li id="note-{number}">{text} <a href="#ref-{number}" aria-label="Back to the text">↩</a></li>'
        yield "</ol></section>"


def _page(content: Content, notes: _Notes, drawing: Drawing) -> Iterator[str]:
    title = escape(content.title or "Document")
    yield f'<!doctype html>\n<html lang="{escape(content.language)}"{_direction(content)}>'
    yield '<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title>\n<style>\n{_LOOK.read_text('utf-8')}</style>\n</head>\n<body>"
    if content.title:
        yield "<header>"
        yield f"<h1>{title}</h1>"
        for line in (content.subtitle, " · ".join(filter(None, (content.author, content.date)))):
            if line:
                yield f"<p>{escape(line)}</p>"
        yield "</header>"
    yield "<main>"
    yield from _contents([block for block in content.blocks if isinstance(block, Heading)])
    headings = 0
    for block in content.blocks:
        headings += isinstance(block, Heading)
        yield from _set(block, headings, notes, drawing)
    yield "</main>"
    yield from notes.section()
    yield "</body>\n</html>\n"


def _direction(content: Content) -> str:
    return ' dir="rtl"' if content.language.partition("-")[0] in _FROM_THE_RIGHT else ""


def _contents(headings: Sequence[Heading]) -> Iterator[str]:
    if len(headings) < _LONG:
        return
    yield '<nav aria-label="Contents"><ol>'
    for number, one in enumerate(headings, 1):
        if one.level <= 2:
            text = escape("".join(run.text for run in runs(one.text)))
            yield f'<li><a href="#section-{number}">{text}</a></li>'
    yield "</ol></nav>"


def _set(block: Block, heading: int, notes: _Notes, drawing: Drawing) -> Iterator[str]:
    match block:
        case Heading():
            level = block.level + 1
            yield f'<h{level} id="section-{heading}">{_said(runs(block.text), notes)}</h{level}>'
        case Text():
            yield from _told(paragraphs(block.text), notes)
        case Table():
            yield from _table(block, notes)
        case Code():
            kind = f' class="language-{escape(block.language)}"' if block.language else ""
            yield f"<pre><code{kind}>{escape(block.code)}</code></pre>"
        case Charted():
            yield _figure(drawing.chart(block.chart, "svg"), block.caption)
        case Image() | Diagram():
            picture = drawing.picture(block)
            drawing.see(picture, min(_TEXT_ACROSS, picture.width / picture.density) * _POINTS_OF_PIXEL)
            yield _figure(picture, block.caption)
        case PageBreak():
            yield '<div class="break"></div>'


def _told(parts: Sequence[Paragraph], notes: _Notes) -> Iterator[str]:
    """Lists are opened and closed as the levels of their items go up and down."""
    opened: list[str] = []
    for one in parts:
        wanted = one.level + 1 if one.kind in ("bullet", "numbered", "continued") else 0
        tag = "ol" if one.kind == "numbered" else "ul"
        while len(opened) > wanted or (
            one.kind != "continued" and len(opened) == wanted > 0 and opened[-1] != tag
        ):
            yield f"</li></{opened.pop()}>"
        text = _said(one.runs, notes)
        if not wanted:
            yield f"<blockquote><p>{text}</p></blockquote>" if one.kind == "quote" else f"<p>{text}</p>"
        elif one.kind == "continued":
            yield f"<p>{text}</p>"
        else:
            if len(opened) == wanted:
                yield "</li>"
            while len(opened) < wanted:
                opened.append(tag)
                yield f'<ol start="{one.number}">' if tag == "ol" else "<ul>"
            yield f"<li>{text}"
    for tag in reversed(opened):
        yield f"</li></{tag}>"


def _said(parts: Sequence[Run], notes: _Notes | None) -> str:
    return "".join(_run(part, notes) for part in parts)


def _run(run: Run, notes: _Notes | None) -> str:
    if run.note:
        return notes.mark(run.note) if notes else escape(f"[^{run.note}]")
    text = escape(run.text).replace("\n", "<br>").replace(_MAY_BREAK, "<wbr>")
    for is_so, tag in (
        (run.is_code, "code"),
        (run.is_bold, "strong"),
        (run.is_italic, "em"),
        (run.is_struck, "s"),
    ):
        text = f"<{tag}>{text}</{tag}>" if is_so else text
    return f'<a href="{escape(run.link)}" rel="noopener noreferrer">{text}</a>' if run.link else text


def _table(block: Table, notes: _Notes) -> Iterator[str]:
    right = [' class="number"' if one else "" for one in is_numeric(block)]
    look = ' class="wide"' if len(block.columns) > _MANY_COLUMNS else ""
    name = escape(block.caption or "Table")
    yield f'<figure class="table"><div class="scroll" tabindex="0" role="region" aria-label="{name}"><table{look}>'
    heads = (
        f'<th scope="col"{look}>{_said(_short(one), notes)}</th>'
        for look, one in zip(right, block.columns, strict=True)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for row in shown(block):
        looks = [look or _look_of(cell) for look, cell in zip(right, row, strict=True)]
        cells = (
            f"<td{look}>{_said(_short(cell), notes)}</td>" for look, cell in zip(looks, row, strict=True)
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield f"</tbody></table></div>{_captioned(block.caption)}</figure>"


def _look_of(cell: str) -> str:
    """A day stands in one line, and a sentence not in one word to the line."""
    if is_figure(cell):
        return ' class="figure"'
    return ' class="words"' if len(cell) > _SENTENCE else ""


def _short(cell: str) -> list[Run]:
    """A long word of a cell may go on in the next line: it would push all others out of sight."""
    return [replace(run, text=_LONG_WORD.sub(_in_pieces, run.text)) for run in runs(cell)]


def _in_pieces(found: re.Match[str]) -> str:
    word = found.group()
    return word if is_figure(word) else _MAY_BREAK.join(re.findall(rf".{{1,{_SPAN}}}", word))


def _figure(picture: Picture, caption: str) -> str:
    source = f"data:image/{_kind(picture.file)};base64,{b64encode(picture.file).decode()}"
    width, height = picture.width // picture.density, picture.height // picture.density
    image = f'<img src="{source}" alt="{escape(picture.alt)}" width="{width}" height="{height}">'
    return f"<figure>{image}{_captioned(caption)}</figure>"


def _captioned(caption: str) -> str:
    return f"<figcaption>{escape(caption)}</figcaption>" if caption else ""


def _kind(file: bytes) -> str:
    """A drawing as an image runs no script and loads nothing, whatever is in it."""
    if file.startswith(b"\x89PNG"):
        return "png"
    return "jpeg" if file.startswith(b"\xff\xd8") else "svg+xml"
