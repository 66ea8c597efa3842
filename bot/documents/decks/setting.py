"""One slide set: its places filled, those that stay empty taken away, its foot copied from its layout."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.documents.content import Chart, Content
from bot.documents.decks import charting, fitting, layouts, tabling, writing
from bot.documents.decks.fitting import Level, Part, Point
from bot.documents.decks.layouts import POINT, Box, Choice, Spot
from bot.documents.decks.pages import Page, Pane, Pictured, Shown
from bot.documents.drawing import Drawing
from bot.errors import ToolError

_SUBTITLE: Final = 330_000
_CAPTION: Final = 330_000
_MOST_PER_PIXEL: Final = 2 * 9_525
"""A picture is not blown up beyond twice its size on a screen."""


_LEAST_POINTS: Final = 8.0
"""Letters of a diagram that can be read from where people sit."""
_UNSAID: Final = ("", "footer", "fußzeile", "pied de page", "pie de página")
"""What stands in a foot for which nobody has said anything yet."""


def title_page(deck: Any, content: Content, title: str, drawing: Drawing) -> None:
    choice = layouts.title_page(deck)
    byline = " · ".join(filter(None, (content.author, content.date)))
    _opened(deck, choice, title, [content.subtitle, byline], content, drawing)


def page(deck: Any, page: Page, title: str, subtitle: str, content: Content, drawing: Drawing) -> Any:
    """The new slide."""
    choice = page.choice
    if not page.shown:
        return _opened(deck, choice, title, [subtitle], content, drawing)
    slide = deck.slides.add_slide(choice.layout)
    _titled(slide, choice, title, content.language, drawing)
    spots = choice.spots
    if subtitle:
        spots = tuple(_lowered(spot, _SUBTITLE + 70_000) for spot in spots)
        if _subtitled(slide, choice.spots, subtitle, content.language):
            _said_in_notes(slide, subtitle, "The subtitle", title, drawing)
    for spot, shown in zip(spots, page.shown, strict=True):
        if shown:
            _filled(slide, spot, *shown, content.language, drawing)
    if choice.is_own:
        drawing.note("The template has no layout for some slides: what they hold stands in boxes of its own.")
    _finished(slide, choice, content)
    return slide


def notes(slide: Any, text: str) -> None:
    """What the speaker sees; it is added to what is there."""
    frame = slide.notes_slide.notes_text_frame
    if frame is None:
        raise ToolError("The deck's notes have no place for text. Nothing was made; leave the notes out.")
    frame.text = "\n".join(filter(None, (frame.text, writing.legible(text))))


def _opened(
    deck: Any, choice: Choice, title: str, below: Sequence[str], content: Content, drawing: Drawing
) -> Any:
    """A slide of a title and a few lines."""
    slide = deck.slides.add_slide(choice.layout)
    _titled(slide, choice, title, content.language, drawing)
    points = [writing.line(one) for one in below if one]
    if points:
        spot = choice.spots[0] if choice.spots else _under_title(deck, choice)
        shape = _place(slide, spot) if choice.spots else writing.boxed(slide, spot, "Subtitle")
        part, is_cut = fitting.begun(points, spot.area)
        writing.write(shape, part, spot, content.language)
        if is_cut:
            _said_in_notes(slide, "\n".join(below), "The subtitle", title, drawing)
    _finished(slide, choice, content)
    return slide


def _titled(slide: Any, choice: Choice, title: str, language: str, drawing: Drawing) -> None:
    """What is longer than its place at the smallest size is cut there, and stands whole in the notes."""
    shape, spot = slide.shapes.title, choice.title
    if shape is None or spot is None:
        drawing.note("The template's layouts have no title: those of the slides are left out.")
        return
    if choice.is_own:
        _place(slide, spot)
    part, is_cut = fitting.begun([writing.line(title)], spot.area)
    if is_cut:
        _said_in_notes(slide, title, "The title", title, drawing)
    writing.write(shape, part, spot, language)


def _said_in_notes(slide: Any, text: str, what: str, title: str, drawing: Drawing) -> None:
    notes(slide, text)
    drawing.note(f"{what} of “{title[:80]}” is too long for its slide: it is cut, and whole in the notes.")


def _subtitled(slide: Any, spots: Sequence[Spot], subtitle: str, language: str) -> bool:
    """Whether it had to be cut."""
    from pptx.enum.dml import MSO_THEME_COLOR

    left = min(spot.box.left for spot in spots)
    right = max(spot.box.left + spot.box.width for spot in spots)
    top = min(spot.box.top for spot in spots)
    box = Box(left=left, top=top, width=right - left, height=_SUBTITLE)
    spot = Spot(box=box, area=layouts.inside(box, (Level(size=16),)))
    shape = writing.boxed(slide, spot, "Subtitle")
    said = fitting.shortened(writing.line(subtitle), spot.area)
    writing.write(shape, Part(points=(said,)), spot, language)
    for run in shape.text_frame.paragraphs[0].runs:
        run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2
    if slide.shapes.title is not None:
        slide.shapes.title._element.addnext(shape._element)  # it is read after the title
    return said != writing.line(subtitle)


def _under_title(deck: Any, choice: Choice) -> Spot:
    title = choice.title.box if choice.title else Box(left=0, top=0, width=deck.slide_width, height=0)
    top = min(title.top + title.height, deck.slide_height * 3 // 4)
    box = Box(left=title.left, top=top, width=title.width, height=deck.slide_height // 6)
    return Spot(box=box, area=layouts.inside(box, (Level(size=18),)))


def _lowered(spot: Spot, height: int) -> Spot:
    area = replace(spot.area, height=spot.area.height - height / POINT)
    return replace(spot, box=spot.box.below(height), area=area)


def _place(slide: Any, spot: Spot) -> Any:
    """The placeholder of the slide, where the spot is."""
    shape = next(one for one in slide.placeholders if one.placeholder_format.idx == spot.index)
    box = spot.box
    if (shape.left, shape.top, shape.width, shape.height) != (box.left, box.top, box.width, box.height):
        shape.left, shape.top, shape.width, shape.height = box.left, box.top, box.width, box.height
    return shape


def _filled(slide: Any, spot: Spot, pane: Pane, shown: Shown, language: str, drawing: Drawing) -> None:
    match shown:
        case Part():
            shape = _place(slide, spot) if spot.index is not None else writing.boxed(slide, spot, "Text")
            writing.write(shape, shown, spot, language)
        case tabling.Grid():
            caption = getattr(pane, "caption", "")
            alt = caption or f"Table: {', '.join(point.text for point in shown.rows[0])}"
            if shown.is_cut:
                drawing.note("A cell of a table is too long for a slide and was cut: say it in the notes.")
            _into(slide, spot, tabling.add(slide, shown, spot.box, alt, language))
        case Chart():
            box = spot.box
            _into(slide, spot, charting.add(slide, shown, (box.left, box.top, box.width, box.height)))
        case Pictured():
            _pictured(slide, spot, shown, language, drawing)


def _pictured(slide: Any, spot: Spot, shown: Pictured, language: str, drawing: Drawing) -> None:
    """As large as its place allows, in its own proportions, in the middle."""
    from pptx.enum.text import PP_ALIGN

    room = spot.box.height - (_CAPTION if shown.caption else 0)
    picture = shown.picture
    scale = min(spot.box.width / picture.width, room / picture.height, _MOST_PER_PIXEL)
    width, height = max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
    drawing.see(picture, width / POINT, _LEAST_POINTS)
    left, top = spot.box.left + (spot.box.width - width) // 2, spot.box.top + (room - height) // 2
    shape = slide.shapes.add_picture(io.BytesIO(picture.file), left, top, width, height)
    shape.name = f"Picture {shape.shape_id}"
    shape._element.nvPicPr.cNvPr.set("descr", writing.legible(picture.alt))
    _into(slide, spot, shape)
    if shown.caption:
        box = Box(
            left=spot.box.left,
            top=min(top + height + 40_000, spot.box.top + room),
            width=spot.box.width,
            height=_CAPTION - 40_000,
        )
        under = Spot(box=box, area=layouts.inside(box, (Level(size=12),)))
        said = fitting.shortened(writing.line(shown.caption), under.area)
        if said != writing.line(shown.caption):
            _said_in_notes(slide, shown.caption, "The caption", shown.caption, drawing)
        shape = writing.boxed(slide, under, "Caption")
        writing.write(shape, Part(points=(said,)), under, language)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER


def _into(slide: Any, spot: Spot, shape: Any) -> None:
    """It takes the placeholder's place, as it does when a person inserts it there."""
    if spot.index is None:
        return
    place = next(one for one in slide.placeholders if one.placeholder_format.idx == spot.index)
    kind = place._element.ph
    properties = next(one for one in shape._element.iter() if one.tag.endswith("}nvPr"))
    place._element.getparent().replace(place._element, shape._element)
    properties.insert(0, copy.deepcopy(kind))


