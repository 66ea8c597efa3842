"""What a person does that the app must answer at once: commands, clicks, shortcuts, suggestions."""

from __future__ import annotations

from typing import Any, assert_never

from bot.emulator import channels, messages, payloads, rendering, responses, view_state, views
from bot.emulator.outcome import Acked, Failed, NotConnected, Outcome, TimedOut
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

WORDS = {
    "operation_timeout": "{what} failed with the error “operation_timeout”: the app did not acknowledge in 3 seconds.",
    "dispatch_failed": "{what} failed with the error “dispatch_failed”: the app answered with an error.",
    "app_not_connected": "{what} failed: the app is not connected to this workspace.",
}


def command(ws: Workspace, person: str, channel_id: str, name: str, text: str) -> None:
    """Run a slash command; its answer comes as messages."""
    with ws.lock:
        channel = channels.found(ws, channel_id)
        declared = ws.app.command(name) or {}
        words = rendering.typed(ws, text) if declared.get("should_escape") else text
        url = responses.url(ws, person, channel)
        payload = payloads.slash_command(ws, person, channel, name, words, url)
    outcome = ws.delivery.ask("slash_commands", payload)
    answer = acknowledged(ws, person, outcome, name)
    ws.broadcast.publish("ack", {"kind": "command", "command": name, "ok": True}, [person])
    with ws.lock:
        try:
            responses.acknowledged(ws, person, channel, answer)
        except SlackError as refusal:
            ws.log.warn(
                "rejected_blocks", f"{name}: the acknowledgement's message was rejected: {refusal.code}"
            )


def click(
    ws: Workspace, person: str, container: Json, block_id: str, action_id: str, chosen: Json, sent: Json
) -> None:
    """Use an interactive element of a message or view; `sent` is the state of the surface."""
    sent = {**sent, block_id: {**(sent.get(block_id) or {}), action_id: chosen}} if chosen else sent
    with ws.lock:
        if not ws.app.interactive:
            raise SlackError("interactivity_not_enabled")
        surface, blocks, url = _surface(ws, person, container, sent)
        element = _element(blocks, block_id, action_id)
        reported = view_state.reported(ws, element, chosen)
        values = view_state.view_state(ws, blocks, sent)
        action = payloads.action(element, block_id, reported)
        payload = payloads.block_actions(ws, person, surface, action, values, url)
    label = (element.get("text") or {}).get("text") or action_id
    acknowledged(ws, person, ws.delivery.ask("interactive", payload), f"“{label}”")


def suggest(
    ws: Workspace, person: str, container: Json, block_id: str, action_id: str, typed: str, sent: Json
) -> Json:
    """The options that the app offers for what was typed into an external select."""
    with ws.lock:
        surface, blocks, _ = _surface(ws, person, container, sent)
        _element(blocks, block_id, action_id)
        payload = payloads.block_suggestion(ws, person, surface, block_id, action_id, typed)
    answer = acknowledged(ws, person, ws.delivery.ask("interactive", payload), "Loading the options")
    offered = answer if isinstance(answer, dict) else {}
    if offered.get("option_groups"):
        return {"option_groups": offered["option_groups"][:100]}
    return {"options": list(offered.get("options") or [])[:100]}


def global_shortcut(ws: Workspace, person: str, callback_id: str) -> None:
    with ws.lock:
        name = _shortcut(ws, callback_id, "global")
        payload = payloads.shortcut(ws, person, callback_id)
    acknowledged(ws, person, ws.delivery.ask("interactive", payload), name)


def message_shortcut(ws: Workspace, person: str, callback_id: str, channel_id: str, ts: str) -> None:
    with ws.lock:
        name = _shortcut(ws, callback_id, "message")
        channel = channels.found(ws, channel_id)
        message = messages.found(ws, channel, ts)
        url = responses.url(ws, person, channel, message)
        payload = payloads.message_action(ws, person, callback_id, channel, message, url)
    acknowledged(ws, person, ws.delivery.ask("interactive", payload), name)


def acknowledged(ws: Workspace, person: str, outcome: Outcome, what: str) -> Any:
    """The acknowledgement's payload; anything else is shown to the person and raised."""
    match outcome:
        case Acked(payload):
            return payload
        case TimedOut():
            error = "operation_timeout"
        case NotConnected():
            error = "app_not_connected"
        case Failed(reason):
            error = "operation_timeout" if reason == "connection_failed" else "dispatch_failed"
        case _:
            assert_never(outcome)
    words = WORDS[error].format(what=what)
    ws.log.warn(error, words, to=[person])
    raise SlackError(error, message=words)


def _surface(ws: Workspace, person: str, container: Json, sent: Json) -> tuple[Json, list[Json], str | None]:
    """What the payload says of the surface, its blocks, and a response URL if it is a message."""
    if container.get("type") == "view":
        view = views.found(ws, str(container.get("view_id")))
        if view["user"] != person:
            raise SlackError("view_not_found")
        values = view_state.view_state(ws, view["blocks"], {**view["state"]["values"], **sent})
        return payloads.view_surface(views.remember_state(ws, view, values)), view["blocks"], None
    channel = channels.found(ws, str(container.get("channel_id")))
    if not channels.visible_to(ws, channel, person):
        raise SlackError("channel_not_found")
    message = _message(ws, person, channel, container)
    url = responses.url(ws, person, channel, message)
    return payloads.message_surface(ws, channel, message), message.get("blocks") or [], url


def _message(ws: Workspace, person: str, channel: Json, container: Json) -> Json:
    ts = str(container.get("message_ts"))
    whispered = ws.ephemerals.get(f"{channel['id']}/{ts}")
    if whispered is not None and whispered["to"] == person:
        return {key: value for key, value in whispered.items() if key != "to"}
    return messages.found(ws, channel, ts)


def _element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    element = rendering.element(blocks, block_id, action_id)
    if element is None:
        raise SlackError("block_not_found")
    return element


def _shortcut(ws: Workspace, callback_id: str, kind: str) -> str:
    declared = ws.app.shortcut(callback_id)
    if declared is None or declared["type"] != kind:
        raise SlackError("shortcut_not_found")
    return str(declared["name"])
