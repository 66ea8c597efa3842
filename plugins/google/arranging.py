"""Files in Drive: put there, copied, moved and given another name."""

from __future__ import annotations

from mimetypes import guess_type
from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Inverse, LocalFile, Receipt, Result, ToolError, action
from plugins.google import making, places, words
from plugins.google.client import MOST_FILE, part

_UPLOADED = "Uploaded a file to Google Drive"
_COPIED = "Copied a file in Google Drive"
_MOVED = "Moved a file in Google Drive"
_RENAMED = "Renamed a file in Google Drive"
_FOLDER_LINK = "https://drive.google.com/drive/folders/"
Folder = Annotated[str, "Id or link of the folder; empty for My Drive.", Destination()]
File = Annotated[str, "Id or link of the file.", Destination()]


def _found_uploaded(context: Context, **_: object) -> Result | None:
    file = making.found(context)
    return making.result(file, _UPLOADED) if file else None


def _upload(context: Context, path: str, folder: str = "", name: str = "") -> str:
    here, there = words.short(context.files.name(path)), words.short(name or _last(path))
    return f"Upload {here} to {places.into(folder)} as “{there}”"


@action(
    effect=Effect.CREATE,
    items=places.touched("folder"),
    preview=_upload,
    detail=lambda context, path, folder="", name="": (
        f"{places.where(context, folder)}\n{name or _last(path)}"
    ),
    example={"path": "report.pdf", "folder": "meetings"},
    inverse=making.INTO_THE_BIN,
    settled=_found_uploaded,
    needs=places.WRITE,
)
def upload_file(
    context: Context,
    path: Annotated[str, "The file here.", LocalFile()],
    folder: Folder = "",
    name: Annotated[str, "Its name there; empty for the same."] = "",
) -> Result:
    """Put a file into Google Drive as it is, up to 20 MB. It is always a new file, whatever has its name there."""
    content = context.files.read(path, most=MOST_FILE)
    wanted = name or _last(path)
    kind = guess_type(wanted)[0] or "application/octet-stream"
    file = making.found(context) or context.client.upload(
        making.known(context, wanted, folder, mimeType=kind),
        content,
        kind,
        fields=places.ABOUT,
        supportsAllDrives="true",
    )
    return making.result(file, _UPLOADED)


def _found_copy(context: Context, **_: object) -> Result | None:
    file = making.found(context)
    return making.result(file, _COPIED) if file else None


@action(
    effect=Effect.CREATE,
    items=places.touched("file", "folder"),
    preview=lambda _, file, folder="", name="": (
        f"Copy the file {words.short(file)} to {places.into(folder)}"
        + (f" as “{words.short(name)}”" if name else "")
    ),
    detail=lambda context, file, folder="", name="": (
        f"{places.named(context, file)}\n{places.where(context, folder)}" + (f"\nAs: {name}" if name else "")
    ),
    example={"file": "notes-doc", "folder": "meetings", "name": "Meeting notes (copy)"},
    inverse=making.INTO_THE_BIN,
    settled=_found_copy,
    besides=lambda *_, folder="", **__: Effect.PUBLISH if folder else None,
    needs=places.WRITE,
)
def copy_file(
    context: Context,
    file: File,
    folder: Folder = "",
    name: Annotated[str, "The copy's name; empty for the same."] = "",
) -> Result:
    """Copy a file in Google Drive, such as a template. Whoever can open the folder can open the copy."""
    source = places.about(context, file)
    copy = making.found(context) or context.client.post(
        "drive",
        f"/drive/v3/files/{part(source['id'])}/copy",
        making.known(context, name or source["name"], folder),
        fields=places.ABOUT,
        supportsAllDrives="true",
    )
    return making.result(copy, _COPIED)


def _found_moved(context: Context, file: str, folder: str) -> Result | None:
    """By where it is: it was made or not, and either way it is there."""
    now = places.about(context, file)
    return _moved(now, "", places.id_in(folder)) if places.id_in(folder) in now.get("parents", ()) else None


def _moved_back(context: Context, receipt: Receipt, file: str, folder: str) -> Result:
    now, target = places.about(context, file), places.id_in(folder)
    if now.get("parents") != [target]:
        raise ToolError(f"“{now['name']}” was moved on since, so it stays where it is.")
    if not receipt.before:
        raise ToolError(f"Where “{now['name']}” was before is not known any more: move it by hand.")
    _move(context, now["id"], [target], places.id_in(receipt.before))
    return Result(text=f"Moved “{now['name']}” back.")