def _finished(slide: Any, choice: Choice, content: Content) -> None:
    for place in list(slide.placeholders):
        if place.has_text_frame and not place.text_frame.text.strip() and place._element.tag.endswith("}sp"):
            place._element.getparent().remove(place._element)
    words = {"ftr": content.title, "dt": content.date}
    for place in choice.layout.placeholders:
        kind = str(place.element.ph.get("type", ""))
        if kind in layouts.FOOT and (kind != "dt" or content.date):
            _footed(slide, place, writing.legible(words.get(kind, "")))


def _footed(slide: Any, place: Any, words: str) -> None:
    """What the layout says in its foot stays, else it is what the deck is called."""
    made = copy.deepcopy(place.element)
    slide.shapes._spTree.append(made)
    shape = slide.shapes[-1]
    made.nvSpPr.cNvPr.set("id", str(max(one.shape_id for one in slide.shapes) + 1))
    properties = made.spPr
    for one in list(properties):
        properties.remove(one)
    said = shape.text_frame.text.strip()
    if words and (place.element.ph.get("type") == "dt" or said.strip("<>").casefold() in _UNSAID):
        shape.text_frame.text = fitting.shortened(
            Point(runs=writing.line(words).runs), layouts.spot(place).area
        ).text
    for field in made.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}fld"):
        if field.get("type") == "slidenum":
            field.find("{*}t").text = str(len(slide.part.package.presentation_part.presentation.slides))
    if not shape.text_frame.text.strip():
        slide.shapes._spTree.remove(made)
