"""Agent sessions: the state of a thread's work, and the Stop button while it is `processing`."""

from __future__ import annotations

from bot.emulator import channels, events
from bot.emulator.wire import Json, SlackError, rejected
from bot.emulator.workspace import Workspace

STATUSES = ("processing", "active", "suspended", "closed")
_NO_STOP = "missing_agent_session_stopped_event_subscription"


def find(ws: Workspace, channel_id: str, thread_ts: str) -> Json | None:
    return ws.store.get("session", f"{channel_id}/{thread_ts}")


def every(ws: Workspace) -> list[Json]:
    return ws.store.every("session")


def set_status(
    ws: Workspace,
    channel: Json,
    thread_ts: str,
    status: str,
    *,
    title: str | None = None,
    user: str | None = None,
) -> Json:
    """The session of this thread, begun if need be (only then does a title count)."""
    if status not in STATUSES:
        raise rejected("invalid_arguments", [f"must be one of: {', '.join(STATUSES)} [json-pointer:/status]"])
    if title is not None and len(title) > 200:
        raise rejected("invalid_arguments", ["must be less than 201 characters [json-pointer:/title]"])
    session = find(ws, channel["id"], thread_ts) or {
        "channel": channel["id"],
        "thread_ts": thread_ts,
        "title": title,
        "started_at": ws.now(),
        "user": user,
    }
    return _put(ws, channel, {**session, "status": status})


def rename(ws: Workspace, channel: Json, thread_ts: str, title: str) -> Json:
    session = find(ws, channel["id"], thread_ts)
    if session is None:
        raise SlackError("session_not_found")
    return _put(ws, channel, {**session, "title": title[:200]})


def warning(ws: Workspace) -> Json:
    """What Slack adds to its answer when nobody would hear the Stop button."""
    if ws.app.stoppable:
        return {}
    return {"warning": _NO_STOP, "response_metadata": {"warnings": [_NO_STOP]}}


def stopped(ws: Workspace, channel: Json, thread_ts: str, person: str, streams: list[str]) -> None:
    """A person pressed Stop: the app is told, and has to leave `processing` itself."""
    event = {
        "type": "agent_session_stopped",
        "channel": channel["id"],
        "user": person,
        "thread_ts": thread_ts,
        "streaming_message_ts": streams,
        "event_ts": ws.ids.timestamp(),
    }
    events.emit(ws, event, channel)


def renamed(ws: Workspace, channel: Json, session: Json, person: str, title: str) -> None:
    """A person gave the session another title."""
    _put(ws, channel, {**session, "title": title})
    event = {
        "type": "agent_session_title_changed",
        "channel": channel["id"],
        "user": person,
        "team_id": ws.team_id,
        "thread_ts": session["thread_ts"],
        "title": title,
        "previous_title": session["title"],
        "event_ts": ws.ids.timestamp(),
    }
    events.emit(ws, event, channel)


def page_shape(ws: Workspace, session: Json) -> Json:
    return {**session, "stoppable": session["status"] == "processing" and ws.app.stoppable}


def _put(ws: Workspace, channel: Json, session: Json) -> Json:
    ws.store.put("session", f"{session['channel']}/{session['thread_ts']}", session)
    ws.broadcast.publish("session", {"session": page_shape(ws, session)}, channels.audience(ws, channel))
    return session
