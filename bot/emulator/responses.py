"""Response URLs: the app's answers to a gesture, five times in half an hour, also where it is no member."""

from __future__ import annotations

import secrets
from typing import Any

from bot.emulator import channels, messages, rendering
from bot.emulator.message_shapes import page_shape
from bot.emulator.validation import check_blocks
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

_USES = 5


def url(ws: Workspace, person: str, channel: Json, message: Json | None = None) -> str:
    """A new response URL for what this person did there (to that message)."""
    key = secrets.token_urlsafe(18)
    context = {
        "person": person,
        "channel": channel["id"],
        "ts": message["ts"] if message else None,
        "ephemeral": bool(message and message.get("is_ephemeral")),
        "uses": 0,
        "until": ws.now() + ws.timings.response_url,
    }
    ws.store.put("response", key, context)
    return f"{ws.origin}/response/{key}"


def respond(ws: Workspace, key: str, body: Json) -> None:
    context = ws.store.get("response", key)
    if context is None:
        raise SlackError("invalid_url")
    if ws.now() > context["until"]:
        raise SlackError("expired_url")
    if context["uses"] >= _USES:
        raise SlackError("used_url")
    ws.store.put("response", key, {**context, "uses": context["uses"] + 1})
    _apply(ws, context, body)


def acknowledged(ws: Workspace, person: str, channel: Json, payload: Any) -> None:
    """What an acknowledgement of a command brought is posted like an answer to its response URL."""
    if isinstance(payload, dict) and (payload.get("text") or payload.get("blocks")):
        _apply(ws, {"person": person, "channel": channel["id"], "ts": None, "ephemeral": False}, payload)


def _apply(ws: Workspace, context: Json, body: Json) -> None:
    channel = channels.found(ws, context["channel"])
    original = _original(ws, channel, context)
    if body.get("delete_original"):
        _delete(ws, channel, context, original)
        return
    draft = _draft(ws, body)
    if body.get("replace_original") and original is not None:
        _replace(ws, channel, context, original, draft)
    elif body.get("response_type") == "in_channel":
        messages.post(ws, channel, draft)
    else:
        messages.whisper(ws, channel, context["person"], draft)


def _original(ws: Workspace, channel: Json, context: Json) -> Json | None:
    if context["ts"] is None:
        return None
    if context["ephemeral"]:
        return ws.ephemerals.get(f"{channel['id']}/{context['ts']}")
    return ws.store.message(channel["id"], context["ts"])


def _draft(ws: Workspace, body: Json) -> messages.Draft:
    blocks = check_blocks(body["blocks"]) if body.get("blocks") else None
    text = str(body.get("text") or "")
    if not (text or blocks or body.get("attachments")):
        raise SlackError("no_text")
    return messages.Draft(
        user=ws.bot_user,
        text=rendering.posted(text),
        blocks=blocks,
        attachments=body.get("attachments"),
        thread_ts=body.get("thread_ts"),
        metadata=body.get("metadata"),
    )


def _delete(ws: Workspace, channel: Json, context: Json, original: Json | None) -> None:
    if original is None:
        return
    if not context["ephemeral"]:
        messages.delete(ws, channel, original)
        return
    del ws.ephemerals[f"{channel['id']}/{original['ts']}"]
    gone = {
        "channel": channel["id"],
        "ts": original["ts"],
        "thread_ts": original.get("thread_ts"),
        "ephemeral": True,
    }
    ws.broadcast.publish("message_deleted", gone, [context["person"]])


def _replace(ws: Workspace, channel: Json, context: Json, original: Json, draft: messages.Draft) -> None:
    blocks = rendering.with_ids(ws, draft.blocks) if draft.blocks else []
    after = {**original, "text": draft.text, "blocks": blocks}
    if not context["ephemeral"]:
        messages.change(ws, channel, original, after, reason="edited")
        return
    ws.ephemerals[f"{channel['id']}/{original['ts']}"] = after
    news = {"channel": channel["id"], "message": page_shape(ws, after)}
    ws.broadcast.publish("ephemeral_changed", news, [context["person"]])
