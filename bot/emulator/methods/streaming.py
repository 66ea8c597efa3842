"""chat.startStream, appendStream and stopStream."""

from __future__ import annotations

from bot.emulator import messages, sessions, streams
from bot.emulator.message_shapes import api_shape
from bot.emulator.method import Call, Method, known_channel, writable_channel
from bot.emulator.validation import check_blocks
from bot.emulator.wire import Json, SlackError


def start_stream(call: Call) -> Json:
    channel = writable_channel(call)
    args = call.args
    thread_ts = args.required("thread_ts")
    for recipient in ("recipient_user_id", "recipient_team_id"):
        if not args.has(recipient):
            raise SlackError(f"missing_{recipient}")
    display = args.text("task_display_mode", "timeline")
    if display not in ("timeline", "plan"):
        raise SlackError("invalid_arguments")
    draft = messages.Draft(user=call.ws.bot_user, thread_ts=thread_ts)
    message = streams.start(call.ws, channel, draft, _content(call), display)
    return {"channel": channel["id"], "ts": message["ts"]}


def append_stream(call: Call) -> Json:
    channel = known_channel(call)
    ts = call.args.required("ts")
    streams.append(call.ws, channel, ts, _content(call))
    return {"channel": channel["id"], "ts": ts}


def stop_stream(call: Call) -> Json:
    channel = known_channel(call)
    args = call.args
    given = args.nested("blocks", "invalid_blocks_format")
    blocks = check_blocks(given) if given else None
    status = args.maybe("session_status")
    message = streams.stop(
        call.ws, channel, args.required("ts"), _content(call), blocks, args.nested("metadata")
    )
    answer = {"channel": channel["id"], "ts": message["ts"]}
    if call.has("assistant:write"):
        sessions.set_status(call.ws, channel, message["thread_ts"], status or "active")
    return answer | {"message": api_shape(call.ws, message, metadata=True)}


def _content(call: Call) -> Json:
    return {
        "markdown_text": call.args.text("markdown_text"),
        "chunks": call.args.nested("chunks", "invalid_chunks"),
    }


METHODS = {
    "chat.startStream": Method(start_stream, ("chat:write",)),
    "chat.appendStream": Method(append_stream, ("chat:write",)),
    "chat.stopStream": Method(stop_stream, ("chat:write",)),
}
