"""What a person has filled in, in the form of Slack's `state.values`."""

from __future__ import annotations

from typing import Any

from bot.emulator import files, rendering
from bot.emulator.wire import Json
from bot.emulator.workspace import Workspace

# The key under which each kind of element reports, and the key of its first value.
_REPORTS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
_LISTS = ("selected_options", "selected_users", "selected_channels", "selected_conversations", "files")
REQUIRED = "Please complete this required field."


def view_state(ws: Workspace, blocks: list[Json], sent: Json) -> Json:
    """Every stateful element with what was sent for it, else with its first value."""
    values: Json = {}
    for block_id, element in rendering.elements(blocks):
        if element["type"] in _REPORTS and block_id is not None:
            given = (sent.get(block_id) or {}).get(element["action_id"]) or {}
            values.setdefault(block_id, {})[element["action_id"]] = _value(ws, element, given)
    return values


def missing(blocks: list[Json], values: Json) -> dict[str, str]:
    """The required inputs that are still empty."""
    empty = {}
    for block in blocks:
        if block["type"] == "input" and not block.get("optional"):
            value = values[block["block_id"]][block["element"]["action_id"]]
            key = _REPORTS[block["element"]["type"]][0]
            if value.get(key) in (None, "", []):
                empty[block["block_id"]] = REQUIRED
    return empty


def reported(ws: Workspace, element: Json, sent: Json) -> Json:
    """The part of an action that says what was chosen."""
    if element["type"] == "overflow":
        return {"selected_option": _option(element, sent.get("selected_option"))}
    if element["type"] in _REPORTS:
        value = _value(ws, element, sent)
        return {key: inner for key, inner in value.items() if key != "type"}
    if element["type"] == "feedback_buttons":
        return {"value": sent.get("value")}
    return {"value": element["value"]} if "value" in element else {}


def _value(ws: Workspace, element: Json, given: Json) -> Json:
    key, first = _REPORTS[element["type"]]
    kind = element["type"]
    if kind == "file_input":
        return {"type": kind, "files": [files.api_shape(ws, one) for one in given.get("file_ids") or []]}
    if kind == "rich_text_input" and given.get("value"):
        return {"type": kind, key: rendering.plain_rich_text(given["value"])}
    chosen = given[key] if key in given else _first(element, first)
    if key in ("selected_option", "selected_options"):
        chosen = _chosen(element, chosen)
    if chosen is None and key in _LISTS:
        chosen = []
    return {"type": kind, key: chosen if chosen != "" else None}


def _first(element: Json, first: str) -> Any:
    return element.get(first)


def _chosen(element: Json, chosen: Any) -> Any:
    if isinstance(chosen, list):
        return [_option(element, one) for one in chosen]
    return _option(element, chosen)


def _option(element: Json, chosen: Any) -> Any:
    """The element's own option of that value, which is what Slack reports."""
    if not isinstance(chosen, dict):
        return None
    known = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        known += group["options"]
    return next((option for option in known if option["value"] == chosen.get("value")), chosen)
