"""What the app receives when a person does something: exactly the documented fields."""

from __future__ import annotations

from typing import Any

from bot.emulator import triggers, users, views
from bot.emulator.message_shapes import api_shape
from bot.emulator.wire import Json
from bot.emulator.workspace import Workspace

_NAMES = {"im": "directmessage", "group": "privategroup"}


def slash_command(
    ws: Workspace, person: str, channel: Json, command: str, text: str, response_url: str
) -> dict[str, str]:
    return {
        "token": ws.installation.verification_token,
        "team_id": ws.team_id,
        "team_domain": str(ws.team["domain"]),
        "channel_id": channel["id"],
        "channel_name": _channel_name(channel),
        "user_id": person,
        "user_name": users.found(ws, person)["name"],
        "command": command,
        "text": text,
        "api_app_id": ws.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": triggers.fresh(ws, person),
    }


def block_actions(
    ws: Workspace, person: str, surface: Json, action: Json, values: Json, response_url: str | None
) -> Json:
    """`surface` is what `message_surface` or `view_surface` gave."""
    payload = _base(ws, "block_actions", person) | {"trigger_id": triggers.fresh(ws, person)} | surface
    if "view" not in surface:
        payload |= {"state": {"values": values}, "response_url": response_url}
    return payload | {"actions": [{**action, "action_ts": ws.ids.timestamp()}]}


def block_suggestion(
    ws: Workspace, person: str, surface: Json, block_id: str, action_id: str, value: str
) -> Json:
    asked = {"block_id": block_id, "action_id": action_id, "value": value}
    return _base(ws, "block_suggestion", person) | surface | asked


def message_surface(ws: Workspace, channel: Json, message: Json) -> Json:
    """An ephemeral message itself is not told, only where it is."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": bool(message.get("is_ephemeral")),
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    surface = {"container": container, "channel": channel_reference(channel)}
    return surface if container["is_ephemeral"] else surface | {"message": api_shape(ws, message)}


def view_surface(view: Json) -> Json:
    return {"container": {"type": "view", "view_id": view["id"]}, "view": views.api_shape(view)}


def view_submission(ws: Workspace, person: str, view: Json, response_urls: list[Json]) -> Json:
    return _base(ws, "view_submission", person) | {
        "trigger_id": triggers.fresh(ws, person),
        "view": views.api_shape(view),
        "response_urls": response_urls,
    }


def view_closed(ws: Workspace, person: str, view: Json, *, cleared: bool) -> Json:
    return _base(ws, "view_closed", person) | {"view": views.api_shape(view), "is_cleared": cleared}


def shortcut(ws: Workspace, person: str, callback_id: str) -> Json:
    return _base(ws, "shortcut", person) | _called(ws, person, callback_id)


def message_action(
    ws: Workspace, person: str, callback_id: str, channel: Json, message: Json, response_url: str
) -> Json:
    return (
        _base(ws, "message_action", person)
        | _called(ws, person, callback_id)
        | {
            "message_ts": message["ts"],
            "channel": channel_reference(channel),
            "message": api_shape(ws, message),
            "response_url": response_url,
        }
    )


def action(element: Json, block_id: str, reported: Json) -> Json:
    """One entry of `actions`, but for its time."""
    shape: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        **reported,
    }
    for key in ("text", "style"):
        if key in element:
            shape[key] = element[key]
    return shape


def channel_reference(channel: Json) -> Json:
    return {"id": channel["id"], "name": _channel_name(channel)}


def _called(ws: Workspace, person: str, callback_id: str) -> Json:
    return {
        "callback_id": callback_id,
        "trigger_id": triggers.fresh(ws, person),
        "action_ts": ws.ids.timestamp(),
    }


def _base(ws: Workspace, kind: str, person: str) -> Json:
    name = users.found(ws, person)["name"]
    return {
        "type": kind,
        "team": {"id": ws.team_id, "domain": ws.team["domain"]},
        "enterprise": None,
        "user": {"id": person, "username": name, "name": name, "team_id": ws.team_id},
        "api_app_id": ws.app_id,
        "token": ws.installation.verification_token,
        "is_enterprise_install": False,
    }


def _channel_name(channel: Json) -> str:
    return _NAMES.get(channel["kind"]) or str(channel["name"])
