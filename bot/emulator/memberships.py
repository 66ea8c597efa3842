"""Joining, leaving and inviting, with the messages and events they make."""

from __future__ import annotations

from bot.emulator import channels, events, messages
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


def join(ws: Workspace, channel: Json, user: str, inviter: str | None = None) -> Json:
    if channel["is_archived"]:
        raise SlackError("is_archived")
    if user in channel["members"]:
        return channel
    joined = {**channel, "members": [*channel["members"], user]}
    channels.change(ws, joined)
    extra = {"inviter": inviter} if inviter else {}
    words = f"<@{user}> has joined the channel"
    messages.post(ws, joined, messages.Draft(user=user, text=words, subtype="channel_join", extra=extra))
    events.emit(ws, _event(ws, "member_joined_channel", joined, user) | extra, joined)
    return joined


def leave(ws: Workspace, channel: Json, user: str) -> Json:
    if user not in channel["members"]:
        raise SlackError("not_in_channel")
    if channel["is_general"] and user != ws.bot_user:
        raise SlackError("cant_leave_general")
    left = {**channel, "members": [member for member in channel["members"] if member != user]}
    channels.change(ws, left)
    events.emit(ws, _event(ws, "member_left_channel", left, user), left)
    if user != ws.bot_user:
        ws.broadcast.publish("channel", {"channel": channels.page_shape(ws, left, user)}, [user])
    return left


def archive(ws: Workspace, channel: Json, *, archived: bool) -> Json:
    changed = {**channel, "is_archived": archived}
    channels.change(ws, changed)
    return changed


def _event(ws: Workspace, kind: str, channel: Json, user: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": channel["id"],
        "channel_type": "C" if channel["kind"] == "channel" else "G",
        "team": ws.team_id,
        "event_ts": ws.ids.timestamp(),
    }
