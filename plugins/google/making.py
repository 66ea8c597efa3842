"""Files that a call makes in Drive: each bears the call's mark, so that it is found again and made once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, marked
from plugins.google import places, words
from plugins.google.client import part

_MARK = "cowork"
_FIELDS = f"{places.ABOUT},appProperties"
_A_MOMENT = timedelta(minutes=2)


def found(context: Context) -> Any | None:
    """What this call made before, as Drive knows it."""
    mark = marked(context.effect_id)
    answer = context.client.get(
        "drive",
        "/drive/v3/files",
        q=f"appProperties has {{ key='{_MARK}' and value='{mark}' }} and trashed = false",
        fields=f"files({_FIELDS})",
        supportsAllDrives="true",
        includeItemsFromAllDrives="true",
    )
    files = answer.get("files", ())
    return next((one for one in files if one.get("appProperties", {}).get(_MARK) == mark), None)


def known(context: Context, name: str, folder: str, **more: str) -> Mapping[str, Any]:
    """What Drive is told of a new file."""
    wanted = {"name": name, "appProperties": {_MARK: marked(context.effect_id)}}
    return wanted | ({"parents": [places.id_in(folder)]} if folder else {}) | more


def empty(context: Context, kind: str, name: str, folder: str) -> Any:
    """The file of one of Google's own kinds that this call makes; still empty, unless a call before filled it."""
    return found(context) or context.client.post(
        "drive",
        "/drive/v3/files",
        known(context, name, folder, mimeType=kind),
        fields=_FIELDS,
        supportsAllDrives="true",
    )


def result(file: Any, what: str) -> Result:
    """It was made; `what` is what people read ("Made a Google Doc"). Names that others gave are not in the text."""
    link = words.link_of(file)
    return Result(
        text=f"{what}: id {file['id']} · {link}",
        receipt=Receipt(
            effect=Effect.CREATE, what=what, where=link, after=file["name"], undo="Move it to the bin"
        ),
        ids=(file["id"],),
    )


def _binned(context: Context, receipt: Receipt, **_: object) -> Result:
    """From the bin its owner can take it for 30 days. What somebody has changed since is left."""
    file_id = places.id_in(receipt.where)
    now = context.client.get(
        "drive", f"/drive/v3/files/{part(file_id)}", fields=_CHANGED, supportsAllDrives="true"
    )
    if _is_changed(now):
        raise ToolError(f"“{now.get('name')}” was changed after it was made, so it stays where it is.")
    context.client.patch(
        "drive", f"/drive/v3/files/{part(file_id)}", {"trashed": True}, fields="id", supportsAllDrives="true"
    )
    return Result(text=f"Moved “{now.get('name')}” to the bin.")


_CHANGED = "id,name,createdTime,modifiedTime,lastModifyingUser(me)"


def _is_changed(file: Any) -> bool:
    """By another, or well after it was made: Google counts the filling as a change, too."""
    if file.get("lastModifyingUser", {}).get("me") is False:
        return True
    made, changed = file.get("createdTime"), file.get("modifiedTime")
    return (
        bool(made and changed) and datetime.fromisoformat(changed) - datetime.fromisoformat(made) > _A_MOMENT
    )


INTO_THE_BIN = Inverse(words="Move it to the bin", act=_binned)
