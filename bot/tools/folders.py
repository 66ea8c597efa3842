"""Looking around: list a folder, search names and lines, make a folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated

from bot.domain.call import Result
from bot.domain.effect import Access, Effect
from bot.domain.label import Source
from bot.domain.receipt import Receipt
from bot.sdk.tool import tool
from bot.tools.desk import Desk
from bot.tools.entries import Entry

_MOST_ENTRIES = 2_000
_READ_AHEAD = 20_000


def _reads(desk: Desk, path: str, recursive: bool = False) -> tuple[Access, ...]:
    return desk.reading(path, is_deep=recursive)


def _names_in(desk: Desk, path: str, recursive: bool = False) -> tuple[Source, ...]:
    return (desk.source(path, with_all_below=recursive),)


@tool(accesses=_reads, sources=_names_in, preview=lambda desk, path, **_: f"List {desk.name(path)}")
def list_folder(
    desk: Desk,
    path: Annotated[str, "An absolute path inside a granted folder, or relative to the task's own folder."],
    recursive: Annotated[bool, "Also everything below, with paths relative to `path`."] = False,
) -> Result:
    """List what is in a folder: names, sizes in bytes and when each was last modified (UTC).

    Use it before you touch files, so that you know every name. Folders end in "/". Hidden entries (a leading
    dot) are counted but not shown. At most 2,000 entries come back; list a subfolder for more.
    """
    found = desk.workspace.listing(path, recursive=recursive, limit=_READ_AHEAD)
    base = desk.workspace.locate(path).shown
    named = [(_relative(entry, base), entry) for entry in found]
    shown = [(name, entry) for name, entry in named if not _is_hidden(name)]
    hidden = len(named) - len(shown)
    folders = sum(entry.kind == "folder" for _, entry in shown)
    counts = f"{folders} folders, {len(shown) - folders} files" if shown else "empty"
    lines = [f"{base}: {counts}", *(_line(name, entry) for name, entry in sorted(shown[:_MOST_ENTRIES]))]
    if len(shown) > _MOST_ENTRIES:
        lines.append(f"… {len(shown) - _MOST_ENTRIES} more; list a subfolder")
    if hidden:
        lines.append(f"({hidden} hidden entries not shown)")
    return Result(text="\n".join(lines))


def _search_reads(desk: Desk, query: str, path: str | None = None) -> tuple[Access, ...]:
    searched = [path] if path else desk.workspace.tops
    return tuple(access for one in searched for access in desk.reading(one, is_deep=True))


def _searched(desk: Desk, query: str, path: str | None = None) -> tuple[Source, ...]:
    """Without a folder everything that is granted."""
    return tuple(desk.source(one, with_all_below=True) for one in ([path] if path else desk.workspace.tops))


@tool(
    accesses=_search_reads,
    sources=_searched,
    preview=lambda desk, query, path=None: (
        f"Search for “{query}”" + (f" in {desk.name(path)}" if path else "")
    ),
)
def search_files(
    desk: Desk,
    query: Annotated[str, "The text to find; upper and lower case are alike. Not a pattern."],
    path: Annotated[str | None, "Only in this folder; without it in every granted folder."] = None,
) -> Result:
    """Find a text in file names and in the lines of text files.

    Use it to find where something is spoken of without reading every file. At most 100 matches come back as
    `path:line: text`, with line 0 for a match in the name. Documents such as PDF are matched by name only, and
    text files over 5 MB are skipped: read those with read_file.
    """
    found = desk.workspace.search(query, path, desk.veil)
    more = " (there are more; search in a subfolder or for a longer text)" if found.more else ""
    lines = [f"{len(found.hits)} matches{more}"]
    lines += [f"{hit.path}:{hit.line}: {hit.text}" for hit in found.hits]
    if found.skipped:
        lines.append(f"({found.skipped} files are not plain text or too large to be searched)")
    return Result(text="\n".join(lines))


def _makes(desk: Desk, path: str) -> tuple[Access, ...]:
    """A folder that is there already is left as it is."""
    is_there = desk.workspace.exists(path)
    return (desk.access(Effect.READ if is_there else Effect.CREATE, path),)


def _was_made(desk: Desk, path: str) -> Result | None:
    is_there = desk.workspace.exists(path) and desk.workspace.stat(path).kind == "folder"
    return _made(desk, path, mark="") if is_there else None


@tool(
    accesses=_makes,
    sources=lambda *_, **__: (),
    preview=lambda desk, path: f"Make folder {desk.name(path)}",
    inverse=lambda *_, **__: "Delete the folder while it is empty",
    settled=_was_made,
)
def make_folder(
    desk: Desk, path: Annotated[str, "The folder to make; folders on the way to it are made too."]
) -> Result:
    """Make a folder. A folder that is there already is left as it is, and that is said."""
    shown = desk.workspace.locate(path).shown
    if desk.workspace.exists(path) and desk.workspace.stat(path).kind == "folder":
        return Result(text=f"Already there: {shown}")
    desk.workspace.make_folder(path)
    return _made(desk, path, mark=desk.claim(path))


def _made(desk: Desk, path: str, *, mark: str) -> Result:
    spot = desk.workspace.locate(path)
    receipt = Receipt(
        effect=Effect.CREATE,
        what="Made folder",
        where=spot.real,
        undo=desk.inverse("Delete the folder while it is empty"),
        mark=mark,
    )
    return Result(text=f"Made {spot.shown}", receipt=receipt)


def _relative(entry: Entry, base: str) -> str:
    return os.path.relpath(entry.path, base) if base != "." else entry.path


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split(os.sep))


def _line(name: str, entry: Entry) -> str:
    if entry.kind == "folder":
        return f"{name}/\t\t"
    modified = datetime.fromtimestamp(entry.modified_ns / 1e9, UTC)
    link = f"\t→ {entry.target}" if entry.kind == "link" else ""
    return f"{name}\t{entry.size}\t{modified:%Y-%m-%d %H:%M}{link}"
