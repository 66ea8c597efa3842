"""Channels and DMs: who is in them, and what each person has read."""

from __future__ import annotations

from bot.emulator import users
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


def found(ws: Workspace, channel_id: str) -> Json:
    channel = ws.store.get("channel", channel_id)
    if channel is None:
        raise SlackError("channel_not_found")
    return channel


def every(ws: Workspace) -> list[Json]:
    return sorted(ws.store.every("channel"), key=lambda channel: (channel["kind"], channel["name"]))


def named(ws: Workspace, name: str) -> Json | None:
    return next((one for one in every(ws) if one["kind"] != "im" and one["name"] == name), None)


def create(ws: Workspace, name: str, creator: str, members: list[str], *, private: bool = False) -> Json:
    if named(ws, name) is not None:
        raise SlackError("name_taken")
    channel: Json = {
        "id": ws.ids.named("C", name),
        "name": name,
        "kind": "group" if private else "channel",
        "creator": creator,
        "created": int(ws.now()),
        "is_archived": False,
        "is_general": name == "general",
        "topic": "",
        "purpose": "",
        "members": members,
    }
    ws.store.put("channel", channel["id"], channel)
    tell(ws, channel)
    return channel


def direct(ws: Workspace, one: str, other: str) -> Json:
    """The DM of two people, opened if need be."""
    members = sorted([one, other])
    channel_id = ws.ids.named("D", "/".join(members))
    channel = ws.store.get("channel", channel_id)
    if channel is None:
        channel = {
            "id": channel_id,
            "name": "",
            "kind": "im",
            "creator": one,
            "created": int(ws.now()),
            "is_archived": False,
            "is_general": False,
            "topic": "",
            "purpose": "",
            "members": members,
        }
        ws.store.put("channel", channel_id, channel)
        tell(ws, channel)
    return channel


def change(ws: Workspace, channel: Json) -> None:
    ws.store.put("channel", channel["id"], channel)
    tell(ws, channel)


def tell(ws: Workspace, channel: Json) -> None:
    """Show the channel as it is now to everyone who may see it."""
    for person in audience(ws, channel):
        ws.broadcast.publish("channel", {"channel": page_shape(ws, channel, person)}, [person])


def audience(ws: Workspace, channel: Json) -> list[str]:
    """Who may see what happens there."""
    if channel["kind"] != "channel":
        return [member for member in channel["members"] if member != ws.bot_user]
    people = [user for user in users.every(ws) if not user["is_bot"]]
    return [user["id"] for user in people if not user["is_guest"] or user["id"] in channel["members"]]


def visible_to(ws: Workspace, channel: Json, person: str) -> bool:
    if person in channel["members"]:
        return True
    return channel["kind"] == "channel" and not users.found(ws, person)["is_guest"]


def other_side(channel: Json, person: str) -> str:
    """Whom a DM is with."""
    first, second = channel["members"]
    return str(second if first == person else first)


def event_type(channel: Json) -> str:
    """The `channel_type` of an event."""
    return str(channel["kind"])


def last_read(ws: Workspace, channel_id: str, person: str) -> str:
    read = ws.store.get("read", f"{person}/{channel_id}")
    return str(read["ts"]) if read else "0000000000.000000"


def mark_read(ws: Workspace, channel: Json, person: str, ts: str) -> None:
    if ts > last_read(ws, channel["id"], person):
        ws.store.put("read", f"{person}/{channel['id']}", {"ts": ts})
    ws.broadcast.publish("unread", {"channel": channel["id"], **unread(ws, channel, person)}, [person])


def unread(ws: Workspace, channel: Json, person: str) -> Json:
    """In a DM replies count too: there the app's threads are the conversation."""
    look = ws.store.after if channel["kind"] == "im" else ws.store.top_after
    later = look(channel["id"], last_read(ws, channel["id"], person))
    fresh = [message for message in later if message.get("user") != person]
    if channel["kind"] == "im":
        return {"unread": len(fresh), "mentions": len(fresh)}
    calls = (f"<@{person}>", "<!here>", "<!channel>", "<!everyone>")
    mentions = [message for message in fresh if any(call in message.get("text", "") for call in calls)]
    return {"unread": len(fresh), "mentions": len(mentions)}


def page_shape(ws: Workspace, channel: Json, person: str) -> Json:
    direct_with = other_side(channel, person) if channel["kind"] == "im" else None
    member = person in channel["members"]
    counts = unread(ws, channel, person) if member else {"unread": 0, "mentions": 0}
    return {
        "id": channel["id"],
        "name": users.found(ws, direct_with)["name"] if direct_with else channel["name"],
        "is_private": channel["kind"] != "channel",
        "is_im": channel["kind"] == "im",
        "is_archived": channel["is_archived"],
        "is_member": member,
        "bot_is_member": ws.bot_user in channel["members"],
        "topic": channel["topic"],
        "user": direct_with,
        "last_read": last_read(ws, channel["id"], person),
        "latest": ws.store.latest(channel["id"]),
        "member_count": len(channel["members"]),
        **counts,
    }


def api_shape(ws: Workspace, channel: Json, *, count: bool = False) -> Json:
    """A conversation as the bot sees it."""
    bot_is_in = ws.bot_user in channel["members"]
    shape: Json = {"id": channel["id"], "created": channel["created"], "is_archived": channel["is_archived"]}
    if channel["kind"] == "im":
        return shape | {"is_im": True, "is_org_shared": False, "user": other_side(channel, ws.bot_user)}
    shape |= {
        "name": channel["name"],
        "name_normalized": channel["name"],
        "is_channel": channel["kind"] == "channel",
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel["kind"] == "group",
        "is_general": channel["is_general"],
        "is_member": bot_is_in,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "shared_team_ids": [ws.team_id],
        "context_team_id": ws.team_id,
        "creator": channel["creator"],
        "unlinked": 0,
        "updated": channel["created"] * 1000,
        "topic": {"value": channel["topic"], "creator": "", "last_set": 0},
        "purpose": {"value": channel["purpose"], "creator": "", "last_set": 0},
        "previous_names": [],
    }
    return shape | ({"num_members": len(channel["members"])} if count else {})
