"""Channels, people and messages of Slack as people name them, and which of them were granted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from bot.sdk import Audience, Context, Destination, Per, Scope, ToolError

Channel = Annotated[str, 'Id or name: "C0123", "#sprint"', Destination()]
To = Annotated[str, 'Channel or person: "C0123", "#sprint", "@ana", "ana@acme.com"', Destination()]
Message = Annotated[str, "Its link, or its ts: 1732351200.000100"]
_ID = re.compile(r"[CGD][A-Z0-9]{5,}")
_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_TS = re.compile(r"\d{9,11}\.\d{6}")
_LINK = re.compile(r"/archives/([CGD][A-Z0-9]{5,})(?:/p(\d{10})(\d{6}))?(?:\?|$)")
_THREAD = re.compile(r"[?&]thread_ts=(\d{9,11}\.\d{6})")

Conversation = dict[str, Any]


def conversation(context: Context, channel: str) -> Conversation:
    """By its id, its name, or a link to it or into it. Raises `ToolError` where there is none."""
    text = channel.strip()
    if link := _LINK.search(text):
        text = link[1]
    if _ID.fullmatch(text):
        return dict(context.client.ask(context.client.web.conversations_info, channel=text)["channel"])
    name = text.removeprefix("#").lower()
    found: list[Conversation] = [
        one for one in context.client.directory.values() if one["name"].lower() == name
    ]
    if len(found) != 1:
        raise ToolError(
            f"Slack has no channel {channel!r}, or this connection does not see it. slack_list_channels lists them."
        )
    return found[0]


def destination(context: Context, to: str) -> Conversation:
    """Where something may be sent: a channel, or a person (an id that Slack takes for the conversation with them)."""
    if not is_person(to):
        return conversation(context, to)
    user = person(context, to)
    return {"id": user["id"], "name": user["name"], "is_im": True, "user": user["id"]}


def opened(context: Context, to: Conversation) -> str:
    """The id under which messages stand there."""
    if not _USER.fullmatch(to["id"]):
        return str(to["id"])
    return str(context.client.ask(context.client.web.conversations_open, users=to["id"])["channel"]["id"])


def person(context: Context, name: str) -> dict[str, Any]:
    """By id, @name, full name or e-mail address."""
    wanted = name.strip().removeprefix("@").lower()
    people = [one for one in context.client.people.values() if not one.get("deleted")]
    found: list[dict[str, Any]] = [one for one in people if wanted in _called(one)]
    if len(found) != 1:
        raise ToolError(
            f"Slack has {len(found) or 'no'} people called {name!r}. slack_list_users lists them."
        )
    return found[0]


def is_person(to: str) -> bool:
    return "@" in to or _USER.fullmatch(to.strip()) is not None


def ts_of(message: str) -> str:
    """Of a link or as it is."""
    text = message.strip()
    if (link := _LINK.search(text)) and link[2]:
        return f"{link[2]}.{link[3]}"
    if _TS.fullmatch(text):
        return text
    raise ToolError(f"{message!r} is no message: give its link, or its ts like 1732351200.000100.")


def channel_in(link: str) -> str:
    found = _LINK.search(link)
    if found is None:
        raise ToolError(f"{link!r} is no link into a channel.")
    return found[1]


def thread_of(message: str) -> str:
    """The message that a thread began with."""
    thread = _THREAD.search(message)
    return thread[1] if thread else ts_of(message)


def shown(found: Conversation) -> str:
    """As people know it."""
    if found.get("is_im"):
        return f"@{found.get('name') or found.get('user')}"
    return f"#{found['name']}" if found.get("name") else str(found["id"])


def where_to(found: Conversation) -> str:
    """For a card: who is going to see it."""
    who = "private" if is_private(found) else "public in the workspace"
    if found.get("is_ext_shared"):
        who += ", and shared with another organisation"
    return f"In {shown(found)} ({who})"


def is_private(found: Conversation) -> bool:
    return bool(
        found.get("is_private") or found.get("is_im") or found.get("is_mpim") or found.get("is_group")
    )


def granted(context: Context, found: Conversation) -> str:
    """What of its names the scope covers, its id where none.

    Whatever is not public is no business of everybody who uses a team's connection: it must be granted by name.
    """
    names = _names(found)
    if context.connection.per is Per.TEAM and is_private(found) and not _by_name(context.scope, names):
        raise ToolError(
            f"{shown(found)} is not public, so the team's connection may be used there only when an admin"
            f" adds it to what was granted ({found['id']}). Or connect Slack for yourself."
        )
    return next((name for name in names if context.scope.covers(name)), names[0])


def is_granted(context: Context, found: Conversation) -> bool:
    try:
        return context.scope.covers(granted(context, found))
    except ToolError:
        return False


def in_channel(context: Context, channel: str, **_: Any) -> Sequence[str]:
    return [granted(context, conversation(context, channel))]


def at_destination(context: Context, channel: str, **_: Any) -> Sequence[str]:
    return [granted(context, destination(context, channel))]


def audience(context: Context, channel: str, **_: Any) -> Audience:
    """Everybody may read a public channel; of others it is known of the requester alone."""
    return Audience.REQUESTER if is_private(destination(context, channel)) else Audience.WORKSPACE


def link_to(context: Context, channel_id: str, ts: str, thread: str = "") -> str:
    link = f"{context.client.home}archives/{channel_id}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel_id}" if thread and thread != ts else link


def _names(found: Conversation) -> list[str]:
    names = [str(found["id"])]
    if found.get("is_im"):
        return [*names, str(found.get("user", "")), f"@{found['name']}"] if found.get("name") else names
    return [*names, f"#{found['name']}", str(found["name"])] if found.get("name") else names


def _by_name(scope: Scope, names: list[str]) -> bool:
    """Whether one is covered by more than "everything"."""
    named = Scope(tuple(one for one in scope.patterns if one != "*"))
    return any(named.covers(name) for name in names)


def _called(user: dict[str, Any]) -> set[str]:
    profile = user.get("profile") or {}
    names = (
        user["id"],
        user.get("name"),
        user.get("real_name"),
        profile.get("display_name"),
        profile.get("email"),
    )
    return {name.lower() for name in names if name}
