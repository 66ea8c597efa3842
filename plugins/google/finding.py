"""What there is in Drive: searches, folders, one file, and what people remarked on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from bot.sdk import EVERYWHERE, Context, Effect, Item, Page, Result, ToolError, action, listed
from plugins.google import places, words
from plugins.google.client import Google, part

_ROWS = 20
_MOST_LOOKED_AT = 300
_KINDS = {
    "document": words.DOCUMENT,
    "spreadsheet": words.SPREADSHEET,
    "presentation": words.PRESENTATION,
    "pdf": words.PDF,
    "folder": words.FOLDER,
}
_ALL_DRIVES = {
    "corpora": "allDrives",
    "supportsAllDrives": "true",
    "includeItemsFromAllDrives": "true",
    "fields": f"nextPageToken,files({places.ABOUT})",
}
_COMMENT = (
    "id,content,createdTime,resolved,quotedFileContent(value),author(displayName,emailAddress),"
    "replies(content,createdTime,author(displayName,emailAddress))"
)
File = Annotated[str, "Id or link of the file."]


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, query, **__: f"Search Google Drive for “{words.short(query)}”",
    example={"query": "Meeting notes"},
)
def search_files(
    context: Context,
    query: Annotated[str, "Words in the name or text; empty for what changed last."],
    kind: Literal["any", "document", "spreadsheet", "presentation", "pdf", "folder"] = "any",
    cursor: str = "",
) -> Result:
    """Find files in Google Drive by words in their name or text.

    Gives name, kind, last change, id and link, 20 at a time. Read one with read_file.
    """
    asked = ["trashed = false"]
    if kind != "any":
        asked.append(f"mimeType = '{_KINDS[kind]}'")
    if query.strip():
        text = _quoted(query.strip())
        asked.append(f"(name contains {text} or fullText contains {text})")
    order = {} if query.strip() else {"orderBy": "modifiedTime desc"}
    return _found(context, " and ".join(asked), cursor, "files", is_searched=True, **order)


def _granted(context: Context, folder: str, **_: object) -> Sequence[str]:
    if not folder and not context.scope.is_all:
        return context.scope.patterns
    return [places.covered_by(context, folder or places.ROOT)]


@action(
    effect=Effect.READ,
    items=_granted,
    preview=lambda _, folder="", **__: (
        f"List {words.short(folder) or 'where everything begins'} in Google Drive"
    ),
    example={"folder": "meetings"},
)
def list_folder(
    context: Context,
    folder: Annotated[str, "Id or link of the folder; empty for where everything begins."] = "",
    cursor: str = "",
) -> Result:
    """List what is in a folder of Google Drive, folders first, by name, 20 at a time."""
    if not folder and not context.scope.is_all:
        return _beginnings(context)
    wanted = places.id_in(folder or places.ROOT)
    asked = f"{_quoted(wanted)} in parents and trashed = false"
    return _found(context, asked, cursor, "files in this folder", orderBy="folder,name")


@action(
    effect=Effect.READ,
    items=places.touched("file"),
    preview=lambda _, file: f"Look at a file in Google Drive ({words.short(file)})",
    example={"file": "agenda"},
)
def get_file(context: Context, file: File) -> Result:
    """What Google Drive knows of one file: name, kind, owner, folder, size, last change and link; not its text."""
    found = places.about(context, file)
    return Result(text=words.file_lines(found), ids=_ids([found]))


@action(
    effect=Effect.READ,
    items=places.touched("file"),
    preview=lambda _, file, **__: f"Read the comments on a file in Google Drive ({words.short(file)})",
    example={"file": "notes-doc"},
)
def list_comments(context: Context, file: File, cursor: str = "") -> Result:
    """The comments on a file of Google Drive with their answers, the newest first, 20 at a time."""
    query = {"pageSize": _ROWS, "fields": f"nextPageToken,comments({_COMMENT})"}
    query |= {"pageToken": cursor} if cursor else {}
    answer = context.client.get("drive", f"/drive/v3/files/{part(places.id_in(file))}/comments", **query)
    page = Page(rows=answer.get("comments", ()), cursor=answer.get("nextPageToken", ""))
    return listed(page, words.comment_lines, what="comments")


def granted_places(client: Google, search: str) -> Sequence[Item]:
    """For the scope picker: shared drives, and the folders that were changed last."""
    asked = f"trashed = false and mimeType = '{words.FOLDER}'"
    if search:
        asked += f" and name contains {_quoted(search)}"
    query = _ALL_DRIVES | {"q": asked, "pageSize": 100, "orderBy": "modifiedTime desc"}
    folders = client.get("drive", "/drive/v3/files", **query)
    found = _shared_drives(client)
    found += [Item(id=one["id"], title=one["name"], about="folder") for one in folders.get("files", ())]
    return [one for one in found if search.casefold() in one.title.casefold()][:100]


def _shared_drives(client: Google) -> list[Item]:
    """None for an account that may not ask: it has its folders all the same."""
    try:
        answer = client.get("drive", "/drive/v3/drives", pageSize=100, fields="drives(id,name)")
    except ToolError:
        return []
    return [Item(id=one["id"], title=one["name"], about="shared drive") for one in answer.get("drives", ())]


def _found(
    context: Context, asked: str, cursor: str, what: str, *, is_searched: bool = False, **order: str
) -> Result:
    """A page with something in it, if there is one: those that are only of what was not granted are gone past."""
    hidden = looked_at = 0
    while True:
        context.halt.check()
        query = _ALL_DRIVES | order | {"q": asked, "pageSize": _ROWS}
        query |= {"pageToken": cursor} if cursor else {}
        answer = context.client.get("drive", "/drive/v3/files", **query)
        files, cursor = answer.get("files", []), answer.get("nextPageToken", "")
        rows = [one for one in files if places.is_covered(context, one)]
        hidden, looked_at = hidden + len(files) - len(rows), looked_at + len(files)
        if rows or not cursor or looked_at >= _MOST_LOOKED_AT:
            page = Page(rows=rows, cursor=cursor)
            if is_searched:
                hidden = 0
            is_narrowed = is_searched and not context.scope.is_all
            ids = _ids(rows)
            return listed(page, words.file_line, what=what, ids=ids, hidden=hidden, is_narrowed=is_narrowed)


def _beginnings(context: Context) -> Result:
    """The folders and files that were granted themselves."""
    named = [one for one in context.scope.patterns if not set("*?[").intersection(one)]
    rows = [places.about(context, one) for one in named]
    return listed(Page(rows=rows), words.file_line, what="granted folders", ids=_ids(rows))


def _ids(files: Sequence[Any]) -> tuple[str, ...]:
    return tuple(one["id"] for one in files)


def _quoted(text: str) -> str:
    """As a text stands in Drive's query language."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
