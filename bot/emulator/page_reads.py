"""What the page asks for: the workspace as one person sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.emulator import channels, message_shapes, sessions, users, views
from bot.emulator.person import Person
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

Query = Mapping[str, str]


def boot(person: Person, query: Query) -> Json:
    ws = person.ws
    me = users.found(ws, person.id)
    dm = channels.direct(ws, person.id, ws.bot_user)
    shown = [one for one in channels.every(ws) if channels.visible_to(ws, one, person.id)]
    mine = [one for one in shown if person.id in one["members"]]
    others = [one for one in shown if one not in mine and not one["is_archived"]]
    top = views.top(ws, person.id)
    return {
        "team": ws.team,
        "me": users.page_shape(me),
        "users": [users.page_shape(one) for one in _colleagues(ws, me)],
        "bot": _bot(ws, dm),
        "channels": [channels.page_shape(ws, one, person.id) for one in mine],
        "joinable": [channels.page_shape(ws, one, person.id) for one in others],
        "sessions": _open_sessions(ws, {one["id"] for one in shown}),
        "modal": views.page_shape(top) if top else None,
        "now": ws.now(),
    }


def history(person: Person, query: Query) -> Json:
    ws = person.ws
    channel = _visible(person, query.get("channel", ""))
    before = query.get("before", "9")
    limit = min(int(query.get("limit", "50")), 200)
    earlier = [one for one in ws.store.timeline(channel["id"]) if one["ts"] < before]
    return {
        "messages": [message_shapes.page_shape(ws, one) for one in reversed(earlier[:limit])],
        "has_more": len(earlier) > limit,
        "last_read": channels.last_read(ws, channel["id"], person.id),
        "channel": channels.page_shape(ws, channel, person.id),
    }


def replies(person: Person, query: Query) -> Json:
    ws = person.ws
    channel = _visible(person, query.get("channel", ""))
    root = ws.store.message(channel["id"], query.get("ts", ""))
    if root is None:
        raise SlackError("thread_not_found")
    session = sessions.find(ws, channel["id"], root["ts"])
    thread = [root, *ws.store.replies(channel["id"], root["ts"])]
    return {
        "messages": [message_shapes.page_shape(ws, one) for one in thread],
        "last_read": channels.last_read(ws, channel["id"], person.id),
        "session": sessions.page_shape(ws, session) if session else None,
    }


def search(person: Person, query: Query) -> Json:
    ws = person.ws
    wanted = query.get("q", "").lower()
    kind = query.get("kind", "")
    people = [users.page_shape(one) for one in _colleagues(ws, users.found(ws, person.id))]
    places = [one for one in channels.every(ws) if channels.visible_to(ws, one, person.id)]
    shapes = [channels.page_shape(ws, one, person.id) for one in places]
    return {
        "users": [] if kind == "channels" else [one for one in people if _fits(wanted, one)],
        "channels": [one for one in shapes if wanted in one["name"].lower() and kind != "users"],
    }


def inspector(person: Person, query: Query) -> Json:
    limit = int(query.get("limit", "200"))
    entries = person.ws.log.entries(since=int(query.get("since", "0")))[-limit:]
    return {"entries": [entry.brief() for entry in entries], "last": person.ws.log.last}


READS: Mapping[str, Callable[[Person, Query], Json]] = {
    "boot": boot,
    "history": history,
    "replies": replies,
    "search": search,
    "inspector": inspector,
}


def _visible(person: Person, channel_id: str) -> Json:
    channel = channels.found(person.ws, channel_id)
    if not channels.visible_to(person.ws, channel, person.id):
        raise SlackError("channel_not_found")
    return channel


def _colleagues(ws: Workspace, me: Json) -> list[Json]:
    """Everyone, or for a guest those who share a channel with them."""
    if not me["is_guest"]:
        return users.every(ws)
    met = {me["id"], ws.bot_user}
    for channel in channels.every(ws):
        if me["id"] in channel["members"]:
            met.update(channel["members"])
    return [one for one in users.every(ws) if one["id"] in met]


def _bot(ws: Workspace, dm: Json) -> Json:
    app = ws.app
    set_prompts = ws.store.get("prompts", dm["id"])
    prompts = set_prompts or {"title": None, "prompts": app.suggested_prompts}
    kept = ("command", "usage_hint", "description")
    return {
        "user_id": ws.bot_user,
        "name": app.name,
        "app_id": ws.app_id,
        "bot_id": ws.bot_id,
        "description": app.description,
        "dm": dm["id"],
        "home_tab_enabled": app.home_tab,
        "messages_tab_enabled": app.messages_tab,
        "connected": ws.delivery.connected,
        "commands": [{key: one.get(key, "") for key in kept} for one in app.commands],
        "shortcuts": app.shortcuts,
        "suggested_prompts": {"title": prompts["title"], "prompts": prompts["prompts"]},
    }


def _open_sessions(ws: Workspace, visible: set[str]) -> list[Json]:
    return [
        sessions.page_shape(ws, one)
        for one in sessions.every(ws)
        if one["status"] in ("processing", "suspended") and one["channel"] in visible
    ]


def _fits(wanted: str, user: Json) -> bool:
    return wanted in user["name"].lower() or wanted in user["real_name"].lower()
