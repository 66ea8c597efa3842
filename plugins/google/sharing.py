"""Who can open a file in Drive: given to a person, a company or everyone, and taken back."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.google import places, words
from plugins.google.client import part

ANYONE = "anyone"
_FIELDS = "id,type,role,emailAddress,domain"
_ROLES = {"reader": "view", "commenter": "comment on", "writer": "edit"}
_RANK = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
Role = Literal["reader", "commenter", "writer"]


def _found_shared(context: Context, file: str, to: str, role: Role, message: str = "") -> Result | None:
    """By who can open it: it was given now or before, and either way it is given."""
    held = _held(context, places.id_in(file), to)
    return _shared(context, file, to, role, "") if held and held["role"] == role else None


def _taken_back(
    context: Context, receipt: Receipt, file: str, to: str, role: Role, message: str = ""
) -> Result:
    file_id = places.id_in(file)
    held = _held(context, file_id, to)
    if held is None or held["role"] != role:
        raise ToolError(f"What {_whom(to)} may do with it was changed since, so it stays as it is.")
    if not receipt.before:
        raise ToolError("What they could do before is not known any more: change it by hand.")
    path = f"/drive/v3/files/{part(file_id)}/permissions/{part(held['id'])}"
    if receipt.before in _RANK:
        context.client.patch("drive", path, {"role": receipt.before}, supportsAllDrives="true")
        return Result(text=f"{_whom(to)} may {_ROLES[receipt.before]} it again, and no more.")
    context.client.delete("drive", path, supportsAllDrives="true")
    return Result(text=f"{_whom(to)} cannot open it by that any more.")


def _said(context: Context, file: str, to: str, role: Role, message: str = "") -> str:
    lines = [places.named(context, file), f"{_whom(to)} may {_ROLES[role]} it."]
    if _kind(to)["type"] == "user":
        lines += ["Google sends them an e-mail" + (f" that says:\n{message}" if message else ".")]
    return "\n".join(lines)


@action(
    effect=Effect.PUBLISH,
    items=places.touched("file"),
    preview=lambda _, file, to, role, message="": (
        f"Let {words.short(_whom(to))} {_ROLES[role]} the file {words.short(file)} in Google Drive"
    ),
    detail=_said,
    example={"file": "notes-doc", "to": "ben@example.com", "role": "reader"},
    inverse=Inverse(words="Take it back", act=_taken_back),
    settled=_found_shared,
    needs=places.WRITE,
)
def share_file(
    context: Context,
    file: Annotated[str, "Id or link of the file or folder."],
    to: Annotated[
        str, 'An e-mail address, a domain ("example.com"), or "anyone" with the link.', Destination()
    ],
    role: Role,
    message: Annotated[str, "For the e-mail to a person."] = "",
) -> Result:
    """Let a person, everyone of a domain, or anyone with the link open a file or folder in Google Drive.

    A person gets an e-mail from Google. Of a folder it covers all that is in it.
    """
    file_id, whom = places.id_in(file), _kind(to)
    if message and whom["type"] != "user":
        raise ToolError("A message goes to a person's address only: leave it out.")
    held = _held(context, file_id, to)
    if held and _RANK.index(held["role"]) >= _RANK.index(role):
        raise ToolError(f"{_whom(to)} may do that with it already ({held['role']}).")
    path = f"/drive/v3/files/{part(file_id)}/permissions"
    if held:
        context.client.patch("drive", f"{path}/{part(held['id'])}", {"role": role}, supportsAllDrives="true")
        return _shared(context, file, to, role, held["role"])
    mail: dict[str, str] = {"sendNotificationEmail": "true"} if whom["type"] == "user" else {}
    mail |= {"emailMessage": message} if message else {}
    context.client.post("drive", path, whom | {"role": role}, **mail, fields="id", supportsAllDrives="true")
    return _shared(context, file, to, role, "nobody")


def _kind(to: str) -> dict[str, str]:
    """As Drive takes it."""
    if to == ANYONE:
        return {"type": "anyone"}
    if re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", to):
        return {"type": "user", "emailAddress": to}
    if re.fullmatch(r"(?:[\w-]+\.)+[A-Za-z]{2,}", to):
        return {"type": "domain", "domain": to}
    raise ToolError(f'{to!r} is not an e-mail address, a domain or "anyone". Share with one at a time.')


def _held(context: Context, file_id: str, to: str) -> Any | None:
    """What they have of it themselves."""
    wanted = {name: value.casefold() for name, value in _kind(to).items()}
    cursor = ""
    while True:
        query = {
            "fields": f"nextPageToken,permissions({_FIELDS})",
            "pageSize": 100,
            "supportsAllDrives": "true",
        }
        query |= {"pageToken": cursor} if cursor else {}
        answer = context.client.get("drive", f"/drive/v3/files/{part(file_id)}/permissions", **query)
        for one in answer.get("permissions", ()):
            if all(str(one.get(name, "")).casefold() == value for name, value in wanted.items()):
                return one
        cursor = answer.get("nextPageToken", "")
        if not cursor:
            return None


def _whom(to: str) -> str:
    return {"anyone": "anyone with the link", "domain": f"everyone at {to}"}.get(_kind(to)["type"], to)


def _shared(context: Context, file: str, to: str, role: Role, before: str) -> Result:
    found = places.about(context, file)
    receipt = Receipt(
        effect=Effect.PUBLISH,
        what=f"Shared “{found['name']}” with {_whom(to)}",
        where=words.link_of(found),
        before=before,
        after=role,
        undo="Take it back" if before else "",
    )
    text = f"{_whom(to)} may {_ROLES[role]} it now: {words.link_of(found)}"
    return Result(text=text, receipt=receipt)
