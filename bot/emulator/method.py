"""One method of the Web API: what it needs, and what it does with a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.emulator import channels, users
from bot.emulator.arguments import Arguments
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Call:
    ws: Workspace
    name: str
    args: Arguments
    token: str

    def need(self, *scopes: str) -> None:
        """Go on only if one of these scopes is granted."""
        granted = self.ws.app.scopes
        if not any(scope in granted for scope in scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(granted))

    def has(self, scope: str) -> bool:
        return scope in self.ws.app.scopes


@dataclass(frozen=True)
class Method:
    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # bot | app | none


_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def known_channel(call: Call, name: str = "channel") -> Json:
    """The channel an argument names, if the bot may know of it."""
    channel = channels.found(call.ws, call.args.required(name))
    if channel["kind"] != "channel" and call.ws.bot_user not in channel["members"]:
        raise SlackError("channel_not_found")
    return channel


def readable_channel(call: Call, right: str, name: str = "channel") -> Json:
    """A channel for reading; `right` is `history` or `read`, which each kind of channel grants by itself."""
    channel = known_channel(call, name)
    call.need(f"{_KINDS[channel['kind']]}:{right}")
    if right == "history" and call.ws.bot_user not in channel["members"]:
        raise SlackError("not_in_channel")
    return channel


def writable_channel(call: Call, name: str = "channel") -> Json:
    """A channel for posting: also by `#name`, or a person's id for the DM with them."""
    channel = _addressed(call, call.args.required(name))
    if channel["is_archived"]:
        raise SlackError("is_archived")
    if call.ws.bot_user not in channel["members"] and not call.has("chat:write.public"):
        raise SlackError("not_in_channel")
    if channel["kind"] == "im" and not call.ws.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def _addressed(call: Call, address: str) -> Json:
    ws = call.ws
    person = ws.store.get("user", address)
    if person is not None:
        return channels.direct(ws, ws.bot_user, address)
    channel = ws.store.get("channel", address) or channels.named(ws, address.removeprefix("#"))
    if channel is None or (channel["kind"] != "channel" and ws.bot_user not in channel["members"]):
        raise SlackError("channel_not_found")
    return channel


def page_of(
    call: Call, entries: list[Json], *, default: int = 100, most: int = 1000
) -> tuple[list[Json], Json]:
    """One page of a list, and the `response_metadata` that leads to the next."""
    limit = call.args.number("limit", default, most)
    cursor = call.args.text("cursor")
    start = 0
    if cursor:
        if not cursor.startswith("at:") or not cursor[3:].isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor[3:])
    more = start + limit < len(entries)
    return entries[start : start + limit], {"next_cursor": f"at:{start + limit}" if more else ""}


def person(call: Call, name: str = "user") -> Json:
    return users.found(call.ws, call.args.required(name))
