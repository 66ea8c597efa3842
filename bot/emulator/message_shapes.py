"""One message in its three shapes: as the Web API and events show it, and as the page does."""

from __future__ import annotations

import copy

from bot.emulator import files
from bot.emulator.wire import Json
from bot.emulator.workspace import Workspace

_OURS = ("channel", "file_ids", "metadata", "stream", "composed", "broadcast")


def api_shape(ws: Workspace, message: Json, *, metadata: bool = False) -> Json:
    shape = {key: copy.deepcopy(value) for key, value in message.items() if key not in _OURS}
    if message.get("file_ids"):
        shape["files"] = [files.api_shape(ws, file_id) for file_id in message["file_ids"]]
        shape |= {"upload": False, "display_as_bot": False}
    if metadata and message.get("metadata"):
        shape["metadata"] = message["metadata"]
    if message.get("stream"):
        shape["streaming_state"] = "in_progress" if message["stream"]["state"] == "live" else "completed"
    if message.get("reply_count"):
        shape |= {"is_locked": False, "subscribed": ws.bot_user in message["reply_users"]}
    return shape


def page_shape(ws: Workspace, message: Json) -> Json:
    by_bot = "bot_id" in message
    metadata = message.get("metadata") or {}
    icons = message.get("icons") or {}
    return {
        "type": "message",
        "ts": message["ts"],
        "channel": message["channel"],
        "user": message.get("user"),
        "bot_id": message.get("bot_id"),
        "username": message.get("username"),
        "icon_emoji": icons.get("emoji"),
        "icon_url": icons.get("image_64"),
        "subtype": message.get("subtype"),
        "text": message["text"],
        "blocks": None if message.get("composed") else message.get("blocks"),
        "attachments": message.get("attachments"),
        "thread_ts": message.get("thread_ts"),
        "reply_count": message.get("reply_count", 0),
        "reply_users": message.get("reply_users", []),
        "latest_reply": message.get("latest_reply"),
        "thread_broadcast": message.get("subtype") == "thread_broadcast",
        "edited": None if by_bot else message.get("edited"),
        "reactions": message.get("reactions", []),
        "files": _page_files(ws, message),
        "ephemeral": bool(message.get("is_ephemeral")),
        "streaming": (message.get("stream") or {}).get("state") == "live",
        "metadata_event_type": metadata.get("event_type"),
    }


def bot_identity(ws: Workspace) -> Json:
    """The keys that every message of the app carries."""
    return {
        "bot_id": ws.bot_id,
        "app_id": ws.app_id,
        "bot_profile": {
            "id": ws.bot_id,
            "deleted": False,
            "name": ws.app.name,
            "updated": 1700000000,
            "app_id": ws.app_id,
            "user_id": ws.bot_user,
            "icons": {},
            "team_id": ws.team_id,
        },
    }


def _page_files(ws: Workspace, message: Json) -> list[Json]:
    known = [ws.store.get("file", file_id) for file_id in message.get("file_ids") or []]
    return [files.page_shape(file) for file in known if file]
