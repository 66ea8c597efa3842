"""What a reader of an Office file would stumble over, told by its parts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bot.documents.placeholders import placeholders

Kind = Literal["docx", "xlsx", "pptx", "pdf", "html"]

_MOST_NAMED = 5
_CODE = re.compile("code|verbatim|macro", re.I)
_BROKEN = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#N/A")
_TOLERANCE = 20_000
"""EMU: a fiftieth of an inch."""
_TWIP = 635
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@dataclass(frozen=True, kw_only=True)
class Found:
    """`extent` in words, "" where it does not open; `faults` each a sentence without its end."""

    extent: str = ""
    faults: tuple[str, ...] = ()


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def leftovers(text: str, where: str = "") -> Iterator[str]:
    """A template's words that were never filled in."""
    for one in placeholders([text])[:_MOST_NAMED]:
        place = f" on {where}" if where else ""
        yield f"{quoted(one)} stands in it{place}: a placeholder that is still to be filled in"


def quoted(words: str) -> str:
    """What the document says itself."""
    return f"“{words.replace('”', '’')}”"


def without_quotes(fault: str) -> str:
    """The same with nothing of what the document says: for who may not be told by it."""
    return re.sub(r"“[^”]*”", "“…”", fault)


def elsewhere(package: zipfile.ZipFile) -> Iterator[str]:
    """What whoever opens it loads unasked; a link that people follow is none."""
    links = [one for part in package.namelist() if part.endswith(".rels") for one in _root(package, part)]
    outside = [one for one in links if one.get("TargetMode") == "External"]
    number = sum(1 for one in outside if not str(one.get("Type")).endswith("/hyperlink"))
    if number:
        yield f"It loads {counted(number, 'part')} from elsewhere: it does not stand alone"


def word(package: zipfile.ZipFile) -> Found:
    body = _root(package, "word/document.xml")
    text = "\n".join("".join(part.text or "" for part in one.iter(f"{_W}t")) for one in body.iter(f"{_W}p"))
    pictures = [one for one in body.iter(f"{_WP}inline", f"{_WP}anchor")]
    tables = sum(1 for _ in body.iter(f"{_W}tbl"))
    faults = [*leftovers(_prose(body))]
    room = _room(body)
    wide = sum(1 for one in pictures if room and _extent(one) > room + _TOLERANCE)
    if wide:
        faults.append(f"{counted(wide, 'picture')} wider than the text: it runs off the page")
    if not text.split() and not pictures and not tables:
        faults.append("It says nothing")
    parts = [counted(len(text.split()), "word"), *_some(tables, "table"), *_some(len(pictures), "picture")]
    return Found(extent=", ".join(parts), faults=tuple(faults))


def slides(package: zipfile.ZipFile) -> Found:
    deck = _root(package, "ppt/presentation.xml")
    size = deck.find(f"{_P}sldSz")
    links = _links(package, "ppt/_rels/presentation.xml.rels")
    parts = [f"ppt/{links[one.get(f'{_R}id')]}" for one in deck.iter(f"{_P}sldId")]
    faults: list[str] = []
    for number, part in enumerate(parts, 1):
        faults += _slide(_root(package, part), number, int(size.get("cx")), int(size.get("cy")))
    if not parts:
        faults.append("It has no slide")
    return Found(extent=counted(len(parts), "slide"), faults=tuple(faults))


def sheets(package: zipfile.ZipFile) -> Found:
    book = _root(package, "xl/workbook.xml")
    links = _links(package, "xl/_rels/workbook.xml.rels")
    found = [(one.get("name"), _target("xl", links[one.get(f"{_R}id")])) for one in book.iter(f"{_S}sheet")]
    rows, faults = 0, list[str]()
    for name, part in found:
        if part not in package.namelist() or "worksheet" not in part:
            continue
        number, broken, said = _cells(package, part)
        rows += number
        faults += leftovers(said, f"the sheet {quoted(name)}")
        if broken:
            faults.append(
                f"On the sheet {quoted(name)} these cells come out as an error: {', '.join(broken[:_MOST_NAMED])}"
            )
        if not number and "xl/drawings" not in " ".join(package.namelist()):
            faults.append(f"The sheet {quoted(name)} is empty")
    shared = "xl/sharedStrings.xml"
    text = (
        " ".join(one.text or "" for one in _root(package, shared).iter(f"{_S}t"))
        if _has(package, shared)
        else ""
    )
    return Found(
        extent=f"{counted(len(found), 'sheet')}, {counted(rows, 'row')}", faults=(*faults, *leftovers(text))
    )


