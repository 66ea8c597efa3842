"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from typing import Any

from bot.emulator import messages, rendering, streams
from bot.emulator.message_shapes import api_shape
from bot.emulator.method import Call, Method, known_channel, writable_channel
from bot.emulator.validation import check_blocks
from bot.emulator.wire import Json, SlackError

_MARKDOWN_LIMIT = 12_000
_NO_FALLBACK = "This content can't be displayed."


def post_message(call: Call) -> Json:
    channel = writable_channel(call)
    message = messages.post(call.ws, channel, draft_of(call))
    return {
        "channel": channel["id"],
        "ts": message["ts"],
        "message": api_shape(call.ws, message, metadata=True),
    }


def post_ephemeral(call: Call) -> Json:
    channel = writable_channel(call)
    to = call.args.required("user")
    if call.ws.store.get("user", to) is None or to not in channel["members"]:
        raise SlackError("user_not_in_channel")
    message = messages.whisper(call.ws, channel, to, draft_of(call))
    return {"message_ts": message["ts"]}


def update(call: Call) -> Json:
    channel = known_channel(call)
    before = _own(call, channel, "cant_update_message")
    if streams.is_live(before):
        raise SlackError("streaming_state_conflict")
    after = {**before, **_new_content(call, before)}
    after["edited"] = {"user": call.ws.bot_user, "ts": call.ws.ids.timestamp()}
    metadata = call.args.nested("metadata")
    if metadata is not None:
        after["metadata"] = metadata
    messages.change(call.ws, channel, before, after, reason="edited")
    shape = api_shape(call.ws, after, metadata=True)
    return {"channel": channel["id"], "ts": after["ts"], "text": after["text"], "message": shape}


def delete(call: Call) -> Json:
    channel = known_channel(call)
    message = _own(call, channel, "cant_delete_message")
    messages.delete(call.ws, channel, message)
    return {"channel": channel["id"], "ts": message["ts"]}


def get_permalink(call: Call) -> Json:
    channel = known_channel(call)
    ts = call.args.required("message_ts")
    message = messages.found(call.ws, channel, ts)
    link = f"{call.ws.origin}/archives/{channel['id']}/p{ts.replace('.', '')}"
    thread = message.get("thread_ts")
    if thread and thread != ts:
        link += f"?thread_ts={thread}&cid={channel['id']}"
    return {"channel": channel["id"], "permalink": link}


def draft_of(call: Call) -> messages.Draft:
    """What `chat.postMessage` and its like are asked to post."""
    args = call.args
    blocks, text = _body(call)
    attachments = args.nested("attachments", "invalid_attachments")
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    extra = _look(call)
    return messages.Draft(
        user=call.ws.bot_user,
        text=text,
        blocks=blocks,
        attachments=attachments,
        thread_ts=args.maybe("thread_ts"),
        broadcast=args.flag("reply_broadcast"),
        metadata=_metadata(call),
        subtype="bot_message" if extra else None,
        extra=extra,
    )


def _body(call: Call) -> tuple[list[Json] | None, str]:
    args = call.args
    given = args.nested("blocks", "invalid_blocks_format")
    markdown = args.text("markdown_text")
    if markdown:
        if args.has("text") or given:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > _MARKDOWN_LIMIT:
            raise SlackError("msg_too_long")
        return [{"type": "markdown", "text": markdown}], rendering.posted(markdown)
    blocks = check_blocks(given) if given else None
    text = rendering.posted(args.text("text"))
    return blocks, text if text or not blocks else _NO_FALLBACK


def _look(call: Call) -> Json:
    """Another name or picture than the app's own, which needs a scope."""
    given = {key: call.args.text(key) for key in ("username", "icon_emoji", "icon_url") if call.args.has(key)}
    if not given or not call.has("chat:write.customize"):
        return {}
    icons = {"emoji": given.get("icon_emoji"), "image_64": given.get("icon_url")}
    look: Json = {"icons": {key: value for key, value in icons.items() if value}}
    return look | ({"username": given["username"]} if "username" in given else {})


def _metadata(call: Call) -> Json | None:
    metadata = call.args.nested("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not metadata.get("event_type"):
        raise SlackError("invalid_metadata_schema")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _own(call: Call, channel: Json, otherwise: str) -> Json:
    message = messages.found(call.ws, channel, call.args.required("ts"))
    if message.get("bot_id") != call.ws.bot_id:
        raise SlackError(otherwise)
    if channel["is_archived"]:
        raise SlackError("is_archived")
    return message


def _new_content(call: Call, before: Json) -> Json:
    """Text without blocks removes the blocks; blocks without text keep the text."""
    args = call.args
    given: Any = args.nested("blocks", "invalid_blocks_format")
    text = args.text("text")
    if len(text) > rendering.TEXT_LIMIT:
        raise SlackError("msg_too_long")
    attachments = args.nested("attachments", "invalid_attachments")
    if not text and given is None and attachments is None and not args.has("markdown_text"):
        raise SlackError("no_text")
    blocks, words = _body(call)
    content: Json = {"text": words if text or args.has("markdown_text") else before["text"]}
    if given is not None or text or blocks:
        content["blocks"] = rendering.with_ids(call.ws, blocks) if blocks else []
    if attachments is not None:
        content["attachments"] = attachments
    return content


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
}
