"""The plugins on the Home tab and in the settings: those that are installed with their state, and those to be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot.domain.grant import Permission
from bot.engine.plugging import Shelved
from bot.sdk.connect import Per
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.accounts import Account, account_line, connect_button

SETTINGS: Final = "plugin_settings"
INSTALL: Final = "plugin_install"
ENABLE: Final = "plugin_enable"
DISABLE: Final = "plugin_disable"
ROW: Final = "plugin"

MOST_SHOWN = 12
MOST_LISTED = 40


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What there is, as one person has it. `admins` are who can do what they cannot, in mrkdwn.

    `others` are how many more people connected theirs, by plugin, for an admin to know.
    """

    plugins: Sequence[Shelved] = ()
    accounts: Sequence[Account] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    is_admin: bool = False
    admins: str = "an admin of this workspace"

    def of(self, plugin: str) -> tuple[Account, ...]:
        return tuple(one for one in self.accounts if one.plugin == plugin)

    @property
    def installed(self) -> tuple[Shelved, ...]:
        return tuple(one for one in self.plugins if one.is_installed)

    @property
    def available(self) -> tuple[Shelved, ...]:
        return tuple(one for one in self.plugins if not one.is_installed)


def home_rows(shelf: Shelf) -> list[Block]:
    """On the Home tab: with their buttons, and the rest in `/cowork settings`."""
    if not shelf.plugins:
        return []
    return [
        pieces.section("*Plugins*" + ("" if shelf.installed else "\nNone is installed yet.")),
        *(block for one in shelf.installed[:MOST_SHOWN] for block in _installed(one, shelf)),
        *available_rows(shelf),
    ]


def available_rows(shelf: Shelf) -> list[Block]:
    """Those to be had; for who cannot install them, who can."""
    shown = shelf.available[:MOST_SHOWN]
    if not shown:
        return []
    more = len(shelf.plugins) - len(shown) - len(shelf.installed[:MOST_SHOWN])
    notes = [] if shelf.is_admin else [_can_install(shelf)]
    notes += [f"and {more:,} more in `/cowork settings`"] if more > 0 else []
    return [
        pieces.section("*Available*"),
        *(_available(one, shelf.is_admin) for one in shown),
        *([pieces.aside(*notes)] if notes else []),
    ]


def settings_rows(shelf: Shelf) -> list[Block]:
    """In a modal: a line of each, with the way to its settings."""
    rows = [
        *(_listed(one, shelf) for one in shelf.installed[:MOST_LISTED]),
        *(_available(one, shelf.is_admin) for one in shelf.available[:MOST_LISTED]),
    ]
    if not rows:
        return []
    note = [] if shelf.is_admin or not shelf.available else [pieces.aside(_can_install(shelf))]
    return [DividerBlock(), pieces.section("*Plugins*"), *rows, *note]


def title(one: Shelved) -> str:
    """Icon, name and version in mrkdwn."""
    name = fit.clip(escape.bold_line(one.plugin.title), 80, is_mrkdwn=True)
    return f"{escape.mrkdwn_line(one.plugin.icon)} *{name}* {escape.mrkdwn_line(one.plugin.version)}"


def state(one: Shelved) -> str:
    if one.team is None:
        return "Not installed"
    if not one.team.is_on:
        return "Off for everybody"
    return "On" if one.is_on else "Off for you"


def sums(one: Shelved, per: Per = Per.PERSON) -> str:
    """How many of its actions are on, ask and are off; and where, in mrkdwn."""
    found = [one.permission(tool, per) for tool in one.plugin.tools]
    parts = [(found.count(Permission.ON), "on"), (found.count(Permission.ASK), "asked for each time")]
    said = ", ".join(f"{count} {how}" for count, how in parts if count) or "none on"
    off = found.count(Permission.OFF)
    return f"{words.count(len(found), 'action')}: {said}" + (f", {off} off" if off else "")


