"""Set-up in three steps: where I work, connect services, what I may do; one line of it once that is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from slack_sdk.models.blocks import Block

from bot.domain.connector import Catalogue
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.tooling import Shown
from bot.engine.plugging import Shelved
from bot.policy import connecting
from bot.sdk.connect import Per
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.plugins import Shelf

BEGUN: Final = "setup_begun"
NAMES_SHOWN = 6

_SERVICES: Final = {
    "Read in connected services": (Effect.READ,),
    "Create and change there": (Effect.CREATE, Effect.CHANGE),
    "Send, publish or delete there": (Effect.SEND, Effect.PUBLISH, Effect.DELETE),
}


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How far it is: `channels` are those that the bot is in, `is_begun` that the person said it will do."""

    folders: Sequence[FolderGrant] = ()
    channels: Sequence[str] = ()
    shelf: Shelf = field(default_factory=Shelf)
    connectors: Sequence[Shown] = ()
    has_chosen: bool = False
    is_begun: bool = False

    @property
    def connected(self) -> tuple[Shelved, ...]:
        return tuple(one for one in self.shelf.installed if self.shelf.of(one.plugin.name))

    @property
    def servers(self) -> tuple[Shown, ...]:
        """The connectors that tasks can use: on, approved, and reached before."""
        return tuple(
            one for one in self.connectors if connecting.granted(one) and one.catalogue != Catalogue()
        )

    @property
    def steps(self) -> tuple[bool, bool, bool]:
        """Which of the three are done."""
        is_connected = bool(self.connected or self.servers)
        return bool(self.folders or self.channels), is_connected, self.has_chosen

    @property
    def is_done(self) -> bool:
        return self.is_begun or all(self.steps)


def setup(shown: Setup) -> list[Block]:
    if shown.is_done:
        return [pieces.aside(_line(shown))]
    where, services, may = shown.steps
    return [
        pieces.section("*Set up in three steps*"),
        pieces.section(f"{_box(where)} *1. Where I work*\n" + "\n".join(_where(shown))),
        pieces.section(f"{_box(services)} *2. Connect services* (optional)\n" + "\n".join(_services(shown))),
        pieces.section(f"{_box(may)} *3. What I may do*\n" + "\n".join(_may(shown))),
        *pieces.buttons([pieces.button("Get started", BEGUN, "begun")], BEGUN),
    ]


def _line(shown: Setup) -> str:
    """All of it in one line."""
    connected = [escape.mrkdwn_line(one.plugin.title) for one in shown.connected] + _titles(shown)
    parts = [
        words.count(len(shown.folders), "folder"),
        words.count(len(shown.channels), "channel"),
        f"connected: {_some(connected)}" if connected else "no service connected",
    ]
    return f"☑ Set up · {' · '.join(parts)}"


def _where(shown: Setup) -> Iterator[str]:
    names = [escape.mrkdwn_line(words.folder(grant)) for grant in shown.folders]
    yield (
        f"Folders: {_some(names)}" if names else "Folders: none; the operator names them in `COWORK_FOLDERS`."
    )
    channels = [f"<#{channel}>" for channel in shown.channels]
    yield f"Channels: {_some(channels)}" if channels else "Channels: none; `/invite` me to one."


def _services(shown: Setup) -> Iterator[str]:
    for one in shown.shelf.installed[:NAMES_SHOWN]:
        accounts = shown.shelf.of(one.plugin.name)
        who = ", ".join(escape.mrkdwn_line(account.name) for account in accounts)
        name = fit.clip(escape.mrkdwn_line(one.plugin.title), 60, is_mrkdwn=True)
        yield f"{_box(bool(accounts))} {name}: " + (f"connected ({who})" if accounts else "not connected")
    if servers := _titles(shown):
        yield f"☑ MCP connectors: {_some(servers)}"
    if shown.shelf.installed or servers:
        return
    if not shown.shelf.plugins:
        yield "There are no plugins here."
    else:
        install = "Install one below." if shown.shelf.is_admin else f"{shown.shelf.admins} can install one."
        yield f"No plugin is installed yet. {install}"


def _may(shown: Setup) -> Iterator[str]:
    yield f"{_box(bool(shown.folders))} Read files and documents"
    yield f"{_box(any(grant.writable for grant in shown.folders))} Create and edit documents"
    on = [one for one in shown.shelf.installed if one.is_on]
    for label, effects in _SERVICES.items():
        found = {
            one.permission(tool, Per.PERSON)
            for one in on
            for tool, action in one.plugin.tools.items()
            if action.effect in effects
        }.union(*(_permissions(one, effects) for one in shown.servers))
        ask = " (asks each time)" if Permission.ASK in found and Permission.ON not in found else ""
        yield f"{_box(bool(found - {Permission.OFF}))} {label}{ask}"
    yield "Choose under Settings of each plugin, and how freely I work under Autonomy."


def _permissions(one: Shown, effects: Sequence[Effect]) -> set[Permission]:
    """Of a connector's tools with these effects, and of its resources."""
    toggles = [tool.toggle for tool in one.tools if tool.is_accepted]
    toggles += one.resources.values() if one.catalogue.has_resources else ()
    return {connecting.permission(toggle) for toggle in toggles if toggle.effect in effects}


def _titles(shown: Setup) -> list[str]:
    return [escape.mrkdwn_line(one.connector.title) for one in shown.servers]


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(fit.clip(name, 60, is_mrkdwn=True) for name in names[:NAMES_SHOWN]) + (
        f" and {more} more" if more > 0 else ""
    )


def _box(is_on: bool) -> str:
    return "☑" if is_on else "☐"
