"""Changed texts of a deck kept within their shapes: made smaller where they grew, told where that is not enough."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.documents.decks import fitting, layouts, text
from bot.documents.decks.fitting import Area, Level, Point
from bot.documents.decks.shown import Shown
from bot.documents.drawing import Drawing
from bot.documents.markdown import Run

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def refit(shown: Shown, touched: Sequence[Any], drawing: Drawing) -> None:
    """`touched` are the shapes, as the package has them, whose texts are others now."""
    from pptx import Presentation

    if not touched:
        return
    deck = Presentation(io.BytesIO(shown.package.saved()))
    for number, (part, slide) in enumerate(zip(shown.in_order(), deck.slides, strict=True), 1):
        within = [one for one in touched if one.getroottree().getroot() is shown.package.xml(part)]
        for shape in within:
            area = _area(slide, shape)
            if area is not None and not _fits(shape, area):
                drawing.note(
                    f"The text on slide {number} as it is now is more than fits there: shorten it, or split the slide."
                )


def shape_of(paragraph: Any) -> Any:
    """The shape it stands in; None for that of a table."""
    return next(paragraph.iterancestors(f"{_P}sp"), None)


def _area(slide: Any, shape: Any) -> Area | None:
    """Of a placeholder; boxes of their own grow with their text or were meant to be as they are."""
    id = int(shape.find(f"{_P}nvSpPr/{_P}cNvPr").get("id"))
    place = next((one for one in slide.placeholders if one.shape_id == id), None)
    base = place._base_placeholder if place is not None else None
    if place is None or base is None:
        return None
    spot = layouts.spot(base)
    wider, higher = place.width - spot.box.width, place.height - spot.box.height
    return Area(
        width=spot.area.width + wider / layouts.POINT,
        height=spot.area.height + higher / layouts.POINT,
        levels=tuple(_as_is(shape, number, level) for number, level in enumerate(spot.area.levels)),
    )


def _as_is(shape: Any, number: int, level: Level) -> Level:
    """With the size that its runs say themselves."""
    sizes = [
        int(run.get("sz")) / 100
        for paragraph in text.paragraphs(shape)
        if text.level(paragraph) == number
        for run in paragraph.iter(f"{_A}rPr")
        if run.get("sz")
    ]
    return replace(level, size=max(sizes)) if sizes else level


def _fits(shape: Any, area: Area) -> bool:
    """After it was made smaller, where that was needed."""
    paragraphs = text.paragraphs(shape)
    part, is_cut = fitting.begun(list(_points(paragraphs)), area)
    if part.scale != 1:
        for one in shape.iter(f"{_A}normAutofit"):
            one.attrib.clear()
        for paragraph in paragraphs:
            size = part.size(area.level(text.level(paragraph)))
            for run in paragraph.iter(f"{_A}rPr"):
                run.set("sz", str(int(size * 100)))
    return not is_cut


def _points(paragraphs: Sequence[Any]) -> Iterator[Point]:
    for one in paragraphs:
        is_bold = any(run.get("b") == "1" for run in one.iter(f"{_A}rPr"))
        yield Point(runs=(Run(text=text.text_of(one), is_bold=is_bold),), level=text.level(one))