def where(one: Shelved) -> str:
    """The scope in mrkdwn: "all repositories", "acme/payments, acme/frontend and 3 more"."""
    scope, kind = one.reach, fit.clip(escape.mrkdwn_line(one.plugin.scope_kind), 60, is_mrkdwn=True)
    if "*" in scope or not scope:
        return f"all {kind}" if scope else f"no {kind}"
    names = ", ".join(fit.clip(escape.mrkdwn_line(name), 60, is_mrkdwn=True) for name in scope[:3])
    return names + (f" and {len(scope) - 3} more" if len(scope) > 3 else "")


def switch(one: Shelved, shelf: Shelf) -> list[ButtonElement]:
    """Enable or Disable: for everybody by an admin, else for one's own tasks while it is on for everybody."""
    assert one.team is not None
    if shelf.is_admin:
        is_on, per, whose = one.team.is_on, Per.TEAM, ""
    elif one.team.is_on:
        is_on, per, whose = one.is_on, Per.PERSON, " for me"
    else:
        return []
    action, word = (DISABLE, "Disable") if is_on else (ENABLE, "Enable")
    return [named_button(f"{word}{whose}", action, address(one, per), one)]


def named_button(
    label: str, action_id: str, value: str, one: Shelved, style: str | None = None
) -> ButtonElement:
    """With the plugin's name for those who hear it: there is one of these beside every plugin."""
    made = pieces.button(label, action_id, value, style=style)
    made.accessibility_label = fit.clip(escape.line(f"{label}: {one.plugin.title}"), 75)
    return made


def address(one: Shelved, per: Per) -> str:
    """What a button or a view carries: which plugin, and whose choice."""
    return f"{one.plugin.name}-{per.value}"


def addressed(carried: str) -> tuple[str, Per]:
    name, _, per = carried.rpartition("-")
    return name, Per(per)


def _installed(one: Shelved, shelf: Shelf) -> Iterable[Block]:
    accounts = shelf.of(one.plugin.name)
    lines = [f"{title(one)} · {state(one)}", account_line(accounts)]
    lines += [f"{sums(one)} · {where(one)}"]
    yield pieces.section("\n".join(filter(None, [*lines, _news(one, shelf)])))
    per = Per.TEAM if shelf.is_admin else Per.PERSON
    yield from pieces.buttons(
        [
            *connect_button(one, accounts),
            named_button("Settings", SETTINGS, address(one, per), one),
            *switch(one, shelf),
        ],
        f"{ROW}:{one.plugin.name}",
    )
    if one.team is not None and not one.team.is_on and not shelf.is_admin:
        yield pieces.aside(f"{shelf.admins} can enable it.")


def _news(one: Shelved, shelf: Shelf) -> str:
    if not one.unseen:
        return ""
    count = words.count(len(one.unseen), "new action")
    who = "you accept it under Settings" if shelf.is_admin else f"{shelf.admins} accepts it"
    return f"🆕 {escape.mrkdwn_line(one.plugin.version)} brought {count}: off until {who}"


def _can_install(shelf: Shelf) -> str:
    return f"What is not installed, {shelf.admins} can install."


def _listed(one: Shelved, shelf: Shelf) -> Block:
    per = Per.TEAM if shelf.is_admin else Per.PERSON
    said = f"{title(one)} · {state(one)}\n{account_line(shelf.of(one.plugin.name))} · {sums(one)}"
    return pieces.section(said, accessory=named_button("Settings", SETTINGS, address(one, per), one))


def _available(one: Shelved, is_admin: bool) -> Block:
    about = fit.clip(escape.mrkdwn_line(one.plugin.description), 200, is_mrkdwn=True)
    button = named_button("Install", INSTALL, one.plugin.name, one) if is_admin else None
    return pieces.section(f"{title(one)}\n{about}", accessory=button, block_id=f"{ROW}:{one.plugin.name}")
