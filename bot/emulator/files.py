"""Files: uploaded in three steps by the app or in one by a person, and shared by a message."""

from __future__ import annotations

import mimetypes
import urllib.parse

from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


def found(ws: Workspace, file_id: str) -> Json:
    file = ws.store.get("file", file_id)
    if file is None:
        raise SlackError("file_not_found")
    return file


def begin(ws: Workspace, name: str, size: int, owner: str, alt_text: str | None = None) -> Json:
    """A file whose bytes are still to come."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file: Json = {
        "id": ws.ids.fresh("F"),
        "name": name,
        "title": name,
        "mimetype": kind,
        "filetype": name.rpartition(".")[2].lower() if "." in name else "text",
        "size": size,
        "user": owner,
        "created": int(ws.now()),
        "alt_txt": alt_text,
        "state": "begun",
        "shares": [],
    }
    ws.store.put("file", file["id"], file)
    return file


def receive(ws: Workspace, file_id: str, body: bytes) -> Json:
    file = {**found(ws, file_id), "size": len(body), "state": "received"}
    ws.store.put_content(file_id, body)
    ws.store.put("file", file_id, file)
    return file


def uploaded(ws: Workspace, name: str, body: bytes, owner: str) -> Json:
    """A person's file, private until a message shares it."""
    return receive(ws, begin(ws, name, len(body), owner)["id"], body)


def note_share(ws: Workspace, file_id: str, channel: Json, ts: str, thread_ts: str | None) -> None:
    file = found(ws, file_id)
    share = {"channel": channel["id"], "kind": channel["kind"], "ts": ts, "thread_ts": thread_ts}
    ws.store.put("file", file_id, {**file, "shares": [*file["shares"], share]})


def delete(ws: Workspace, file_id: str) -> None:
    file = found(ws, file_id)
    ws.store.drop("file", file_id)
    ws.store.drop_content(file_id)
    ws.broadcast.publish("files", {"file": page_shape(file), "deleted": True})


def reachable(ws: Workspace, file: Json, person: str) -> bool:
    """May this person (or the bot) open the file?"""
    if file["user"] == person:
        return True
    for share in file["shares"]:
        channel = ws.store.get("channel", share["channel"])
        if channel and (person in channel["members"] or channel["kind"] == "channel"):
            return True
    return False


def path(file: Json) -> str:
    return f"/files-pri/{file['id']}/{urllib.parse.quote(file['name'], safe='')}"


def api_shape(ws: Workspace, file_id: str) -> Json:
    file = ws.store.get("file", file_id)
    if file is None:
        return {"id": file_id, "mode": "tombstone"}
    kept = ("id", "created", "name", "title", "mimetype", "filetype", "user", "size")
    url = ws.origin + path(file)
    shape = {
        **{key: file[key] for key in kept},
        "timestamp": file["created"],
        "pretty_type": file["filetype"].upper(),
        "user_team": ws.team_id,
        "editable": False,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(share["kind"] == "channel" for share in file["shares"]),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
        "file_access": "visible",
        "has_rich_preview": False,
    }
    return shape | ({"alt_txt": file["alt_txt"]} if file["alt_txt"] else {})


def shares_shape(file: Json) -> Json:
    """Where the file was shared, as `files.info` tells it."""
    shares: Json = {}
    for share in file["shares"]:
        reach = "public" if share["kind"] == "channel" else "private"
        one = {"ts": share["ts"], "reply_users": [], "reply_users_count": 0, "reply_count": 0}
        if share["thread_ts"]:
            one["thread_ts"] = share["thread_ts"]
        shares.setdefault(reach, {}).setdefault(share["channel"], []).append(one)
    return {
        "shares": shares,
        "channels": _ids(file, "channel"),
        "groups": _ids(file, "group"),
        "ims": _ids(file, "im"),
    }


def page_shape(file: Json) -> Json:
    kept = ("id", "name", "title", "mimetype", "filetype", "size", "user", "alt_txt")
    return {**{key: file[key] for key in kept}, "url": path(file)}


def _ids(file: Json, kind: str) -> list[str]:
    return sorted({share["channel"] for share in file["shares"] if share["kind"] == kind})
