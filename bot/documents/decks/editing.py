"""Edits of a PPTX: of its texts, its slides and their order, and its charts; all else stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, assert_never

from bot.documents import charts
from bot.documents.content import Chart, Content, Slide
from bot.documents.decks import charting, grafting, layouts, opening, pages, refitting, setting, text, writing
from bot.documents.decks.edits import (
    AddSlide,
    MoveSlide,
    RemoveSlide,
    SetBullets,
    SetChart,
    SetNotes,
    SetTitle,
    SlideEdit,
)
from bot.documents.decks.shown import Shown
from bot.documents.drawing import Drawing
from bot.documents.edits import ReplaceText
from bot.documents.package import Package
from bot.errors import ToolError

_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SUBTITLE: Final = 400_000


def edited(
    package: Package, edits: Sequence[ReplaceText | SlideEdit], drawing: Drawing
) -> tuple[bytes, list[str]]:
    """The file, and what each edit came to. Raises `ToolError` for one that cannot be made."""
    shown = Shown(package)
    touched: list[Any] = []
    told = [_done(shown, edit, drawing, touched) for edit in edits]
    refitting.refit(shown, touched, drawing)
    return package.saved(), told


def _done(shown: Shown, edit: ReplaceText | SlideEdit, drawing: Drawing, touched: list[Any]) -> str:
    """`touched` are the shapes whose text is another."""
    match edit:
        case ReplaceText():
            return _replaced(shown, edit, touched)
        case SetTitle():
            return _titled(shown, edit, touched)
        case SetBullets():
            return _bulleted(shown, edit, touched)
        case SetNotes():
            return _noted(shown, edit)
        case SetChart():
            return _charted(shown, edit)
        case AddSlide() | RemoveSlide() | MoveSlide():
            return _arranged(shown, edit, drawing)
    assert_never(edit)


def _arranged(shown: Shown, edit: AddSlide | RemoveSlide | MoveSlide, drawing: Drawing) -> str:
    match edit:
        case AddSlide():
            return _added(shown, edit, drawing)
        case RemoveSlide():
            shown.remove(edit.slide)
            return f"Removed slide {edit.slide}"
        case MoveSlide():
            shown.move(edit.slide, edit.after)
            return f"Moved slide {edit.slide}"
    assert_never(edit)


def _replaced(shown: Shown, edit: ReplaceText, touched: list[Any]) -> str:
    package = shown.package
    slides = shown.in_order()
    parts = [*slides, *filter(None, (package.linked(one, "notesSlide") for one in slides))]
    paragraphs = [one for part in parts for one in text.paragraphs(package.xml(part))]
    for is_loose in (False, True):
        places = [(one, text.found(one, edit.old_text, is_loose=is_loose)) for one in paragraphs]
        count = sum(len(found) for _, found in places)
        if count:
            break
    if count != 1 and not (count and edit.everywhere):
        raise ToolError(_miscounted(edit.old_text, count))
    for paragraph, found in places:
        text.replace(paragraph, found, len(edit.old_text), edit.new_text)
        shape = refitting.shape_of(paragraph) if found and len(edit.new_text) > len(edit.old_text) else None
        touched += [shape] if shape is not None else []
    return f"Replaced in {count} {'place' if count == 1 else 'places'}"


def _miscounted(old: str, count: int) -> str:
    shown = old if len(old) <= 80 else old[:79] + "…"
    if count:
        return (
            f"{shown!r} occurs {count} times. Nothing was changed. Give a longer text that occurs once, or say "
            "everywhere."
        )
    return (
        f"{shown!r} does not occur within any one paragraph of a slide or its notes. Nothing was changed. Read the "
        "file and give the text as it stands, without Markdown's marks."
    )


def _titled(shown: Shown, edit: SetTitle, touched: list[Any]) -> str:
    shape = shown.title(edit.slide)
    if shape is None:
        raise ToolError(
            f"Slide {edit.slide} has no title to set. Nothing was changed. "
            "Remove it and add one that has, or replace the text that stands there."
        )
    text.set_line(text.body(shape), edit.title)
    touched.append(shape)
    return f"Slide {edit.slide} is called “{edit.title}”"


def _bulleted(shown: Shown, edit: SetBullets, touched: list[Any]) -> str:
    texts = shown.texts(edit.slide)
    if edit.which > len(texts):
        raise ToolError(
            f"Slide {edit.slide} has {len(texts)} texts besides its title, and no text {edit.which}. "
            "Nothing was changed. Remove it and add one that has bullets."
        )
    shape = texts[edit.which - 1]
    text.set_points(text.body(shape), tuple(map(writing.point, edit.bullets)))
    touched.append(shape)
    return f"Slide {edit.slide} has {len(edit.bullets)} bullets in text {edit.which}"


def _noted(shown: Shown, edit: SetNotes) -> str:
    body = shown.notes(edit.slide)
    if body is None:
        _new_notes(shown, edit.slide)
        body = shown.notes(edit.slide)
    if body is None:
        raise ToolError(f"The notes of slide {edit.slide} have no place for text. Nothing was changed.")
    lines = edit.notes.splitlines() or [""]
    text.set_points(body, [writing.plain(line) for line in lines])
    return f"Slide {edit.slide} has other notes"


def _new_notes(shown: Shown, number: int) -> None:
    """A page for notes, and the master for it where the deck has none."""
    part = shown.part(number)
    place = shown.in_order().index(part)
    copy = grafting.grown(shown, lambda deck: setting.notes(deck.slides[place], " "))
    slide = Shown(copy).in_order()[place]
    known = grafting.same(shown, copy)
    notes = grafting.graft(shown, copy, copy.linked(slide, "notesSlide"), _mastered(shown, copy, known))
    shown.package.link(part, "notesSlide", notes)


def _mastered(shown: Shown, copy: Package, known: dict[str, str]) -> dict[str, str]:
    """With the master of the notes, which the deck itself has to name."""
    from lxml import etree

    there, new = (one.linked(one.main, "notesMaster") for one in (shown.package, copy))
    if there or not new:
        return {**known, new: there} if there else known
    name = grafting.graft(shown, copy, new, known)
    id = shown.package.link(shown.package.main, "notesMaster", name)
    root = shown.package.xml(shown.package.main)
    listed = etree.Element(f"{_P}notesMasterIdLst")
    etree.SubElement(listed, f"{_P}notesMasterId", {f"{_R}id": id})
    root.find(f"{_P}sldMasterIdLst").addnext(listed)
    return known


def _charted(shown: Shown, edit: SetChart) -> str:
    parts = shown.charts(edit.slide)
    if edit.which > len(parts):
        raise ToolError(
            f"Slide {edit.slide} has {len(parts)} charts that can be changed, and no chart {edit.which}. "
            "Nothing was changed. A picture of a chart is replaced by a slide with a new one."
        )
    part = parts[edit.which - 1]
    copy = grafting.grown(shown, lambda deck: _refigured(deck, part, edit))
    grafting.replaced(shown, copy, part, grafting.same(shown, copy))
    return f"Slide {edit.slide} has other figures in chart {edit.which}"


def _refigured(deck: Any, part: str, edit: SetChart) -> None:
    shapes = (shape for slide in deck.slides for shape in _all(slide.shapes))
    drawn = (shape.chart for shape in shapes if getattr(shape, "has_chart", False))
    chart = next(one for one in drawn if str(one.part.partname) == f"/{part}")
    kind = type(chart.plots[0]).__name__ if len(list(chart.plots)) == 1 else ""
    if kind in ("", "BubblePlot"):
        raise ToolError("A chart of several kinds, or of bubbles, is not changed here. Nothing was changed.")
    figures = Chart(
        kind="scatter" if kind == "XyPlot" else "line", categories=edit.categories, series=edit.series
    )
    charts.check(figures)
    charting.refigure(chart, figures)


def _all(shapes: Any) -> list[Any]:
    return [one for shape in shapes for one in (_all(shape.shapes) if hasattr(shape, "shapes") else [shape])]


def _added(shown: Shown, edit: AddSlide, drawing: Drawing) -> str:
    """Several, where it does not fit on one."""
    before = len(shown.in_order())
    copy = grafting.grown(shown, lambda deck: _set(deck, edit.content, drawing))
    known = grafting.same(shown, copy)
    known = _mastered(shown, copy, known) if edit.content.notes else known
    made = Shown(copy).in_order()[before:]
    for part in made:
        shown.place(grafting.graft(shown, copy, part, known), edit.after)
    return f"Added {len(made)} {'slide' if len(made) == 1 else 'slides'} after slide {edit.after}"


def _set(deck: Any, slide: Slide, drawing: Drawing) -> None:
    is_mended = opening.tell_apart(deck)
    foot = _foot(deck)
    content = Content(title=foot.get("ftr", ""), date=foot.get("dt", ""), language=_language(deck))
    laid = list(pages.pages(deck, slide, drawing, _SUBTITLE if slide.subtitle else 0))
    for number, page in enumerate(laid):
        title = slide.title if not number else f"{slide.title} ({number + 1})"
        done = setting.page(deck, page, title, "" if number else slide.subtitle, content, drawing)
        for place in list(done.placeholders):
            kind = place.element.ph.get("type")
            if kind in layouts.FOOT and kind not in foot:
                place.element.getparent().remove(place.element)
        if is_mended:  # the layouts of the file are not: each place says itself where it is
            for place in done.placeholders:
                place.left, place.top, place.width, place.height = (
                    place.left,
                    place.top,
                    place.width,
                    place.height,
                )
        if slide.notes and not number:
            setting.notes(done, slide.notes)


def _foot(deck: Any) -> dict[str, str]:
    """What the last slide has at its foot: a new one has the same."""
    places = [place for slide in list(deck.slides)[-1:] for place in slide.placeholders]
    kinds = ((str(place.element.ph.get("type")), place) for place in places)
    return {kind: place.text_frame.text for kind, place in kinds if kind in layouts.FOOT}


def _language(deck: Any) -> str:
    """Of the deck's texts, where they say it."""
    found = (
        run.get("lang") for slide in deck.slides for run in slide.element.iter("{*}rPr") if run.get("lang")
    )
    return str(next(found, "en"))
