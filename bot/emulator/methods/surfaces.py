"""views.*: modals and the Home tab."""

from __future__ import annotations

from typing import Any

from bot.emulator import triggers, users, views
from bot.emulator.method import Call, Method
from bot.emulator.wire import Json, SlackError, rejected


def open_view(call: Call) -> Json:
    view = _given(call)
    person = triggers.use(call.ws, call.args.required("trigger_id"))
    return {"view": views.api_shape(views.open_modal(call.ws, person, view))}


def push_view(call: Call) -> Json:
    view = _given(call)
    person = triggers.use(call.ws, call.args.required("trigger_id"))
    return {"view": views.api_shape(views.push(call.ws, person, view))}


def update_view(call: Call) -> Json:
    args = call.args
    if args.has("view_id"):
        before = views.found(call.ws, args.text("view_id"))
    else:
        found = views.by_external_id(call.ws, args.required("external_id"))
        if found is None:
            raise SlackError("not_found")
        before = found
    return {"view": views.api_shape(views.update(call.ws, before, _given(call), _hash(call)))}


def publish_view(call: Call) -> Json:
    if not call.ws.app.home_tab:
        raise SlackError("not_enabled")
    person = call.args.required("user_id")
    users.found(call.ws, person)
    return {"view": views.api_shape(views.publish(call.ws, person, _given(call), _hash(call)))}


def _given(call: Call) -> Any:
    view = call.args.nested("view")
    if view is None:
        raise rejected("invalid_arguments", ["missing required field: view [json-pointer:]"])
    return view


def _hash(call: Call) -> str | None:
    """An empty hash is a hash that fits nothing."""
    return call.args.text("hash") if "hash" in call.args.whole() else None


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push_view),
    "views.update": Method(update_view),
    "views.publish": Method(publish_view),
}
