"""What Slack accepts as blocks, and on which surface each kind may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.emulator.element_schema import (
    BUTTONS,
    CHOOSERS,
    CONTEXT_ACTIONS,
    IMAGE_ELEMENT,
    OVERFLOW,
    RAW_NUMBER,
    RAW_TEXT,
    SLACK_FILE,
    TEXT_INPUTS,
    URL_SOURCE,
    any_text,
    plain,
)
from bot.emulator.rich_text_schema import RICH_TEXT
from bot.emulator.schema import (
    Check,
    Problems,
    also,
    any_key,
    anything,
    fields,
    flag,
    items,
    not_both,
    one_of,
    text,
    typed,
    url,
)

_BASE = {"type": text(50), "block_id": text(255)}
_STATUS = one_of("pending", "in_progress", "complete", "error")
_ACTIONS = typed({**BUTTONS, **CHOOSERS, **OVERFLOW})
_ACCESSORY = typed({**BUTTONS, **CHOOSERS, **OVERFLOW, "image": IMAGE_ELEMENT})
_INPUTS = typed({**CHOOSERS, **TEXT_INPUTS})


def _context_element(value: Any, at: str) -> Problems:
    if isinstance(value, dict) and value.get("type") == "image":
        yield from IMAGE_ELEMENT(value, at)
    else:
        yield from any_text(3000)(value, at)


def _child(value: Any, at: str) -> Problems:
    yield from typed(_CHILDREN)(value, at)


_IMAGE = also(
    fields(
        {**_BASE, "alt_text": text(2000), "image_url": url, "slack_file": SLACK_FILE, "title": plain(2000)},
        ["alt_text"],
    ),
    any_key("image_url", "slack_file"),
    not_both("image_url", "slack_file"),
)
_TASK = fields(
    {
        **_BASE,
        "task_id": text(255),
        "title": text(256),
        "status": _STATUS,
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(URL_SOURCE, 50, 0),
    },
    ["task_id", "title", "status"],
)
_CARD = also(
    fields(
        {
            **_BASE,
            "hero_image": IMAGE_ELEMENT,
            "icon": IMAGE_ELEMENT,
            "title": any_text(150),
            "subtitle": any_text(150),
            "body": any_text(200),
            "actions": items(typed(BUTTONS), 5),
        }
    ),
    any_key("hero_image", "title", "actions", "body"),
)
_TABLE = fields(
    {
        **_BASE,
        "rows": items(
            items(typed({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER, "rich_text": RICH_TEXT}), 20), 100
        ),
        "column_settings": items(
            fields({"align": one_of("left", "center", "right"), "is_wrapped": flag}), 20
        ),
    },
    ["rows"],
)

_EVERYWHERE: Mapping[str, Check] = {
    "section": also(
        fields(
            {
                **_BASE,
                "text": any_text(3000),
                "fields": items(any_text(2000), 10),
                "accessory": _ACCESSORY,
                "expand": flag,
            }
        ),
        any_key("text", "fields"),
    ),
    "divider": fields(_BASE),
    "image": _IMAGE,
    "actions": fields({**_BASE, "elements": items(_ACTIONS, 25)}, ["elements"]),
    "context": fields({**_BASE, "elements": items(_context_element, 10)}, ["elements"]),
    "header": fields({**_BASE, "text": plain(150)}, ["text"]),
    "rich_text": RICH_TEXT,
    "alert": fields(
        {
            **_BASE,
            "text": any_text(3000),
            "level": one_of("default", "info", "warning", "error", "success"),
        },
        ["text"],
    ),
    "input": fields(
        {
            **_BASE,
            "label": plain(2000),
            "element": _INPUTS,
            "hint": plain(2000),
            "dispatch_action": flag,
            "optional": flag,
        },
        ["label", "element"],
    ),
    "video": fields(
        {
            **_BASE,
            "alt_text": text(2000),
            "video_url": url,
            "thumbnail_url": url,
            "title": plain(199),
            "title_url": url,
            "description": plain(200),
            "provider_icon_url": url,
            "provider_name": text(50),
            "author_name": text(49),
        },
        ["alt_text", "video_url", "thumbnail_url", "title"],
    ),
}
_IN_MESSAGES: Mapping[str, Check] = {
    "markdown": fields({**_BASE, "text": text(12_000)}, ["text"]),
    "context_actions": fields({**_BASE, "elements": items(typed(CONTEXT_ACTIONS), 5)}, ["elements"]),
    "file": fields(
        {**_BASE, "external_id": text(255), "source": one_of("remote")}, ["external_id", "source"]
    ),
    "call": fields(
        {**_BASE, "call_id": text(255), "api_decoration_available": flag, "call": anything}, ["call_id"]
    ),
    "table": _TABLE,
    "task_card": _TASK,
    "plan": fields(
        {**_BASE, "title": text(256), "tasks": items(typed({"task_card": _TASK}), 50, 0)}, ["title"]
    ),
    "card": _CARD,
    "carousel": fields({**_BASE, "elements": items(typed({"card": _CARD}), 10)}, ["elements"]),
}
_CHILDREN = {**_EVERYWHERE, **_IN_MESSAGES}
_GROUPS: Mapping[str, Check] = {
    "container": also(
        fields(
            {
                **_BASE,
                "title": plain(150),
                "rich_text_title": RICH_TEXT,
                "subtitle": any_text(150),
                "child_blocks": items(_child, 10),
                "width": one_of("narrow", "standard", "wide", "full"),
                "icon": IMAGE_ELEMENT,
                "is_collapsible": flag,
                "default_collapsed": flag,
                "has_header_divider": flag,
            },
            ["child_blocks"],
        ),
        any_key("title", "rich_text_title"),
    ),
}
_IN_HOME: Mapping[str, Check] = {
    "auth_provider": fields(
        {
            **_BASE,
            "value": text(150),
            "name": plain(75),
            "is_connected": flag,
            "description": plain(150),
            "icon_url": url,
            "auth_url": url,
            "disconnect_url": url,
            "connected_identity": plain(75),
            "connected_context": plain(75),
            "accessory": typed(OVERFLOW),
            "fallback": items(_child, 10),
        },
        ["value", "name", "is_connected"],
    ),
}

MESSAGE_BLOCK = typed({**_EVERYWHERE, **_IN_MESSAGES, **_GROUPS})
MODAL_BLOCK = typed({**_EVERYWHERE, **_GROUPS})
HOME_BLOCK = typed({**_EVERYWHERE, **_GROUPS, **_IN_HOME})
