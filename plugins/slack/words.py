"""How Slack's messages and files read, and how a text of ours is kept from calling people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.sdk import Context, ToolError
from plugins.slack.places import link_to

MOST_OF_ONE = 3_000
"""Characters of a message in a listing."""
MOST_SENT = 12_000
MOST_NAMES = 40
"""People who are looked up for one listing."""
_MARK = re.compile(r"<([@#!]?)([^>|]+)(?:\|([^>]*))?>")
_ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))

Names = Mapping[str, str]


def safe(text: str) -> str:
    """As Slack is sent it: nothing in it is a mention, a group or a link with another name."""
    if len(text) > MOST_SENT:
        raise ToolError(
            f"The message has {len(text):,} characters, and {MOST_SENT:,} are the most. Say less, or upload a file."
        )
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    return text


def plain(text: str, names: Names) -> str:
    """As people read it."""
    told = _MARK.sub(lambda found: _marked(found, names), text)
    for one, escaped in reversed(_ESCAPED):
        told = told.replace(escaped, one)
    return told


def names_in(context: Context, messages: Iterable[Mapping[str, Any]]) -> Names:
    """Of those who wrote and were mentioned. Whom Slack does not tell of keep their ids."""
    wanted: dict[str, None] = {}
    for one in messages:
        if one.get("user"):
            wanted[one["user"]] = None
        wanted |= {found[2]: None for found in _MARK.finditer(said(one)) if found[1] == "@"}
    return {user: _name(context, user) for user in list(wanted)[:MOST_NAMES]}


def said(message: Mapping[str, Any]) -> str:
    """What apps write often stands in blocks and attachments alone."""
    if message.get("text"):
        return str(message["text"])
    blocks = [one["text"]["text"] for one in message.get("blocks") or () if isinstance(one.get("text"), dict)]
    attached = [
        one.get("text") or one.get("fallback") or one.get("title") for one in message.get("attachments") or ()
    ]
    return "\n".join(part for part in (*blocks, *attached) if part)


def message_line(
    context: Context, channel_id: str, message: Mapping[str, Any], names: Names, *, whole: bool = False
) -> str:
    text = plain(said(message), names)
    if not whole and len(text) > MOST_OF_ONE:
        text = f"{text[:MOST_OF_ONE]}… (slack_read_thread gives the rest)"
    files = "".join(f" [file {one['id']}: {one.get('name')}]" for one in message.get("files") or ())
    replies = f" ({message['reply_count']} replies)" if message.get("reply_count") else ""
    link = link_to(context, channel_id, message["ts"], message.get("thread_ts", ""))
    return f"{when(message['ts'])} {author(message, names)}: {text}{files}{replies} · {link}"


def author(message: Mapping[str, Any], names: Names) -> str:
    user = str(message.get("user") or "")
    return names.get(user) or user or str(message.get("username") or message.get("bot_id") or "an app")


def file_line(one: Mapping[str, Any]) -> str:
    kind = one.get("pretty_type") or one.get("filetype") or "file"
    made = when(str(one.get("created", 0)))
    title = one.get("title") or one.get("name")
    return f"{title} · {kind}, {one.get('size', 0):,} bytes · {made} · id {one['id']} · {one.get('permalink', '')}"


def when(ts: str) -> str:
    """Universal time, to the minute."""
    return f"{datetime.fromtimestamp(float(ts), UTC):%Y-%m-%d %H:%M}"


def _name(context: Context, user: str) -> str:
    try:
        found = context.client.ask(context.client.web.users_info, user=user)["user"]
    except ToolError:
        return user
    return str(found.get("real_name") or found.get("name") or user)


def _marked(found: re.Match[str], names: Names) -> str:
    sign, target, label = found[1], found[2], found[3] or ""
    match sign:
        case "@":
            return f"@{names.get(target) or label or target}"
        case "#":
            return f"#{label or target}"
        case "!":
            return label or f"@{target.partition('^')[0]}"
    return f"{label} ({target})" if label and label not in target else target
