"""What Slack does to text and blocks on their way in: escapes, mentions, and the ids it fills in."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from bot.emulator import channels, users
from bot.emulator.wire import Json
from bot.emulator.workspace import Workspace

TEXT_LIMIT = 40_000
INTERACTIVE = {
    "button", "checkboxes", "datepicker", "datetimepicker", "timepicker", "feedback_buttons", "icon_button",
    "static_select", "multi_static_select", "external_select", "multi_external_select", "users_select",
    "multi_users_select", "conversations_select", "multi_conversations_select", "channels_select",
    "multi_channels_select", "rich_text_input", "plain_text_input", "email_text_input", "url_text_input",
    "number_input", "file_input", "radio_buttons", "overflow", "workflow_button",
}  # fmt: skip
_BLOCK_LISTS = ("child_blocks", "tasks", "fallback")
_TOKEN = re.compile(r"<@([UW][A-Z0-9]+)>|<#([CG][A-Z0-9]+)\|?[^>]*>|<!(here|channel|everyone)>")


def typed(ws: Workspace, text: str) -> str:
    """What a person typed, as Slack stores it: escaped, with `@name` and `#name` as references."""
    kept = re.sub(
        r"<(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+(?:\|[^<>]*)?|!(?:here|channel|everyone))>", "\0\\1\1", text
    )
    escaped = kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"(?<![\w@/.])@([\w][\w.-]*)", lambda match: _person(ws, match), escaped)
    escaped = re.sub(r"(?<![\w#&/])#([\w][\w-]*)", lambda match: _channel(ws, match), escaped)
    return escaped.replace("\0", "<").replace("\1", ">")[:TEXT_LIMIT]


def posted(text: str) -> str:
    """An app's text: control characters are its own; a lone ampersand is escaped; the rest is cut silently."""
    return re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", text)[:TEXT_LIMIT]


def with_ids(ws: Workspace, blocks: list[Json]) -> list[Json]:
    """The blocks with every missing `block_id` and `action_id` filled in."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        _fill(ws, block)
    return filled


def elements(blocks: Any, block_id: str | None = None) -> Iterator[tuple[str | None, Json]]:
    """Every interactive element with the id of its block."""
    if isinstance(blocks, list):
        for inner in blocks:
            yield from elements(inner, block_id)
    elif isinstance(blocks, dict):
        block_id = blocks.get("block_id", block_id)
        if blocks.get("type") in INTERACTIVE:
            yield block_id, blocks
        for key, inner in blocks.items():
            if key not in ("text", "confirm", "options"):
                yield from elements(inner, block_id)


def element(blocks: Any, block_id: str, action_id: str) -> Json | None:
    for where, one in elements(blocks):
        if where == block_id and one.get("action_id") == action_id:
            return one
    return None


def rich_text(ws: Workspace, text: str) -> list[Json]:
    """The rich text block that Slack's own composer adds to what a person writes."""
    parts: list[Json] = []
    at = 0
    for match in _TOKEN.finditer(text):
        parts += _words(text[at : match.start()])
        parts.append(_reference(match))
        at = match.end()
    parts += _words(text[at:])
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "block_id": _short_id(ws), "elements": [section]}]


def plain_rich_text(text: str) -> Json:
    """A rich text value of unformatted words."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}] if text else []}
    return {"type": "rich_text", "elements": [section]}


def _person(ws: Workspace, match: re.Match[str]) -> str:
    name = match[1].rstrip(".-")
    rest = match[1][len(name) :]
    if name in ("here", "channel", "everyone"):
        return f"<!{name}>{rest}"
    user = users.named(ws, name)
    return f"<@{user['id']}>{rest}" if user else match[0]


def _channel(ws: Workspace, match: re.Match[str]) -> str:
    channel = channels.named(ws, match[1])
    return f"<#{channel['id']}|{channel['name']}>" if channel and channel["kind"] == "channel" else match[0]


def _fill(ws: Workspace, block: Json) -> None:
    block.setdefault("block_id", _short_id(ws))
    for key in _BLOCK_LISTS:
        for inner in block.get(key) or []:
            _fill(ws, inner)
    for _, one in elements(block):
        one.setdefault("action_id", _short_id(ws))
    if block.get("type") == "carousel":
        for card in block["elements"]:
            card.setdefault("block_id", _short_id(ws))


def _short_id(ws: Workspace) -> str:
    return ws.ids.fresh("")[:5]


def _words(text: str) -> list[Json]:
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": plain}] if plain else []


def _reference(match: re.Match[str]) -> Json:
    if match[1]:
        return {"type": "user", "user_id": match[1]}
    if match[2]:
        return {"type": "channel", "channel_id": match[2]}
    return {"type": "broadcast", "range": match[3]}
