"""Texts written into the shapes of a slide: in the runs of their Markdown, in the look that their place has."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from bot.documents.content import Bullet
from bot.documents.decks.fitting import Part, Point
from bot.documents.decks.layouts import Spot
from bot.documents.markdown import Run, runs

MONO: Final = "Courier New"
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TYPED_MARK: Final = re.compile(r"^\s*(?:[-*•–]\s+)")
_SIGNS: Final = "•–•"


def legible(text: str) -> str:
    """Without the characters that no Office file can hold."""
    return _UNWRITABLE.sub("", text)


def point(said: Bullet | str) -> Point:
    """A bullet as it is set; a mark that was typed before it goes, as its place has its own."""
    bullet = said if isinstance(said, Bullet) else Bullet(text=said)
    return Point(runs=_runs(_TYPED_MARK.sub("", legible(bullet.text))), level=bullet.level)


def line(text: str) -> Point:
    """Of a title, a subtitle, a cell."""
    return Point(runs=_runs(" ".join(legible(text).split())))


def plain(text: str) -> Point:
    """As it is, also where it looks like Markdown."""
    return Point(runs=(Run(text=legible(text)),))


def write(shape: Any, part: Part, spot: Spot, language: str) -> None:
    """In place of what it says now."""
    frame = shape.text_frame
    frame.word_wrap = True
    for number, one in enumerate(part.points):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.level = one.level
        level = spot.area.level(one.level)
        size = part.size(level) if part.scale != 1 or spot.index is None else None
        if spot.index is None:
            _bulleted(paragraph, one.level, level.indent)
        for run in one.runs:
            set_run(paragraph, run, size, language)


def set_run(paragraph: Any, run: Run, size: float | None, language: str) -> None:
    for number, text in enumerate(run.text.split("\n")):
        if number:
            paragraph.add_line_break()
        if text:
            _look(paragraph.add_run(), replace(run, text=text), size, language)


def _look(made: Any, run: Run, size: float | None, language: str) -> None:
    from pptx.util import Pt

    made.text = run.text
    made.font.bold, made.font.italic = run.is_bold or None, run.is_italic or None
    if size:
        made.font.size = Pt(size)
    if run.is_code:
        made.font.name = MONO
    properties = made._r.get_or_add_rPr()
    properties.set("lang", language)
    if run.is_struck:
        properties.set("strike", "sngStrike")
    if run.link:
        made.hyperlink.address = run.link


def boxed(slide: Any, spot: Spot, name: str) -> Any:
    """A text box of our own, without margins."""
    box = spot.box
    shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
    shape.name = name
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return shape


def _bulleted(paragraph: Any, level: int, indent: float) -> None:
    if not indent:
        return
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(int(Pt(indent))))
    properties.set("indent", str(-int(Pt(18))))
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    properties.append(parse_xml(f'<a:spcBef xmlns:a="{space}"><a:spcPts val="600"/></a:spcBef>'))
    properties.append(parse_xml(f'<a:buFont xmlns:a="{space}" typeface="Arial"/>'))
    properties.append(parse_xml(f'<a:buChar xmlns:a="{space}" char="{_SIGNS[level]}"/>'))


def _runs(text: str) -> tuple[Run, ...]:
    """A footnote has no place on a slide: its mark stays as it was written."""
    return tuple(Run(text=f"[{run.note}]") if run.note else run for run in runs(text))
