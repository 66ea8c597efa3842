"""users.*, usergroups.*, team.info, bots.info and emoji.list."""

from __future__ import annotations

from bot.emulator import users
from bot.emulator.method import Call, Method, page_of, person
from bot.emulator.wire import Json, SlackError


def list_users(call: Call) -> Json:
    listed, metadata = page_of(call, users.every(call.ws))
    email = call.has("users:read.email")
    shapes = [users.api_shape(call.ws, one, email=email) for one in listed]
    return {"members": shapes, "cache_ts": int(call.ws.now()), "response_metadata": metadata}


def info(call: Call) -> Json:
    email = call.has("users:read.email")
    return {"user": users.api_shape(call.ws, person(call), email=email)}


def lookup_by_email(call: Call) -> Json:
    wanted = call.args.required("email").lower()
    for user in users.every(call.ws):
        if user["email"] == wanted and not user["is_bot"]:
            return {"user": users.api_shape(call.ws, user, email=True)}
    raise SlackError("users_not_found")


def get_profile(call: Call) -> Json:
    user = users.found(call.ws, call.args.text("user", call.ws.bot_user))
    return {"profile": users.profile(call.ws, user, email=call.has("users:read.email"))}


def list_usergroups(call: Call) -> Json:
    people = call.args.flag("include_users")
    count = call.args.flag("include_count")
    return {"usergroups": [_group(call, one, people, count) for one in call.ws.store.every("usergroup")]}


def usergroup_users(call: Call) -> Json:
    group = call.ws.store.get("usergroup", call.args.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group["users"]}


def team_info(call: Call) -> Json:
    team = {**call.ws.team, "email_domain": "acme.example", "icon": {"image_default": True}}
    return {"team": team | {"url": f"{call.ws.origin}/"}}


def bots_info(call: Call) -> Json:
    if call.args.text("bot", call.ws.bot_id) != call.ws.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": call.ws.bot_id,
        "deleted": False,
        "name": call.ws.app.name,
        "updated": 1700000000,
        "app_id": call.ws.app_id,
        "user_id": call.ws.bot_user,
        "icons": {},
    }
    return {"bot": bot}


def list_emoji(call: Call) -> Json:
    return {"emoji": {}, "cache_ts": str(int(call.ws.now()))}


def _group(call: Call, group: Json, people: bool, count: bool) -> Json:
    shape = {
        "id": group["id"],
        "team_id": call.ws.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group["name"],
        "description": "",
        "handle": group["handle"],
        "is_external": False,
        "date_create": 1700000000,
        "date_update": 1700000000,
        "date_delete": 0,
        "created_by": group["by"],
        "updated_by": group["by"],
        "prefs": {"channels": [], "groups": []},
    }
    shape |= {"users": group["users"]} if people else {}
    return shape | ({"user_count": len(group["users"])} if count else {})


METHODS = {
    "users.list": Method(list_users, ("users:read",)),
    "users.info": Method(info, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
    "users.profile.get": Method(get_profile, ("users.profile:read", "users:read")),
    "usergroups.list": Method(list_usergroups, ("usergroups:read",)),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",)),
    "team.info": Method(team_info, ("team:read",)),
    "bots.info": Method(bots_info, ("users:read",)),
    "emoji.list": Method(list_emoji, ("emoji:read",)),
}
