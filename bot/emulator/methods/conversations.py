"""conversations.*: channels, their members and their messages."""

from __future__ import annotations

import re

from bot.emulator import channels, memberships, users
from bot.emulator.message_shapes import api_shape
from bot.emulator.method import Call, Method, known_channel, page_of, readable_channel
from bot.emulator.wire import Json, SlackError

_TYPES = {
    "public_channel": ("channel", "channels:read"),
    "private_channel": ("group", "groups:read"),
    "im": ("im", "im:read"),
    "mpim": ("mpim", "mpim:read"),
}


def list_conversations(call: Call) -> Json:
    shown = [one for one in _of_types(call) if one["kind"] == "channel" or _bot_in(call, one)]
    listed, metadata = page_of(call, shown)
    shapes = [channels.api_shape(call.ws, one, count=one["kind"] != "im") for one in listed]
    return {"channels": shapes, "response_metadata": metadata}


def users_conversations(call: Call) -> Json:
    wanted = call.args.text("user", call.ws.bot_user)
    users.found(call.ws, wanted)
    shown = [
        one for one in _of_types(call) if wanted in one["members"] and (_bot_in(call, one) or _open(one))
    ]
    listed, metadata = page_of(call, shown)
    return {"channels": [channels.api_shape(call.ws, one) for one in listed], "response_metadata": metadata}


def info(call: Call) -> Json:
    channel = readable_channel(call, "read")
    return {"channel": channels.api_shape(call.ws, channel, count=call.args.flag("include_num_members"))}


def history(call: Call) -> Json:
    channel = readable_channel(call, "history")
    shown = [one for one in call.ws.store.timeline(channel["id"]) if _in_range(call, one["ts"])]
    listed, metadata = page_of(call, shown, most=999)
    return _messages(call, listed, metadata)


def replies(call: Call) -> Json:
    channel = readable_channel(call, "history")
    root = call.ws.store.message(channel["id"], call.args.required("ts"))
    if root is None:
        raise SlackError("thread_not_found")
    thread_ts = root.get("thread_ts") or root["ts"]
    found = call.ws.store.replies(channel["id"], thread_ts)
    first = call.ws.store.message(channel["id"], thread_ts)
    shown = [one for one in ([first] if first else []) + found if _in_range(call, one["ts"])]
    listed, metadata = page_of(call, shown, default=1000, most=999)
    return _messages(call, listed, metadata)


def members(call: Call) -> Json:
    channel = readable_channel(call, "read")
    listed, metadata = page_of(call, [{"id": one} for one in channel["members"]])
    return {"members": [one["id"] for one in listed], "response_metadata": metadata}


def open_conversation(call: Call) -> Json:
    if call.args.has("channel"):
        channel = known_channel(call)
    else:
        people = call.args.words("users")
        if not people:
            raise SlackError("users_list_not_supplied")
        if len(people) > 1:
            raise SlackError("method_not_supported_for_channel_type")
        users.found(call.ws, people[0])
        channel = channels.direct(call.ws, call.ws.bot_user, people[0])
    if call.args.flag("return_im"):
        return {"channel": channels.api_shape(call.ws, channel)}
    return {"channel": {"id": channel["id"]}}


def join(call: Call) -> Json:
    channel = known_channel(call)
    if channel["kind"] != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    already = _bot_in(call, channel)
    joined = memberships.join(call.ws, channel, call.ws.bot_user)
    answer: Json = {"channel": channels.api_shape(call.ws, joined)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def invite(call: Call) -> Json:
    channel = known_channel(call)
    if not _bot_in(call, channel):
        raise SlackError("not_in_channel")
    for user_id in call.args.words("users"):
        users.found(call.ws, user_id)
        if user_id in channel["members"]:
            raise SlackError("already_in_channel")
        channel = memberships.join(call.ws, channel, user_id, call.ws.bot_user)
    return {"channel": channels.api_shape(call.ws, channel)}


def create(call: Call) -> Json:
    name = call.args.required("name")
    if not re.fullmatch(r"[a-z0-9_\-]{1,80}", name):
        raise SlackError("invalid_name_specials")
    private = call.args.flag("is_private")
    channel = channels.create(call.ws, name, call.ws.bot_user, [call.ws.bot_user], private=private)
    return {"channel": channels.api_shape(call.ws, channel)}


def leave(call: Call) -> Json:
    channel = known_channel(call)
    if not _bot_in(call, channel):
        return {"not_in_channel": True}
    memberships.leave(call.ws, channel, call.ws.bot_user)
    return {}


def _of_types(call: Call) -> list[Json]:
    wanted = call.args.words("types") or ["public_channel"]
    if unknown := [one for one in wanted if one not in _TYPES]:
        raise SlackError("invalid_types", types=unknown)
    for one in wanted:
        call.need(_TYPES[one][1])
    kinds = [_TYPES[one][0] for one in wanted]
    hide = call.args.flag("exclude_archived")
    return [
        one for one in channels.every(call.ws) if one["kind"] in kinds and not (hide and one["is_archived"])
    ]


def _bot_in(call: Call, channel: Json) -> bool:
    return call.ws.bot_user in channel["members"]


def _open(channel: Json) -> bool:
    return bool(channel["kind"] == "channel")


def _in_range(call: Call, ts: str) -> bool:
    latest, oldest = call.args.text("latest"), call.args.text("oldest")
    if call.args.flag("inclusive") and ts in (latest, oldest):
        return True
    return (not latest or float(ts) < float(latest)) and (not oldest or float(ts) > float(oldest))


def _messages(call: Call, listed: list[Json], metadata: Json) -> Json:
    whole = call.args.flag("include_all_metadata")
    answer: Json = {
        "messages": [api_shape(call.ws, one, metadata=whole) for one in listed],
        "has_more": bool(metadata["next_cursor"]),
    }
    return answer | ({"response_metadata": metadata} if metadata["next_cursor"] else {})


METHODS = {
    "conversations.list": Method(list_conversations),
    "conversations.info": Method(info),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "conversations.members": Method(members),
    "conversations.open": Method(open_conversation, ("im:write",)),
    "conversations.join": Method(join, ("channels:join",)),
    "conversations.invite": Method(invite, ("channels:manage", "groups:write", "channels:write.invites")),
    "conversations.create": Method(create, ("channels:manage", "groups:write")),
    "conversations.leave": Method(leave, ("channels:manage", "groups:write")),
    "users.conversations": Method(users_conversations),
}
