"""Events for the app: each is sent only if the manifest subscribes to it and its scope is granted."""

from __future__ import annotations

import secrets

from bot.emulator.wire import Json
from bot.emulator.workspace import Workspace

_MESSAGE_KINDS = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
    "mpim": ("message.mpim", "mpim:history"),
}
_READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
_SCOPES = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "file_shared": "files:read",
    "agent_session_stopped": "assistant:write",
    "agent_session_title_changed": "assistant:write",
    "app_context_changed": "assistant:write",
}
_MEMBERSHIP = ("member_joined_channel", "member_left_channel")


def emit(ws: Workspace, event: Json, channel: Json | None = None) -> None:
    """Send this event if the app would get it; `channel` is where it happened."""
    if channel is not None and ws.bot_user not in channel["members"]:
        return
    name, scope = _needs(event, channel)
    if name not in ws.app.events:
        _warn_once(ws, name, f"The manifest does not subscribe to {name}: the event was not sent.")
    elif scope and scope not in ws.app.scopes:
        _warn_once(ws, name, f"{name} needs the scope {scope}: the event was not sent.")
    else:
        ws.delivery.event(_callback(ws, event))


def _needs(event: Json, channel: Json | None) -> tuple[str, str | None]:
    name = str(event["type"])
    if name == "message" and channel is not None:
        return _MESSAGE_KINDS[channel["kind"]]
    if name in _MEMBERSHIP and channel is not None:
        return name, _READ_SCOPES[channel["kind"]]
    return name, _SCOPES.get(name)


def _warn_once(ws: Workspace, name: str, words: str) -> None:
    told = any(entry.request["method"] == name for entry in ws.log.entries(name="not_subscribed"))
    if not told:
        ws.log.warn("not_subscribed", words, method=name)


def _callback(ws: Workspace, event: Json) -> Json:
    return {
        "token": ws.installation.verification_token,
        "team_id": ws.team_id,
        "api_app_id": ws.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": ws.ids.fresh("Ev"),
        "event_time": int(ws.now()),
        "event_context": f"4-{secrets.token_urlsafe(24)}",
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": ws.team_id,
                "user_id": ws.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
