"""People of the workspace, the bot among them."""

from __future__ import annotations

from typing import Any

from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


def found(ws: Workspace, user_id: str) -> Json:
    user = ws.store.get("user", user_id)
    if user is None:
        raise SlackError("user_not_found")
    return user


def every(ws: Workspace) -> list[Json]:
    return sorted(ws.store.every("user"), key=lambda user: str(user["order"]))


def named(ws: Workspace, name: str) -> Json | None:
    wanted = name.lower()
    return next((user for user in every(ws) if user["name"] == wanted), None)


def add(ws: Workspace, name: str, real_name: str, **traits: Any) -> Json:
    """A new person; `traits` are title, tz, tz_label, tz_offset, color, is_guest, is_admin, is_bot, email."""
    user_id = ws.bot_user if traits.get("is_bot") else ws.ids.named("U", name)
    user = {
        "id": user_id,
        "order": f"{ws.store.number('user order'):06d}",
        "name": name,
        "real_name": real_name,
        "title": "",
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "color": "4a8f5c",
        "email": f"{name}@acme.example",
        "is_guest": False,
        "is_admin": False,
        "is_bot": False,
        **traits,
    }
    ws.store.put("user", user_id, user)
    return user


def api_shape(ws: Workspace, user: Json, *, email: bool = False) -> Json:
    first, _, last = user["real_name"].partition(" ")
    return {
        "id": user["id"],
        "team_id": ws.team_id,
        "name": user["name"],
        "deleted": False,
        "color": user["color"],
        "real_name": user["real_name"],
        "tz": user["tz"],
        "tz_label": user["tz_label"],
        "tz_offset": user["tz_offset"],
        "profile": profile(ws, user, email=email) | {"first_name": first, "last_name": last},
        "is_admin": user["is_admin"],
        "is_owner": user["is_admin"],
        "is_primary_owner": False,
        "is_restricted": user["is_guest"],
        "is_ultra_restricted": user["is_guest"],
        "is_bot": user["is_bot"],
        "is_app_user": False,
        "updated": 1700000000,
        "is_email_confirmed": not user["is_bot"],
        "who_can_share_contact_card": "EVERYONE",
    }


def profile(ws: Workspace, user: Json, *, email: bool = False) -> Json:
    shape = {
        "title": user["title"],
        "phone": "",
        "real_name": user["real_name"],
        "real_name_normalized": user["real_name"],
        "display_name": user["name"],
        "display_name_normalized": user["name"],
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": user["id"].lower(),
        "team": ws.team_id,
    }
    if email and not user["is_bot"]:
        shape["email"] = user["email"]
    if user["is_bot"]:
        shape |= {"api_app_id": ws.app_id, "bot_id": ws.bot_id, "always_active": True}
    return shape


def page_shape(user: Json) -> Json:
    words = user["real_name"].split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    kept = (
        "id",
        "name",
        "real_name",
        "title",
        "is_guest",
        "is_admin",
        "is_bot",
        "tz",
        "tz_label",
        "tz_offset",
    )
    return {
        **{key: user[key] for key in kept},
        "initials": initials,
        "colour": f"#{user['color']}",
        "presence": "active",
    }
