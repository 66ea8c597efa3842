"""chat.scheduleMessage and its like: messages that post themselves later."""

from __future__ import annotations

from bot.emulator import channels, messages
from bot.emulator.message_shapes import api_shape
from bot.emulator.method import Call, Method, page_of, writable_channel
from bot.emulator.methods.chat import draft_of
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

_FARTHEST_SECONDS = 120 * 24 * 3600


def schedule_message(call: Call) -> Json:
    channel = writable_channel(call)
    draft = draft_of(call)
    post_at = call.args.number("post_at", 0, 10**11)
    if post_at <= call.ws.now():
        raise SlackError("time_in_past")
    if post_at > call.ws.now() + _FARTHEST_SECONDS:
        raise SlackError("time_too_far")
    kept = {
        "id": call.ws.ids.fresh("Q"),
        "channel_id": channel["id"],
        "post_at": post_at,
        "date_created": int(call.ws.now()),
        "text": draft.text,
        "blocks": draft.blocks,
        "thread_ts": draft.thread_ts,
    }
    call.ws.store.put("scheduled", kept["id"], kept)
    arm(call.ws, kept)
    shape = api_shape(call.ws, messages.compose(call.ws, channel, draft))
    return {
        "channel": channel["id"],
        "scheduled_message_id": kept["id"],
        "post_at": post_at,
        "message": {key: value for key, value in shape.items() if key != "ts"},
    }


def delete_scheduled_message(call: Call) -> Json:
    wanted = call.args.required("scheduled_message_id")
    kept = call.ws.store.get("scheduled", wanted)
    if kept is None or kept["channel_id"] != call.args.required("channel"):
        raise SlackError("invalid_scheduled_message_id")
    call.ws.store.drop("scheduled", wanted)
    return {}


def list_scheduled_messages(call: Call) -> Json:
    kept = sorted(call.ws.store.every("scheduled"), key=lambda one: int(one["post_at"]))
    wanted = call.args.maybe("channel")
    shown = [one for one in kept if wanted in (None, one["channel_id"])]
    listed, metadata = page_of(call, shown)
    keys = ("id", "channel_id", "post_at", "date_created", "text")
    return {
        "scheduled_messages": [{key: one[key] for key in keys} for one in listed],
        "response_metadata": metadata,
    }


def arm(ws: Workspace, kept: Json) -> None:
    """Post the message when its time comes, also when that is long past."""
    ws.alarms.after(max(0.0, kept["post_at"] - ws.now()), lambda: _post(ws, kept["id"]))


def _post(ws: Workspace, scheduled_id: str) -> None:
    with ws.lock:
        kept = ws.store.get("scheduled", scheduled_id)
        if kept is None:
            return
        ws.store.drop("scheduled", scheduled_id)
        channel = channels.found(ws, kept["channel_id"])
        words = {key: kept[key] for key in ("text", "blocks", "thread_ts")}
        messages.post(ws, channel, messages.Draft(user=ws.bot_user, **words))


METHODS = {
    "chat.scheduleMessage": Method(schedule_message, ("chat:write",)),
    "chat.deleteScheduledMessage": Method(delete_scheduled_message, ("chat:write",)),
    "chat.scheduledMessages.list": Method(list_scheduled_messages),
}
