"""The job of opening a finished document again: what it comes to, what a reader would stumble over, how it looks."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import Base64Bytes, BaseModel, Field

from bot.documents import archive, inspected, printing
from bot.documents.inspected import Found, Kind, counted
from bot.errors import ToolError

LARGEST = 50_000_000
_MOST_PAGES = 200
_ACROSS = 1_000
"""A preview is so many pixels wide."""
_MOST_SHOWN = 4
_GAP = 6
_EDGE = 2.0
_MOST_OFF = 5
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|N/A)|\bErr:5\d\d\b")
_REMOTE = "//img/@src | //script/@src | //link/@href | //iframe/@src | //object/@data"


class Order(BaseModel):
    """`file` is a descriptor at its beginning; without `picture` none is made, which takes the most time."""

    format: Kind
    file: int
    picture: bool = True


class Seen(BaseModel):
    """`extent` in words, `faults` each a sentence without its end; `picture` is a PNG of the first page, where there
    is a way to make one."""

    extent: str = ""
    faults: list[str] = Field(default_factory=list)
    picture: Base64Bytes | None = None


def done(order: Order) -> Seen:
    """Raises nothing for what is wrong with the document."""
    with os.fdopen(order.file, "rb", closefd=False) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        return Seen()
    look = found(content, order.format)
    pages = _pages(content, order.format) if order.picture and look.extent else None
    if pages is not None and order.format != "pdf":
        look = _as_printed(look, pages, order.format)
    picture = _pictured(pages) if pages else None
    if order.format == "html" and order.picture and look.extent:
        picture = printing.photographed(content)
    return Seen.model_construct(extent=look.extent, faults=list(look.faults), picture=picture)


def _pages(content: bytes, form: Kind) -> bytes | None:
    """As PDF, where it has pages."""
    if form == "html":
        return None
    return content if form == "pdf" else printing.printed(content, form)


def _as_printed(look: Found, pages: bytes, form: Kind) -> Found:
    """With what only shows in print: how many pages, what runs off them, and what formulas come to."""
    import pypdfium2

    with pypdfium2.PdfDocument(pages) as document:
        number = len(document)
        seen = [document[place] for place in range(min(number, _MOST_PAGES))]
        off = [f"{place}" for place, page in enumerate(seen, 1) if _runs_out(page)]
        said = " ".join(page.get_textpage().get_text_bounded() for page in seen) if form == "xlsx" else ""
    faults = [*look.faults]
    if off:
        place = "slide" if form == "pptx" else "page"
        faults.append(f"Text runs out of {place}{'s' if len(off) > 1 else ''} {', '.join(off[:_MOST_OFF])}")
    errors = dict.fromkeys(_ERROR.findall(said))
    if errors and not any("come out as an error" in one for one in faults):
        faults.append(f"Cells come out as an error: {', '.join(errors)}")
    extent = f"{counted(number, 'page')}, {look.extent}" if form == "docx" else look.extent
    return Found(extent=extent, faults=tuple(faults))


def found(content: bytes, form: Kind) -> Found:
    """What is there to be said of it. A file that does not open is a fault like others."""
    try:
        return _KINDS[form](content)
    except ToolError as error:
        return Found(faults=(str(error).rstrip("."),))
    except Exception as error:  # noqa: BLE001 - parse boundary: these libraries raise anything on broken input
        return Found(faults=(f"It does not open ({type(error).__name__})",))


def _pdf(content: bytes) -> Found:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        number = len(document)
        faults = [
            fault for place in range(min(number, _MOST_PAGES)) for fault in _page(document[place], place + 1)
        ]
    return Found(extent=counted(number, "page"), faults=tuple(faults if number else ["It has no page"]))


def _page(page: Any, number: int) -> Iterator[str]:
    text = page.get_textpage()
    if not text.count_chars() and next(iter(page.get_objects(max_depth=1)), None) is None:
        yield f"Page {number} is empty"
    if _runs_out(page):
        yield f"On page {number} text runs out of the page"
    yield from inspected.leftovers(text.get_text_bounded(), f"page {number}")


def _runs_out(page: Any) -> bool:
    text = page.get_textpage()
    left, bottom, right, top = page.get_cropbox()
    boxes = (text.get_rect(place) for place in range(text.count_rects()))
    return any(
        box[0] < left - _EDGE or box[1] < bottom - _EDGE or box[2] > right + _EDGE or box[3] > top + _EDGE
        for box in boxes
    )


def _html(content: bytes) -> Found:
    from lxml import html

    page = html.document_fromstring(content)
    for one in page.xpath("//script | //style"):
        one.drop_tree()
    body = page.find("body")
    text = "" if body is None else body.text_content()
    faults = [*inspected.leftovers(_prose(page))]
    remote = [one for one in page.xpath(_REMOTE) if one.strip().lower().startswith(("http:", "https:", "//"))]
    if remote:
        faults.append(f"It loads {counted(len(remote), 'part')} from elsewhere: it does not stand alone")
    if not text.split():
        faults.append("It says nothing")
    return Found(extent=counted(len(text.split()), "word"), faults=tuple(faults))


def _prose(page: Any) -> str:
    return "\n".join(page.xpath("//body//text()[not(ancestor::code or ancestor::pre)]"))


def _packed(look: Callable[[zipfile.ZipFile], Found]) -> Callable[[bytes], Found]:
    def opened(content: bytes) -> Found:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            archive.refuse_bomb(package, "It")
            found = look(package)
            return replace(found, faults=(*found.faults, *inspected.elsewhere(package)))

    return opened


_KINDS: dict[Kind, Callable[[bytes], Found]] = {
    "pdf": _pdf,
    "html": _html,
    "docx": _packed(inspected.word),
    "xlsx": _packed(inspected.sheets),
    "pptx": _packed(inspected.slides),
}


def _pictured(content: bytes) -> bytes:
    """The first page of a PDF; of a deck, whose pages lie, the first four."""
    import pypdfium2
    from PIL import Image

    with pypdfium2.PdfDocument(content) as document:
        first = document[0]
        is_deck = len(document) > 1 and first.get_width() > first.get_height()
        number = min(len(document), _MOST_SHOWN) if is_deck else 1
        across = _ACROSS // 2 if is_deck else _ACROSS
        images = [_drawn(document[place], across - is_deck * _GAP) for place in range(number)]
    if is_deck:
        height = max(image.height for image in images) + _GAP
        sheet = Image.new("RGB", (_ACROSS, height * -(-number // 2)), "#cccccc")
        for place, image in enumerate(images):
            sheet.paste(image, (place % 2 * across + _GAP // 2, place // 2 * height + _GAP // 2))
        images = [sheet]
    target = io.BytesIO()
    images[0].save(target, "PNG", optimize=True)
    return target.getvalue()


def _drawn(page: Any, across: int) -> Any:
    """As wide as that, or twice as high."""
    scale = across / max(page.get_width(), page.get_height() / 2, 1.0)
    return page.render(scale=scale).to_pil().convert("RGB")
