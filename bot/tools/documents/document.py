"""What reading a file gives, and the limits that all families keep."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import ToolError

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
MOST_PAGES = 500
MOST_ROWS = 10_000
MOST_COLUMNS = 256
MOST_CHARACTERS = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file's text as Markdown; `note` says what is not shown, or what a reader should know."""

    format: str
    text: str
    note: str = ""


def presentable(document: Document) -> Document:
    """At most ten million characters, and only such as any database and any wire takes."""
    text = document.text[:MOST_CHARACTERS].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    note = document.note
    if len(document.text) > MOST_CHARACTERS:
        note = f"{note} Only the first {MOST_CHARACTERS:,} characters are shown.".strip()
    return Document(format=document.format, text=text, note=note)


def too_much(name: str, what: str) -> ToolError:
    """The refusal of a file that would take more than its share of time or memory."""
    return ToolError(
        f"'{name}' takes too much {what} to read: it is very large inside, or broken (a spreadsheet with a stray "
        f"cell far from the others does this). Ask for a smaller file, or for the content as CSV or text."
    )
