"""reactions.*"""

from __future__ import annotations

from bot.emulator import messages
from bot.emulator.message_shapes import api_shape
from bot.emulator.method import Call, Method, known_channel
from bot.emulator.wire import Json, SlackError


def add(call: Call) -> Json:
    return _react(call, remove=False)


def remove(call: Call) -> Json:
    return _react(call, remove=True)


def get(call: Call) -> Json:
    channel = known_channel(call)
    message = messages.found(call.ws, channel, call.args.required("timestamp"))
    return {"type": "message", "channel": channel["id"], "message": api_shape(call.ws, message)}


def _react(call: Call, *, remove: bool) -> Json:
    channel = known_channel(call)
    name = call.args.required("name").strip(":")
    message = messages.found(call.ws, channel, call.args.required("timestamp"))
    if call.ws.bot_user not in channel["members"]:
        raise SlackError("not_in_channel")
    messages.react(call.ws, channel, message, call.ws.bot_user, name, remove=remove)
    return {}


METHODS = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.remove": Method(remove, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
}
