"""A picture in the line of its paragraph: within the page, and with words for those who do not see it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from bot.documents.drawing import Picture
from bot.documents.package import Package, parsed
from bot.documents.word.xml import child, legal, name

_PIXELS_ACROSS: Final = 1_000
"""A picture of so many pixels or more takes the whole width of the text."""
_MOST_OF_HEIGHT: Final = 0.75
_UNITS: Final = 635
"""English metric units in a twip."""
_FRAME: Final = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{id}" name=
"Picture {id}"/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic
><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr
 id="{id}" name="Picture {id}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{link}"/><a:stretch
><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"
/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic
></wp:inline></w:drawing>"""


@dataclass(frozen=True, kw_only=True)
class Space:
    """What a page has for its text, in twips."""

    width: int
    height: int


def width_of(picture: Picture, space: Space) -> float:
    """In twips."""
    wide = min(1.0, picture.width / _PIXELS_ACROSS) * space.width
    return min(wide, space.height * _MOST_OF_HEIGHT * picture.width / picture.height)


def drawn(package: Package, picture: Picture, space: Space, id: int) -> Any:
    """The drawing of a run, known by its `id`. The same picture twice is one part."""
    scale = width_of(picture, space) / picture.width
    sides = (max(1, round(side * scale * _UNITS)) for side in (picture.width, picture.height))
    width, height = sides
    frame = _FRAME.format(width=width, height=height, id=id, link=_linked(package, picture.file))
    element = parsed(frame.encode())
    child(element, "wp:inline", "wp:docPr").set("descr", legal(picture.alt))
    return element


def space_of(section: Any) -> Space:
    """Of a page set-up; of A4 where it says nothing."""
    page, margins, columns = (child(section, one) for one in ("w:pgSz", "w:pgMar", "w:cols"))
    width = _twips(page, "w:w", 11_906) - _twips(margins, "w:left", 1_247) - _twips(margins, "w:right", 1_247)
    height = (
        _twips(page, "w:h", 16_838) - _twips(margins, "w:top", 1_247) - _twips(margins, "w:bottom", 1_361)
    )
    count = max(1, _twips(columns, "w:num", 1))
    width = (width - (count - 1) * _twips(columns, "w:space", 720)) // count
    return Space(width=max(1_440, width), height=max(1_440, height))


def free_id(package: Package) -> int:
    """The first number that no drawing of the text has."""
    found = [one.get("id", "0") for one in package.xml(package.main).iter(name("wp:docPr"))]
    return max((int(one) for one in found if one.isdigit()), default=0) + 1


def _twips(element: Any, short: str, default: int) -> int:
    given = "" if element is None else element.get(name(short), "")
    return abs(int(given)) if given.lstrip("-").isdigit() else default


def _linked(package: Package, file: bytes) -> str:
    ending, content_type = ("png", "image/png") if file.startswith(b"\x89PNG") else ("jpeg", "image/jpeg")
    part = f"word/media/{hashlib.sha256(file).hexdigest()[:16]}.{ending}"
    if part not in package:
        package.add(part, file, content_type)
    return package.link(package.main, "image", part)
