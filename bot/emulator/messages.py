"""Messages: posting, changing and deleting them, their threads, and who hears of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from bot.emulator import channels, events, files, rendering
from bot.emulator.message_shapes import api_shape, bot_identity, page_shape
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Draft:
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    file_ids: list[str] = field(default_factory=list)
    metadata: Json | None = None
    subtype: str | None = None
    extra: Json = field(default_factory=dict)


def found(ws: Workspace, channel: Json, ts: str) -> Json:
    message = ws.store.message(channel["id"], ts)
    if message is None:
        raise SlackError("message_not_found")
    return message


def root_of(ws: Workspace, channel: Json, thread_ts: str) -> Json:
    """The message that a reply with this `thread_ts` answers."""
    root = ws.store.message(channel["id"], thread_ts)
    if root is None or root.get("subtype") == "tombstone":
        raise SlackError("thread_not_found")
    if root.get("thread_ts") not in (None, thread_ts):
        raise SlackError("cannot_reply_to_message")
    return root


def compose(ws: Workspace, channel: Json, draft: Draft) -> Json:
    """The message of a draft, not yet posted."""
    message: Json = {
        "type": "message",
        "channel": channel["id"],
        "user": draft.user,
        "ts": ws.ids.timestamp(),
        "text": draft.text,
        "team": ws.team_id,
        "file_ids": draft.file_ids,
        **_sender(ws, draft),
        **draft.extra,
    }
    if draft.attachments:
        message["attachments"] = draft.attachments
    if draft.metadata:
        message["metadata"] = draft.metadata
    if draft.subtype or draft.file_ids:
        message["subtype"] = draft.subtype or "file_share"
    if draft.thread_ts:
        root = root_of(ws, channel, draft.thread_ts)
        message |= {"thread_ts": draft.thread_ts, "parent_user_id": root["user"]}
        if draft.broadcast:
            message |= {"subtype": "thread_broadcast", "broadcast": True}
    return message


def post(ws: Workspace, channel: Json, draft: Draft) -> Json:
    message = compose(ws, channel, draft)
    ws.store.put_message(message)
    for file_id in draft.file_ids:
        files.note_share(ws, file_id, channel, message["ts"], draft.thread_ts)
    if draft.user in channel["members"]:
        channels.mark_read(ws, channel, draft.user, message["ts"])
    _publish(ws, channel, "message", message)
    if draft.thread_ts:
        _count_reply(ws, channel, draft.thread_ts)
    if channel["kind"] == "im" or not (draft.thread_ts or draft.subtype == "channel_join"):
        _tell_unread(ws, channel, draft.user)
    _announce(ws, channel, message)
    return message


def change(
    ws: Workspace, channel: Json, before: Json, after: Json, *, reason: str, quiet: bool = False
) -> Json:
    """Store the changed message, show it, and tell the app (unless quiet)."""
    ws.store.put_message(after)
    _publish(ws, channel, "message_changed", after, reason=reason)
    if not quiet:
        changed = _event(ws, channel, "message_changed")
        changed |= {"message": api_shape(ws, after), "previous_message": api_shape(ws, before)}
        events.emit(ws, changed, channel)
    return after


def delete(ws: Workspace, channel: Json, message: Json) -> None:
    """A root that has replies stays as a tombstone, as it does in Slack."""
    if message.get("reply_count"):
        change(ws, channel, message, _tombstone(message), reason="edited")
        return
    ws.store.drop_message(channel["id"], message["ts"])
    where = {"channel": channel["id"], "ts": message["ts"], "thread_ts": message.get("thread_ts")}
    ws.broadcast.publish("message_deleted", where, channels.audience(ws, channel))
    gone = _event(ws, channel, "message_deleted")
    gone |= {"deleted_ts": message["ts"], "previous_message": api_shape(ws, message)}
    events.emit(ws, gone, channel)
    if message.get("thread_ts"):
        _count_reply(ws, channel, message["thread_ts"])


def react(ws: Workspace, channel: Json, message: Json, user: str, name: str, *, remove: bool = False) -> Json:
    reactions = {one["name"]: list(one["users"]) for one in message.get("reactions", [])}
    people = reactions.setdefault(name, [])
    if (user in people) != remove:
        raise SlackError("no_reaction" if remove else "already_reacted")
    if remove:
        people.remove(user)
    else:
        people.append(user)
    listed = [{"name": key, "users": who, "count": len(who)} for key, who in reactions.items() if who]
    after = {**message, "reactions": listed}
    change(ws, channel, message, after, reason="reaction", quiet=True)
    item = {"type": "message", "channel": channel["id"], "ts": message["ts"]}
    event = {
        "type": "reaction_removed" if remove else "reaction_added",
        "user": user,
        "reaction": name,
        "item": item,
        "item_user": message["user"],
        "event_ts": ws.ids.timestamp(),
    }
    events.emit(ws, event, channel)
    return after


def whisper(ws: Workspace, channel: Json, to: str, draft: Draft) -> Json:
    """An ephemeral message: shown to one person until the page is loaded again."""
    message = {**compose(ws, channel, draft), "is_ephemeral": True, "to": to}
    ws.ephemerals[f"{channel['id']}/{message['ts']}"] = message
    ws.broadcast.publish("ephemeral", {"channel": channel["id"], "message": page_shape(ws, message)}, [to])
    return message


def _sender(ws: Workspace, draft: Draft) -> Json:
    if draft.user == ws.bot_user:
        filled = rendering.with_ids(ws, draft.blocks) if draft.blocks else None
        return bot_identity(ws) | ({"blocks": filled} if filled else {})
    if draft.subtype:
        return {}
    composed = {"blocks": rendering.rich_text(ws, draft.text), "composed": True} if draft.text else {}
    return {"client_msg_id": str(uuid.uuid4()), **composed}


def _publish(ws: Workspace, channel: Json, name: str, message: Json, **more: Any) -> None:
    news = {"channel": channel["id"], "message": page_shape(ws, message), **more}
    ws.broadcast.publish(name, news, channels.audience(ws, channel))


def _tell_unread(ws: Workspace, channel: Json, author: str) -> None:
    for person in channel["members"]:
        if person not in (author, ws.bot_user):
            counts = channels.unread(ws, channel, person)
            ws.broadcast.publish("unread", {"channel": channel["id"], **counts}, [person])


def _count_reply(ws: Workspace, channel: Json, thread_ts: str) -> None:
    root = ws.store.message(channel["id"], thread_ts)
    if root is None:
        return
    replies = ws.store.replies(channel["id"], thread_ts)
    people = list(dict.fromkeys(reply["user"] for reply in replies))
    counted = {
        **root,
        "thread_ts": thread_ts,
        "reply_count": len(replies),
        "reply_users": people[:5],
        "reply_users_count": len(people),
        "latest_reply": replies[-1]["ts"] if replies else None,
    }
    ws.store.put_message(counted)
    _publish(ws, channel, "message_changed", counted, reason="reply")


def _announce(ws: Workspace, channel: Json, message: Json) -> None:
    shape = api_shape(ws, message)
    where = {"channel": channel["id"], "event_ts": message["ts"]}
    told = {**shape, **where, "channel_type": channels.event_type(channel)}
    if message.get("broadcast"):
        told["root"] = api_shape(ws, root_of(ws, channel, message["thread_ts"]))
    events.emit(ws, told, channel)
    mentions = f"<@{ws.bot_user}>" in message["text"] and message["user"] != ws.bot_user
    if mentions and channel["kind"] != "im":
        mention = {key: value for key, value in {**shape, **where}.items() if key != "subtype"}
        events.emit(ws, {**mention, "type": "app_mention"}, channel)
    for file_id in message["file_ids"]:
        shared = {
            "type": "file_shared",
            "file_id": file_id,
            "user_id": message["user"],
            "file": {"id": file_id},
        }
        events.emit(ws, {**shared, "channel_id": channel["id"], "event_ts": message["ts"]}, channel)


def _event(ws: Workspace, channel: Json, subtype: str) -> Json:
    ts = ws.ids.timestamp()
    return {
        "type": "message",
        "subtype": subtype,
        "channel": channel["id"],
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channels.event_type(channel),
    }


def _tombstone(message: Json) -> Json:
    kept = (
        "type",
        "channel",
        "ts",
        "thread_ts",
        "reply_count",
        "reply_users",
        "reply_users_count",
        "latest_reply",
    )
    return {
        **{key: message[key] for key in kept},
        "user": "USLACKBOT",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "hidden": True,
        "parent_user_id": "USLACKBOT",
        "file_ids": [],
    }
