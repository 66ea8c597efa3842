"""agents.sessions.*, assistant.threads.* and blocks.validate."""

from __future__ import annotations

from bot.emulator import channels, messages, sessions
from bot.emulator.method import Call, Method, known_channel
from bot.emulator.schema import fields, items, text
from bot.emulator.validation import check_blocks, check_view
from bot.emulator.wire import Json, SlackError, rejected

_PROMPTS = items(fields({"title": text(1000), "message": text(10_000)}, ["title", "message"]), 4)
_LOADING = items(text(50), 10)


def set_session_status(call: Call) -> Json:
    _agent(call)
    channel = known_channel(call, "channel_id")
    args = call.args
    thread_ts = args.text("thread_ts")
    if thread_ts and sessions.find(call.ws, channel["id"], thread_ts) is None:
        messages.root_of(call.ws, channel, thread_ts)  # one that exists outlives its first message
    status, title = args.required("status"), args.maybe("title")
    user = args.maybe("initiator_user_id")
    sessions.set_status(call.ws, channel, thread_ts, status, title=title, user=user)
    return sessions.warning(call.ws)


def rename_session(call: Call) -> Json:
    _agent(call)
    channel = known_channel(call, "channel_id")
    sessions.rename(call.ws, channel, call.args.text("thread_ts"), call.args.required("title"))
    return {}


def set_thread_status(call: Call) -> Json:
    channel = known_channel(call, "channel_id")
    args = call.args
    thread_ts = args.required("thread_ts")
    messages.root_of(call.ws, channel, thread_ts)
    loading = args.nested("loading_messages")
    if loading:
        _refuse(list(_LOADING(loading, "/loading_messages")))
    news = {
        "channel": channel["id"],
        "thread_ts": thread_ts,
        "status": args.text("status"),
        "loading_messages": loading or [],
    }
    call.ws.broadcast.publish("typing", news, channels.audience(call.ws, channel))
    return {}


def set_thread_title(call: Call) -> Json:
    channel = known_channel(call, "channel_id")
    thread_ts = call.args.required("thread_ts")
    if sessions.find(call.ws, channel["id"], thread_ts) is None:
        sessions.set_status(call.ws, channel, thread_ts, "active")
    sessions.rename(call.ws, channel, thread_ts, call.args.required("title"))
    return {}


def set_suggested_prompts(call: Call) -> Json:
    channel = known_channel(call, "channel_id")
    prompts = call.args.nested("prompts")
    _refuse(list(_PROMPTS(prompts, "/prompts")))
    shown = {
        "channel": channel["id"],
        "thread_ts": call.args.maybe("thread_ts"),
        "title": call.args.maybe("title"),
        "prompts": prompts,
    }
    call.ws.store.put("prompts", channel["id"], shown)
    call.ws.broadcast.publish("suggested_prompts", shown, channels.audience(call.ws, channel))
    return {}


def validate_blocks(call: Call) -> Json:
    args = call.args
    view, message = args.nested("view"), args.nested("message")
    if view is not None:
        check_view(view, str(view.get("type")))
    else:
        blocks = message.get("blocks") if isinstance(message, dict) else args.nested("blocks")
        check_blocks(blocks)
    return {}


def _agent(call: Call) -> None:
    if not (call.has("assistant:write") and call.has("chat:write")):
        raise SlackError("not_authorized")


def _refuse(problems: list[str]) -> None:
    if problems:
        raise rejected("invalid_arguments", problems)


METHODS = {
    "agents.sessions.setStatus": Method(set_session_status),
    "agents.sessions.rename": Method(rename_session),
    "assistant.threads.setStatus": Method(set_thread_status, ("assistant:write",)),
    "assistant.threads.setTitle": Method(set_thread_title, ("assistant:write",)),
    "assistant.threads.setSuggestedPrompts": Method(set_suggested_prompts, ("assistant:write",)),
    "blocks.validate": Method(validate_blocks),
}