@action(
    effect=Effect.PUBLISH,
    items=places.touched("file", "folder"),
    preview=lambda _, file, folder: f"Move the file {words.short(file)} to {places.into(folder)}",
    detail=lambda context, file, folder: (
        f"{places.named(context, file)}\nFrom: {_parent(context, file)}\nTo: {places.named(context, folder)}\n"
        "Whoever can open the new folder can then open it, too."
    ),
    example={"file": "agenda", "folder": "private"},
    inverse=Inverse(words="Move it back", act=_moved_back),
    settled=_found_moved,
    needs=places.WRITE,
)
def move_file(
    context: Context, file: File, folder: Annotated[str, "Id or link of the new folder.", Destination()]
) -> Result:
    """Move a file or folder in Google Drive into another folder; who can open that can then open it, too."""
    now, target = places.about(context, file), places.id_in(folder)
    if places.about(context, target).get("mimeType") != words.FOLDER:
        raise ToolError(f"{folder} is not a folder of Google Drive.")
    before = list(now.get("parents", ()))
    if before != [target]:
        _move(context, now["id"], before, target)
    return _moved(now, before[0] if before else "", target)


def _found_renamed(context: Context, file: str, name: str) -> Result | None:
    now = places.about(context, file)
    return _renamed(now, "", name) if now["name"] == name else None


def _renamed_back(context: Context, receipt: Receipt, file: str, name: str) -> Result:
    now = places.about(context, file)
    if now["name"] != name:
        raise ToolError(f"It is called “{now['name']}” now, so that stays.")
    if not receipt.before:
        raise ToolError("What it was called before is not known any more: rename it by hand.")
    _rename(context, now["id"], receipt.before)
    return Result(text=f"It is called “{receipt.before}” again.")


@action(
    effect=Effect.CHANGE,
    items=places.touched("file"),
    preview=lambda _, file, name: f"Rename the file {words.short(file)} to “{words.short(name)}”",
    detail=lambda context, file, name: f"{places.named(context, file)}\nThen: {name}",
    example={"file": "agenda", "name": "agenda-2026.md"},
    inverse=Inverse(words="Give it its old name", act=_renamed_back),
    settled=_found_renamed,
    needs=places.WRITE,
)
def rename_file(
    context: Context, file: File, name: Annotated[str, "The new name, with its ending."]
) -> Result:
    """Give a file or folder in Google Drive another name. Its link stays the same."""
    if not name.strip():
        raise ToolError("The new name is empty.")
    now = places.about(context, file)
    _rename(context, now["id"], name)
    return _renamed(now, now["name"], name)


def _move(context: Context, file_id: str, away: list[str], target: str) -> None:
    gone = {"removeParents": ",".join(away)} if away else {}
    path = f"/drive/v3/files/{part(file_id)}"
    query = gone | {"addParents": target, "fields": "id", "supportsAllDrives": "true"}
    context.client.patch("drive", path, {}, **query)


def _rename(context: Context, file_id: str, name: str) -> None:
    path = f"/drive/v3/files/{part(file_id)}"
    context.client.patch("drive", path, {"name": name}, fields="id", supportsAllDrives="true")


def _moved(file: Any, before: str, after: str) -> Result:
    link = words.link_of(file)
    receipt = Receipt(
        effect=Effect.PUBLISH,
        what=f"{_MOVED}: {file['name']}",
        where=link,
        before=f"{_FOLDER_LINK}{before}" if before else "",
        after=f"{_FOLDER_LINK}{after}",
        undo="Move it back" if before else "",
    )
    return Result(text=f"Moved {link} to {_FOLDER_LINK}{after}", receipt=receipt)


def _renamed(file: Any, before: str, after: str) -> Result:
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=_RENAMED,
        where=words.link_of(file),
        before=before,
        after=after,
        undo="Give it its old name" if before else "",
    )
    return Result(text=f"It is called “{after}” now: {words.link_of(file)}", receipt=receipt)


def _parent(context: Context, file: str) -> str:
    found = places.about(context, file).get("parents", ())
    return places.named(context, found[0]) if found else "where others shared it"


def _last(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]
