"""Edits of a DOCX: of its text, its sections and its tables; every part that they do not touch stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, assert_never

from bot.documents.content import Block
from bot.documents.drawing import Drawing
from bot.documents.edits import (
    AddTableRow,
    DeleteSection,
    InsertBlocks,
    ReplaceSection,
    ReplaceText,
    SetTableCell,
    WordEdit,
)
from bot.documents.markdown import runs
from bot.documents.package import Package
from bot.documents.word import captions, cells
from bot.documents.word import text as word_text
from bot.documents.word.blocks import Setting
from bot.documents.word.house import spoken_in
from bot.documents.word.outline import Outline, removed
from bot.documents.word.pictures import space_of
from bot.documents.word.styles import table_style
from bot.documents.word.xml import attribute, child
from bot.errors import ToolError

_WITH_TEXT: Final = ("header", "footer", "footnotes", "endnotes")


def edited(package: Package, edits: Sequence[WordEdit], drawing: Drawing) -> tuple[bytes, list[str]]:
    """The file, and what each edit came to. Raises `ToolError` for one that cannot be made."""
    _refuse_protected(package)
    lent: list[str] = []
    told = [_done(package, edit, drawing, lent) for edit in edits]
    if lent:
        drawing.note(f"The document had no styles for {', '.join(dict.fromkeys(lent))}: they are plain.")
    if _tracks_changes(package):
        drawing.note(
            "The document tracks changes; these edits are made outright, and are not marked in it as changes."
        )
    return package.saved(), told


def _done(package: Package, edit: WordEdit, drawing: Drawing, lent: list[str]) -> str:
    match edit:
        case ReplaceText():
            return _replaced(package, edit)
        case InsertBlocks():
            return _inserted(package, edit, drawing, lent)
        case ReplaceSection():
            return _replaced_section(package, edit, drawing, lent)
        case DeleteSection():
            return _deleted(package, edit)
        case SetTableCell():
            return _set_cell(package, edit, drawing)
        case AddTableRow():
            return _added_row(package, edit, drawing)
    assert_never(edit)


def _replaced(package: Package, edit: ReplaceText) -> str:
    paragraphs = [one for part in _parts(package) for one in word_text.paragraphs(package.xml(part))]
    for is_loose in (False, True):
        places = [(one, word_text.found(one, edit.old_text, is_loose=is_loose)) for one in paragraphs]
        count = sum(len(found) for one, found in places if not word_text.is_echo(one))
        if count:
            break
    if count != 1 and not (count and edit.everywhere):
        raise ToolError(_miscounted(edit.old_text, count))
    for paragraph, found in places:
        word_text.replace(paragraph, found, len(edit.old_text), edit.new_text)
    return f"Replaced in {count} {'place' if count == 1 else 'places'}"


def _miscounted(text: str, count: int) -> str:
    shown = text if len(text) <= 80 else text[:79] + "…"
    if count:
        return (
            f"{shown!r} occurs {count} times. Nothing was changed. Give a longer text that occurs once, or say "
            "everywhere."
        )
    return (
        f"{shown!r} does not occur within any one paragraph. Nothing was changed. Read the file and give the text "
        "as it stands, without Markdown's marks."
    )


def _inserted(package: Package, edit: InsertBlocks, drawing: Drawing, lent: list[str]) -> str:
    body = child(package.xml(package.main), "w:body")
    last = child(body, "w:sectPr")
    before = [one for one in body if one is not last][-1:]
    place = Outline(package).paragraph(edit.after) if edit.after else before[0] if before else None
    return f"Inserted {_put(package, place, edit.blocks, drawing, lent)}"


def _replaced_section(package: Package, edit: ReplaceSection, drawing: Drawing, lent: list[str]) -> str:
    outline = Outline(package)
    heading = outline.heading(edit.heading)
    gone = outline.below(heading)
    removed(gone)
    return f"Replaced {_counted(len(gone))} by {_put(package, heading, edit.blocks, drawing, lent)}"


def _put(package: Package, after: Any, blocks: Sequence[Block], drawing: Drawing, lent: list[str]) -> str:
    """At the beginning where there is nothing to put it after. Captions are counted anew."""
    body = child(package.xml(package.main), "w:body")
    setting = _setting(package, drawing, after)
    elements = setting.elements(blocks)
    for element in reversed(elements):
        if after is None:
            body.insert(0, element)
        else:
            after.addnext(element)
    captions.count(body)
    lent += setting.styles.lent
    return _counted(len(elements))


def _setting(package: Package, drawing: Drawing, place: Any = None) -> Setting:
    """Into the page that the place is on."""
    body = child(package.xml(package.main), "w:body")
    ahead = (child(one, "w:pPr", "w:sectPr") for one in place.itersiblings()) if place is not None else ()
    section = next((one for one in ahead if one is not None), child(body, "w:sectPr"))
    language, table = spoken_in(package), table_style(package)
    return Setting(package, drawing, space_of(section), language=language, table=table)


def _deleted(package: Package, edit: DeleteSection) -> str:
    outline = Outline(package)
    heading = outline.heading(edit.heading)
    gone = [heading, *outline.below(heading)]
    removed(gone)
    captions.count(child(package.xml(package.main), "w:body"))
    return f"Deleted {_counted(len(gone))}"


def _set_cell(package: Package, edit: SetTableCell, drawing: Drawing) -> str:
    cell = cells.cell_of(cells.row_of(package.xml(package.main), edit.table, edit.row), edit.column)
    cells.say(cell, _setting(package, drawing).runs(runs(edit.text)))
    return "Wrote a cell"


def _added_row(package: Package, edit: AddTableRow, drawing: Drawing) -> str:
    above = cells.row_of(package.xml(package.main), edit.table, edit.after)
    columns = len(cells.cells_of(above))
    if len(edit.cells) != columns:
        raise ToolError(
            f"Row {edit.after} of table {edit.table} has {columns} cells, and {len(edit.cells)} were given. "
            "Nothing was changed."
        )
    setting = _setting(package, drawing)
    for cell, words in zip(cells.cells_of(cells.like(above)), edit.cells, strict=True):
        cells.say(cell, setting.runs(runs(words)))
    return "Added a row"


def _counted(count: int) -> str:
    return f"{count} {'block' if count == 1 else 'blocks'}"


def _parts(package: Package) -> list[str]:
    """Those with text that people read: the document, then headers, footers and notes."""
    links = package.links(package.main)
    found = [target for _, kind, target in links if kind in _WITH_TEXT and target in package]
    return [package.main, *dict.fromkeys(found)]


def _tracks_changes(package: Package) -> bool:
    tracked = child(_settings(package), "w:trackRevisions")
    return tracked is not None and attribute(tracked) not in ("0", "false", "off")


def _settings(package: Package) -> Any:
    part = package.linked(package.main, "settings")
    return package.xml(part) if part else None


def _refuse_protected(package: Package) -> None:
    protection: Any = child(_settings(package), "w:documentProtection")
    if (
        attribute(protection, "w:enforcement") in ("1", "true", "on")
        and attribute(protection, "w:edit") != "none"
    ):
        raise ToolError(
            "The document is protected against changes. Nothing was changed. Ask for a copy without protection."
        )