def _prose(body: Any) -> str:
    """Without what a style says is code: that has its own marks for what is to be filled in."""
    told = []
    for one in body.iter(f"{_W}p"):
        is_code = _CODE.search(_style(one, "pPr/{}pStyle"))
        runs = () if is_code else one.iter(f"{_W}r")
        said = (run for run in runs if not _CODE.search(_style(run, "rPr/{}rStyle")))
        told.append("".join(part.text or "" for run in said for part in run.iter(f"{_W}t")))
    return "\n".join(told)


def _style(element: Any, path: str) -> str:
    found = element.find(_W + path.format(_W))
    return "" if found is None else str(found.get(f"{_W}val"))


def _slide(slide: Any, number: int, width: int, height: int) -> Iterator[str]:
    text = "\n".join("".join(part.text or "" for part in one.iter(f"{_A}t")) for one in slide.iter(f"{_A}p"))
    yield from leftovers(text, f"slide {number}")
    tree = slide.find(f"{_P}cSld/{_P}spTree")
    things = [one for one in tree if one.tag in (f"{_P}pic", f"{_P}graphicFrame", f"{_P}grpSp")]
    if not text.strip() and not things:
        yield f"Slide {number} is empty"
    if any(_is_outside(one, width, height) for one in tree):
        yield f"On slide {number} something stands outside the slide"


def _is_outside(shape: Any, width: int, height: int) -> bool:
    place = next((one for one in shape.iter(f"{_A}xfrm", f"{_P}xfrm")), None)
    if shape.tag == f"{_P}grpSpPr" or place is None or (start := place.find(f"{_A}off")) is None:
        return False
    if place.get("rot") or (extent := place.find(f"{_A}ext")) is None:
        return False
    left, top = int(start.get("x")), int(start.get("y"))
    right, bottom = left + int(extent.get("cx")), top + int(extent.get("cy"))
    return min(left, top) < -_TOLERANCE or right > width + _TOLERANCE or bottom > height + _TOLERANCE


def _cells(package: zipfile.ZipFile, part: str) -> tuple[int, list[str], str]:
    """How many rows have something in them, the cells whose formula is broken, and the words that stand in place."""
    from lxml import etree

    rows, broken, words = 0, list[str](), list[str]()
    with package.open(part) as file:
        for _, row in etree.iterparse(file, tag=f"{_S}row", resolve_entities=False, no_network=True):
            cells = [one for one in row if len(one)]
            rows += bool(cells)
            broken += [f"{_place(one)} {error}" for one in cells if (error := _error(one))]
            words += [one.text or "" for one in row.iter(f"{_S}t")]
            row.clear()
    return rows, broken, "\n".join(words)


def _place(cell: Any) -> str:
    place = str(cell.get("r", ""))
    return place if re.fullmatch(r"[A-Z]{1,3}[0-9]{1,7}", place) else "?"


def _error(cell: Any) -> str:
    """That it shows, or that stands in its formula; "" where there is none."""
    if cell.get("t") == "e":
        shown = str(cell.findtext(f"{_S}v"))
        return shown if shown in _BROKEN else "#ERROR!"
    formula = cell.findtext(f"{_S}f") or ""
    return next((one for one in _BROKEN if one in formula), "")


def _room(body: Any) -> int:
    """Between the margins of the widest of its pages."""
    widths = [0]
    for section in body.iter(f"{_W}sectPr"):
        size, edges = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
        if size is not None and edges is not None:
            inside = (float(edges.get(f"{_W}{side}", "0")) for side in ("left", "right"))
            widths.append(int((float(size.get(f"{_W}w", "0")) - sum(inside)) * _TWIP))
    return max(widths)


def _extent(picture: Any) -> int:
    extent = picture.find(f"{_WP}extent")
    return 0 if extent is None else int(extent.get("cx", "0"))


def _links(package: zipfile.ZipFile, part: str) -> dict[str, str]:
    return {one.get("Id"): one.get("Target") for one in _root(package, part)}


def _target(folder: str, target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"{folder}/{target}"


def _some(number: int, noun: str) -> list[str]:
    return [counted(number, noun)] if number else []


def _has(package: zipfile.ZipFile, part: str) -> bool:
    return part in package.namelist()


def _root(package: zipfile.ZipFile, part: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(package.read(part), parser)
