"""The accounts at services that are connected, and how they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot.engine.plugging import Shelved
from bot.sdk.connect import Per
from bot.slack import escape, fit
from bot.slack.views import pieces

CONNECT: Final = "plugin_connect"
DISCONNECT: Final = "plugin_disconnect"

MOST_SHOWN = 12
MOST_NOTES = 10
EVERYBODYS, OWN = "everybody's", "yours"


@dataclass(frozen=True, kw_only=True)
class Account:
    """One connection as people may see it."""

    plugin: str
    per: Per
    name: str
    is_well: bool = True


def account_line(accounts: Sequence[Account]) -> str:
    """As whom a plugin is connected, in mrkdwn."""
    if not accounts:
        return "Not connected"
    sick = [one for one in accounts if not one.is_well]
    well = [f"{_name(one)} ({_whose(one)})" for one in accounts if one.is_well]
    said = [f"Connected as {' and '.join(well)}"] if well else []
    said += [f"⚠️ Needs sign-in: {_name(one)} ({_whose(one)})" for one in sick]
    return " · ".join(said)


def connect_button(one: Shelved, accounts: Sequence[Account]) -> list[ButtonElement]:
    """Connect, or Reconnect where a token is dead."""
    if not one.plugin.ways or (accounts and all(account.is_well for account in accounts)):
        return []
    return [_connect("Reconnect" if accounts else "Connect", one, style="primary")]


def own_button(one: Shelved, accounts: Sequence[Account]) -> list[ButtonElement]:
    """In its settings: also for one's own account besides everybody's, where people can have one."""
    has_own = any(account.per is Per.PERSON for account in accounts)
    may_have = any(Per.PERSON in way.per for way in one.plugin.ways)
    more = [_connect("Connect mine", one)] if accounts and not has_own and may_have else []
    return connect_button(one, accounts) or more


def connection_rows(
    plugins: Sequence[Shelved], accounts: Sequence[Account], others: Mapping[str, int], *, is_admin: bool
) -> list[Block]:
    """Each connection with its health, and the way to end it for who may; of those of others, how many there are."""
    titles = {one.plugin.name: one.plugin.title for one in plugins}
    rows = [
        _row(account, titles.get(account.plugin, account.plugin), is_admin)
        for account in accounts[:MOST_SHOWN]
    ]
    more = len(accounts) - len(rows)
    notes = [f"and {more:,} more"] if more > 0 else []
    notes += [
        f"{escape.mrkdwn_line(titles.get(name, name))}: {count:,} more connected their own"
        for name, count in others.items()
    ]
    if not rows and not notes:
        return []
    note = [pieces.aside(*notes[:MOST_NOTES])] if notes else []
    return [pieces.section("*Connections*"), *rows, *note]


def _connect(label: str, one: Shelved, *, style: str | None = None) -> ButtonElement:
    made = pieces.button(label, CONNECT, one.plugin.name, style=style)
    made.accessibility_label = fit.clip(escape.line(f"{label}: {one.plugin.title}"), 75)
    return made


def _row(account: Account, title: str, is_admin: bool) -> Block:
    shown = fit.clip(escape.mrkdwn_line(title), 80, is_mrkdwn=True)
    health = "🟢 works" if account.is_well else "⚠️ needs sign-in"
    may_end = is_admin or account.per is Per.PERSON
    button = _disconnect(account, title) if may_end else None
    said = f"{shown}: {_name(account)} · {_whose(account)} · {health}"
    return pieces.section(said, accessory=button, block_id=f"{DISCONNECT}:{account.plugin}:{account.per}")


def _disconnect(account: Account, title: str) -> ButtonElement:
    made = pieces.button("Disconnect", DISCONNECT, f"{account.plugin}-{account.per.value}")
    made.accessibility_label = fit.clip(escape.line(f"Disconnect: {title}, {account.name}"), 75)
    what = "Its sign-in is ended and forgotten. Tasks that need it wait until someone connects it again."
    made.confirm = confirm(f"Disconnect {title}?", what, "Disconnect")
    return made


def confirm(title: str, text: str, yes: str) -> ConfirmObject:
    """Before what cannot be taken back."""
    return ConfirmObject(
        title=pieces.plain(fit.clip(escape.line(title), 100)),
        text=pieces.plain(fit.clip(escape.line(text), 300)),
        confirm=pieces.plain(fit.clip(yes, 30)),
        deny=pieces.plain("Cancel"),
        style="danger",
    )


def _name(account: Account) -> str:
    return fit.clip(escape.mrkdwn_line(account.name), 60, is_mrkdwn=True) or "an account"


def _whose(account: Account) -> str:
    return EVERYBODYS if account.per is Per.TEAM else OWN
