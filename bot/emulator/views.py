"""Views: each person's stack of modals, and the Home tab published for them."""

from __future__ import annotations

import secrets
from typing import Any

from bot.emulator import rendering
from bot.emulator.validation import check_view
from bot.emulator.view_state import view_state
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

_DEPTH = 3
_GIVEN = ("title", "submit", "close", "private_metadata", "callback_id", "external_id")
_FLAGS = ("clear_on_close", "notify_on_close", "submit_disabled")


def found(ws: Workspace, view_id: str) -> Json:
    view = ws.store.get("view", view_id)
    if view is None:
        raise SlackError("not_found")
    return view


def stack(ws: Workspace, person: str) -> list[str]:
    return list((ws.store.get("modals", person) or {"ids": []})["ids"])


def top(ws: Workspace, person: str) -> Json | None:
    ids = stack(ws, person)
    return found(ws, ids[-1]) if ids else None


def home(ws: Workspace, person: str) -> Json | None:
    published = ws.store.get("home", person)
    return found(ws, published["id"]) if published else None


def open_modal(ws: Workspace, person: str, given: Any) -> Json:
    """A new stack with this view alone."""
    view = _made(ws, person, check_view(given, "modal"))
    forget(ws, person)
    return _shown(ws, person, view, "view_opened")


def push(ws: Workspace, person: str, given: Any) -> Json:
    below = top(ws, person)
    if below is None:
        raise SlackError("not_found")
    if len(stack(ws, person)) >= _DEPTH:
        raise SlackError("push_limit_reached")
    view = _made(ws, person, check_view(given, "modal"))
    view |= {"root_view_id": below["root_view_id"], "previous_view_id": below["id"]}
    return _shown(ws, person, view, "view_pushed")


def update(ws: Workspace, before: Json, given: Any, expected_hash: str | None = None) -> Json:
    if expected_hash is not None and expected_hash != before["hash"]:
        raise SlackError("hash_conflict")
    view = _made(ws, before["user"], check_view(given, before["type"]), replaces=before["id"])
    kept = {key: before[key] for key in ("id", "root_view_id", "previous_view_id")}
    view |= kept
    ws.store.put("view", view["id"], view)
    news = "home_published" if view["type"] == "home" else "view_updated"
    ws.broadcast.publish(news, {"view": page_shape(view)}, [view["user"]])
    return view


def publish(ws: Workspace, person: str, given: Any, expected_hash: str | None = None) -> Json:
    before = home(ws, person)
    if before is not None:
        return update(ws, before, given, expected_hash)
    view = _made(ws, person, check_view(given, "home"))
    ws.store.put("view", view["id"], view)
    ws.store.put("home", person, {"id": view["id"]})
    ws.broadcast.publish("home_published", {"view": page_shape(view)}, [person])
    return view


def by_external_id(ws: Workspace, external_id: str) -> Json | None:
    return next((view for view in ws.store.every("view") if view["external_id"] == external_id), None)


def close(ws: Workspace, person: str, view_id: str) -> Json | None:
    """Take the view off the person's stack and answer with the new top."""
    ids = stack(ws, person)
    if view_id in ids:
        ids.remove(view_id)
        ws.store.drop("view", view_id)
    ws.store.put("modals", person, {"ids": ids})
    below = top(ws, person)
    news = {"view_id": view_id, "view": page_shape(below) if below else None}
    ws.broadcast.publish("view_closed", news, [person])
    return below


def forget(ws: Workspace, person: str) -> None:
    for view_id in stack(ws, person):
        ws.store.drop("view", view_id)
    ws.store.put("modals", person, {"ids": []})


def remember_state(ws: Workspace, view: Json, values: Json) -> Json:
    """The view with what the person has filled in."""
    filled = {**view, "state": {"values": values}}
    ws.store.put("view", view["id"], filled)
    return filled


def api_shape(view: Json) -> Json:
    return {key: value for key, value in view.items() if key != "user"}


def page_shape(view: Json) -> Json:
    return view


def _made(ws: Workspace, person: str, given: Json, replaces: str | None = None) -> Json:
    external_id = given.get("external_id") or ""
    holder = by_external_id(ws, external_id) if external_id else None
    if holder is not None and holder["id"] != replaces:
        raise SlackError("duplicate_external_id")
    view_id = ws.ids.fresh("V")
    blocks = rendering.with_ids(ws, given["blocks"])
    made: Json = {
        "id": view_id,
        "team_id": ws.team_id,
        "type": given["type"],
        "blocks": blocks,
        **{key: given.get(key) for key in _GIVEN},
        **{key: bool(given.get(key)) for key in _FLAGS},
        "state": {"values": view_state(ws, blocks, {})},
        "hash": f"{int(ws.now())}.{secrets.token_hex(4)}",
        "root_view_id": view_id,
        "previous_view_id": None,
        "app_id": ws.app_id,
        "app_installed_team_id": ws.team_id,
        "bot_id": ws.bot_id,
        "user": person,
    }
    for key in ("private_metadata", "callback_id", "external_id"):
        made[key] = made[key] or ""
    return made


def _shown(ws: Workspace, person: str, view: Json, news: str) -> Json:
    ws.store.put("view", view["id"], view)
    ws.store.put("modals", person, {"ids": [*stack(ws, person), view["id"]]})
    ws.broadcast.publish(news, {"view": page_shape(view)}, [person])
    return view
