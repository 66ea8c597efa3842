"""A deck somebody gave as a template: its masters, layouts and theme, without its slides or what tells of them."""

from __future__ import annotations

import io
from typing import Any, Final

from bot.documents.package import Package
from bot.errors import ToolError

_KIND: Final = "application/vnd.openxmlformats-officedocument.presentationml.{}.main+xml"
_TELLING: Final = ("/extended-properties", "/custom-properties", "/metadata/thumbnail", "/printerSettings")
_LISTS: Final = ("sectionLst", "custShowLst")


def emptied(file: bytes) -> Any:
    """The presentation, to be filled. Raises `ToolError` where it is none that can be opened safely."""
    from pptx import Presentation

    package = _checked(file)
    try:
        deck: Any = Presentation(io.BytesIO(package.saved()))
        for one in list(deck.slides._sldIdLst):
            deck.part.drop_rel(one.rId)
            deck.slides._sldIdLst.remove(one)
        layouts = list(deck.slide_layouts)
    except Exception as error:  # parse boundary: the library raises anything on a broken file
        raise ToolError(
            "The template is broken: it does not open. Nothing was made; ask for it to be saved again."
        ) from error
    if not layouts:
        raise ToolError("The template has no layouts. Nothing was made; give another, or none.")
    tell_apart(deck)
    forget(deck)
    return deck


def tell_apart(deck: Any) -> bool:
    """Layouts of other programs may have several places of one number, which leaves open where a text belongs: they
    get numbers of their own. Whether there were such."""
    is_mended = False
    for layout in (layout for master in deck.slide_masters for layout in master.slide_layouts):
        taken: set[int] = set()
        for place in layout.placeholders:
            number = place.element.ph.idx
            if number in taken:
                number = max([12, *taken, *(one.element.ph.idx for one in layout.placeholders)]) + 1
                place.element.ph.set("idx", str(number))
                is_mended = True
            taken.add(number)
    return is_mended


def forget(deck: Any) -> None:
    """The names of the slides that were there, their sections, shows and picture."""
    for holder in (deck.part.package, deck.part):
        for key, rel in list(holder._rels.items()):
            if rel.reltype.endswith(_TELLING):
                holder._rels.pop(key)
    for one in list(deck.part._element.iter()):
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in _LISTS:
            gone = one.getparent() if one.getparent().tag.endswith("}ext") else one
            gone.getparent().remove(gone)


def _checked(file: bytes) -> Package:
    """A .potx is a deck but for what it is called."""
    package = Package(file)
    package.refuse_macros()
    if package.type_of(package.main) == _KIND.format("template"):
        package.retype(package.main, _KIND.format("presentation"))
    if package.type_of(package.main) != _KIND.format("presentation"):
        raise ToolError(
            "The template is no PowerPoint file (.pptx or .potx). Nothing was made; give another."
        )
    return package
