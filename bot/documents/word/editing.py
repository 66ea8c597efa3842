"""Edits of a DOCX: of its text, its sections and its tables; every part that they do not touch stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, assert_never

from bot.documents.drawing import Drawing
from bot.documents.edits import DeleteSection, ReplaceText, WordEdit
from bot.documents.package import Package
from bot.documents.word import text as word_text
from bot.documents.word.outline import Outline, removed
from bot.documents.word.xml import attribute, child
from bot.errors import ToolError

_WITH_TEXT: Final = ("header", "footer", "footnotes", "endnotes")


def edited(package: Package, edits: Sequence[WordEdit], drawing: Drawing) -> tuple[bytes, list[str]]:
    """The file, and what each edit came to. Raises `ToolError` for one that cannot be made."""
    _refuse_protected(package)
    told = [_done(package, edit, drawing) for edit in edits]
    return package.saved(), told


def _done(package: Package, edit: WordEdit, drawing: Drawing) -> str:
    match edit:
        case ReplaceText():
            return _replaced(package, edit)
        case DeleteSection():
            return _deleted(package, edit)
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


def _deleted(package: Package, edit: DeleteSection) -> str:
    outline = Outline(package)
    heading = outline.heading(edit.heading)
    gone = [heading, *outline.below(heading)]
    removed(gone)
    return f"Deleted {len(gone)} blocks"


def _parts(package: Package) -> list[str]:
    """Those with text that people read: the document, then headers, footers and notes."""
    links = package.links(package.main)
    found = [target for _, kind, target in links if kind in _WITH_TEXT and target in package]
    return [package.main, *dict.fromkeys(found)]


def _refuse_protected(package: Package) -> None:
    part = package.linked(package.main, "settings")
    protection: Any = child(package.xml(part), "w:documentProtection") if part else None
    if (
        attribute(protection, "w:enforcement") in ("1", "true", "on")
        and attribute(protection, "w:edit") != "none"
    ):
        raise ToolError(
            "The document is protected against changes. Nothing was changed. Ask for a copy without protection."
        )
