"""A Word file as a template: its styles, headers, footers, page and cover are kept, its text makes room for another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.documents.package import Package
from bot.documents.word import notes, places
from bot.documents.word.outline import Outline
from bot.documents.word.styles import table_style
from bot.documents.word.xml import attribute, child, name
from bot.errors import ToolError

_DOCUMENT: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_PACKED: Final = b"PK\x03\x04"
_WITHOUT_ID: Final = (
    "styles", "settings", "theme", "fontTable", "numbering", "footnotes", "endnotes", "webSettings", "customXml",
    "glossaryDocument", "stylesWithEffects",
)  # fmt: skip
"""What a text is linked to without naming it. The comments on a text that is gone go with it."""


@dataclass(frozen=True)
class Room:
    """Made in a file: what goes in goes before `before`. `table` is the name of its style for tables; `is_titled`
    says that the title stands there already."""

    package: Package
    before: Any
    table: str
    is_titled: bool


def room_in(file: bytes, content: Content, drawing: Drawing) -> Room:
    """Raises `ToolError` for what is no Word file, or holds macros."""
    package = _opened(file)
    body = child(package.xml(package.main), "w:body")
    table = table_style(package)
    before = _cleared(package, body)
    given = {key: getattr(content, key) for key in places.NAMES if getattr(content, key)}
    parts = [
        package.main,
        *(there for _, kind, there in package.links(package.main) if kind in ("header", "footer")),
    ]
    filled = {part: places.fill(package.xml(part), given) for part in dict.fromkeys(parts)}
    _forget(package)
    left = len({one for part in filled for one in places.left(package.xml(part))})
    if left:  # their words are the template's, and nobody has said who wrote it
        drawing.note(
            f"{left} of the template's places in {{{{ }}}} {'is' if left == 1 else 'are'} not filled: read the file, "
            "and fill them with edit_document."
        )
    return Room(package, before, table, "title" in filled[package.main])


def _opened(file: bytes) -> Package:
    if not file.startswith(_PACKED):
        raise ToolError(
            "The template is no Word file (docx or dotx), or is encrypted. Nothing was made. Of a template in text or "
            "Markdown follow the outline, without `template`."
        )
    package = Package(file)
    package.refuse_macros()
    if package.type_of(package.main) not in (_DOCUMENT, _TEMPLATE):
        raise ToolError("The template is no Word file (docx or dotx). Nothing was made. Give one that is.")
    package.retype(package.main, _DOCUMENT)
    return package


def _cleared(package: Package, body: Any) -> Any:
    """Where the text is to go, once the old one has gone: at {{content}}, or after the cover, or in place of all."""
    for paragraph in body.findall(name("w:p")):
        if places.is_for_content(paragraph):
            after = paragraph.getnext()
            body.remove(paragraph)
            return _ending(body) if after is None else after
    cover = _cover(package, body)
    gone = [one for one in body if one.tag != name("w:sectPr") and one not in cover]
    _inherit(body, gone)
    for one in gone:
        body.remove(one)
    return _ending(body)


def _ending(body: Any) -> Any:
    """The set-up of the last page, which ends every text."""
    found = child(body, "w:sectPr")
    if found is None:
        found = body.makeelement(name("w:sectPr"))
        body.append(found)
    return found


def _cover(package: Package, body: Any) -> list[Any]:
    """All that stands before the first heading, up to the end of the page of its last place for words of ours."""
    outline, ahead = Outline(package), []
    for one in body:
        if outline.level(one) or one.tag == name("w:sectPr"):
            break
        ahead.append(one)
    last = max((number for number, one in enumerate(ahead, 1) if places.has_place(one)), default=0)
    if last:
        ends = (number for number, one in enumerate(ahead[last - 1 :], last) if _ends_page(one))
        last = next(ends, last)
    return ahead[:last]


def _ends_page(element: Any) -> bool:
    breaks = (attribute(one, "w:type") == "page" for one in element.iter(name("w:br")))
    return any(breaks) or child(element, "w:pPr", "w:sectPr") is not None


def _inherit(body: Any, gone: list[Any]) -> None:
    """The headers and footers that the last pages had from pages before them, which go."""
    ending = _ending(body)
    if any(
        _ends_page(one) and child(one, "w:pPr", "w:sectPr") is not None for one in body if one not in gone
    ):
        return
    for one in reversed(gone):
        section = child(one, "w:pPr", "w:sectPr")
        for reference in list(section if section is not None else ()):
            if reference.tag not in (name("w:headerReference"), name("w:footerReference")):
                continue
            if not any(_is_like(reference, held) for held in ending):
                ending.insert(0, reference)


def _is_like(one: Any, other: Any) -> bool:
    return bool(one.tag == other.tag and attribute(one, "w:type") == attribute(other, "w:type"))


def _forget(package: Package) -> None:
    """What only the old text used: its pictures, links, charts, comments and notes."""
    notes.forget(package)
    used = set(_named(package.xml(package.main)))
    for id, kind, _ in package.links(package.main):
        if kind not in _WITHOUT_ID and id not in used:
            package.unlink(package.main, id)
    for id, kind, _ in package.links(""):
        if kind == "thumbnail":
            package.unlink("", id)
    _stand_alone(package)
    package.drop_unlinked()


def _stand_alone(package: Package) -> None:
    """The file that the template itself is from, which Word would fetch from wherever it says."""
    settings = package.linked(package.main, "settings")
    for id, kind, _ in package.links(settings) if settings else ():
        if kind == "attachedTemplate":
            package.unlink(settings, id)
            for one in package.xml(settings).findall(name("w:attachedTemplate")):
                package.xml(settings).remove(one)


def _named(root: Any) -> Iterator[str]:
    relations = name("r:id").rpartition("}")[0] + "}"
    for one in root.iter():
        yield from (str(value) for key, value in one.attrib.items() if key.startswith(relations))
