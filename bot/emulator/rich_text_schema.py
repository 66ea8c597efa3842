"""What Slack accepts as rich text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.emulator.schema import Check, Problems, fields, flag, integer, items, one_of, text, typed, url

_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = fields(dict.fromkeys(_STYLES, flag))
_PLAIN = {"type": text(50), "style": _STYLE}
_PARTS: Mapping[str, Check] = {
    "text": fields({**_PLAIN, "text": text(40_000)}, ["text"]),
    "link": fields({**_PLAIN, "url": url, "text": text(40_000, 0), "unsafe": flag}, ["url"]),
    "emoji": fields(
        {**_PLAIN, "name": text(255), "unicode": text(100), "skin_tone": integer(1, 6)}, ["name"]
    ),
    "user": fields({**_PLAIN, "user_id": text(255)}, ["user_id"]),
    "channel": fields({**_PLAIN, "channel_id": text(255)}, ["channel_id"]),
    "usergroup": fields({**_PLAIN, "usergroup_id": text(255)}, ["usergroup_id"]),
    "team": fields({**_PLAIN, "team_id": text(255)}, ["team_id"]),
    "broadcast": fields({**_PLAIN, "range": one_of("here", "channel", "everyone")}, ["range"]),
    "color": fields({**_PLAIN, "value": text(20)}, ["value"]),
    "date": fields(
        {
            **_PLAIN,
            "timestamp": integer(0, 10_000_000_000),
            "format": text(255),
            "url": url,
            "fallback": text(255),
        },
        ["timestamp", "format"],
    ),
}
_LINE = {"type": text(50), "elements": items(typed(_PARTS), 1000, 0), "border": integer(0, 1)}
_SECTION = fields({"type": text(50), "elements": items(typed(_PARTS), 1000, 0)}, ["elements"])


def _any_part(value: Any, at: str) -> Problems:
    yield from _CONTAINERS(value, at)


_QUOTE = fields(_LINE, ["elements"])
_PREFORMATTED = fields({**_LINE, "language": text(50)}, ["elements"])
_LIST = fields(
    {
        "type": text(50),
        "elements": items(_any_part, 1000, 0),
        "style": one_of("bullet", "ordered"),
        "indent": integer(0, 8),
        "offset": integer(0, 1_000_000),
        "border": integer(0, 1),
    },
    ["elements", "style"],
)
_CONTAINERS = typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": _LIST,
        "rich_text_quote": _QUOTE,
        "rich_text_preformatted": _PREFORMATTED,
    }
)

RICH_TEXT = fields(
    {"type": one_of("rich_text"), "block_id": text(255), "elements": items(_CONTAINERS, 1000)},
    ["type", "elements"],
)
