"""Streamed messages: text and task chunks that grow a message until it is stopped, or for five minutes."""

from __future__ import annotations

from typing import Any

from bot.emulator import messages, rendering
from bot.emulator.validation import check_chunks
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

_TEXT_LIMIT = 12_000


def start(ws: Workspace, channel: Json, draft: messages.Draft, first: Json, display: str) -> Json:
    """`first` is what the first call brought: `markdown_text` or `chunks`, if any."""
    parts, mode = _parts(first)
    stream = {
        "started_at": ws.now(),
        "state": "live",
        "mode": mode,
        "display": display,
        "parts": [],
        "title": None,
    }
    posted = messages.post(ws, channel, _with(draft, stream))
    ws.alarms.after(ws.timings.stream, lambda: _expire(ws, channel, posted["ts"]))
    return _grow(ws, channel, posted, parts) if parts else posted


def append(ws: Workspace, channel: Json, ts: str, more: Json) -> Json:
    message = _live(ws, channel, ts)
    parts, mode = _parts(more)
    if not parts:
        raise SlackError("no_text")
    message["stream"]["mode"] = _same_mode(message["stream"]["mode"], mode)
    return _grow(ws, channel, message, parts)


def stop(
    ws: Workspace, channel: Json, ts: str, last: Json, blocks: list[Json] | None, metadata: Json | None
) -> Json:
    message = _live(ws, channel, ts)
    parts, mode = _parts(last)
    _same_mode(message["stream"]["mode"], mode)
    grown = _grown(ws, message, parts)
    closing = rendering.with_ids(ws, blocks) if blocks else []
    after = {**grown, "blocks": [*grown.get("blocks", []), *closing]}
    after["stream"] = {**grown["stream"], "state": "completed"}
    if metadata:
        after["metadata"] = metadata
    return messages.change(ws, channel, message, after, reason="stream")


def end_by_person(ws: Workspace, channel: Json, thread_ts: str) -> list[str]:
    """End the thread's open streams; what they answer from now on is `stopped_by_user`."""
    live = [one for one in ws.store.replies(channel["id"], thread_ts) if is_live(one)]
    for message in live:
        after = {**message, "stream": {**message["stream"], "state": "stopped_by_user"}}
        messages.change(ws, channel, message, after, reason="stream", quiet=True)
    return [str(message["ts"]) for message in live]


def is_live(message: Json) -> bool:
    return bool((message.get("stream") or {}).get("state") == "live")


def _live(ws: Workspace, channel: Json, ts: str) -> Json:
    message = messages.found(ws, channel, ts)
    if message.get("bot_id") != ws.bot_id:
        raise SlackError("message_not_owned_by_app")
    stream = message.get("stream")
    if stream and stream["state"] == "stopped_by_user":
        raise SlackError("stopped_by_user")
    if not stream or stream["state"] != "live":
        raise SlackError("message_not_in_streaming_state")
    if ws.now() - stream["started_at"] > ws.timings.stream:
        _expire(ws, channel, ts)
        raise SlackError("message_not_in_streaming_state")
    return message


def _expire(ws: Workspace, channel: Json, ts: str) -> None:
    with ws.lock:
        message = ws.store.message(channel["id"], ts)
        if message is not None and is_live(message):
            after = {**message, "stream": {**message["stream"], "state": "expired"}}
            messages.change(ws, channel, message, after, reason="stream", quiet=True)


def _parts(given: Json) -> tuple[list[Json], str | None]:
    """The chunks of one call, and whether they came as text or as chunks."""
    text, chunks = given.get("markdown_text"), given.get("chunks")
    if text and chunks is not None:
        raise SlackError("cannot_provide_both_markdown_text_and_chunks")
    if text:
        if len(text) > _TEXT_LIMIT:
            raise SlackError("msg_too_long")
        return [{"type": "markdown_text", "text": text}], "text"
    if chunks:
        return check_chunks(chunks), "chunks"
    return [], None


def _same_mode(before: str | None, now: str | None) -> str | None:
    if before and now and before != now:
        raise SlackError("streaming_mode_mismatch")
    return before or now


def _grow(ws: Workspace, channel: Json, message: Json, parts: list[Json]) -> Json:
    return messages.change(ws, channel, message, _grown(ws, message, parts), reason="stream", quiet=True)


def _grown(ws: Workspace, message: Json, chunks: list[Json]) -> Json:
    stream = {**message["stream"], "parts": [dict(part) for part in message["stream"]["parts"]]}
    for chunk in chunks:
        if chunk["type"] == "plan_update":
            stream["title"] = chunk["title"]
        else:
            _add(stream["parts"], chunk)
    text = "\n\n".join(part["text"] for part in stream["parts"] if part["type"] == "markdown_text")
    blocks = rendering.with_ids(ws, _blocks(stream))
    return {**message, "stream": stream, "text": text, "blocks": blocks}


def _add(parts: list[Json], chunk: Json) -> None:
    if chunk["type"] == "markdown_text" and parts and parts[-1]["type"] == "markdown_text":
        parts[-1]["text"] += chunk["text"]
        return
    if chunk["type"] == "task_update":
        known = next((part for part in parts if part.get("id") == chunk["id"]), None)
        if known is not None:
            details = known.get("details", "") + chunk.get("details", "")
            known.update({**chunk, **({"details": details} if details else {})})
            return
    parts.append(dict(chunk))


def _blocks(stream: Json) -> list[Json]:
    tasks = [_task(part) for part in stream["parts"] if part["type"] == "task_update"]
    blocks: list[Json] = []
    planned = stream["display"] == "plan" and (tasks or stream["title"])
    if planned:
        blocks.append({"type": "plan", "title": stream["title"] or "Plan", "tasks": tasks})
    for index, part in enumerate(stream["parts"]):
        if part["type"] == "markdown_text":
            blocks.append({"type": "markdown", "text": part["text"], "block_id": f"stream-{index}"})
        elif part["type"] == "blocks":
            blocks += part["blocks"]
        elif not planned:
            blocks.append(_task(part))
    return blocks


def _task(part: Json) -> Json:
    card: Json = {
        "type": "task_card",
        "block_id": f"task-{part['id']}"[:255],
        "task_id": part["id"],
        "title": part["title"],
        "status": part["status"],
    }
    for key in ("details", "output"):
        if part.get(key):
            card[key] = rendering.plain_rich_text(part[key])
    return card | ({"sources": part["sources"]} if part.get("sources") else {})


def _with(draft: messages.Draft, stream: Json) -> messages.Draft:
    extra: dict[str, Any] = {**draft.extra, "stream": stream}
    return messages.Draft(user=draft.user, thread_ts=draft.thread_ts, extra=extra)
