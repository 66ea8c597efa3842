"""Connecting a service: the ways there are, what is typed into a form, and the page of its own to sign in on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, LinkButtonElement, PlainTextInputElement
from slack_sdk.models.views import View

from bot.domain.connected import Connected
from bot.sdk.connect import Form, OAuth, Per, Way
from bot.sdk.plugin import Plugin
from bot.slack import escape, fit
from bot.slack.views import pieces
from bot.slack.views.accounts import CONNECT, account_line
from bot.slack.views.plugins import Shelf, named_button, title

WAY: Final = "connect_way"
PAGE: Final = "connect_page"
FORM: Final = "connect_form"
BLANK: Final = "connect_blank"
MINUTES = 10

_WHOSE: Final = {Per.PERSON: "For yourself", Per.TEAM: "For everybody in this workspace"}
_LONG = 3000


@dataclass(frozen=True, kw_only=True)
class Road:
    """One way to connect a plugin, for oneself or for everybody."""

    plugin: Plugin
    way: Way
    per: Per

    @property
    def address(self) -> str:
        return f"{self.plugin.name}-{self.per}-{self.way.way}"


def services(shelf: Shelf) -> View:
    """The answer to `/cowork connect`: what is installed, and how it is connected."""
    rows = [
        pieces.section(
            f"{title(one)}\n{account_line(shelf.of(one.plugin.name))}",
            accessory=named_button("Connect", CONNECT, one.plugin.name, one),
        )
        for one in shelf.installed
        if one.plugin.ways
    ]
    who = "Install one on my Home tab." if shelf.is_admin else f"{shelf.admins} can install one."
    return _modal("Connect a service", rows or [pieces.section(f"No plugin is installed yet. {who}")])


def roads(plugin: Plugin, found: Sequence[Road], *, notes: Sequence[str]) -> View:
    """Between which to choose. `notes` are in mrkdwn: what is not among them, and who can change that."""
    blocks: list[Block] = [pieces.section(f"How shall I connect to {_title(plugin)}?")]
    for per, label in _WHOSE.items():
        ways = [road for road in found if road.per is per]
        if ways:
            blocks += [pieces.section(f"*{label}*"), *map(_road, ways)]
    if not found:
        blocks = [pieces.section(f"{_title(plugin)} cannot be connected here yet.")]
    return _modal(f"Connect {plugin.title}", [*blocks, *([pieces.aside(*notes)] if notes else [])])


def page(road: Road, link: str, *, writes: bool) -> View:
    """The way to the service's own page, for this person alone."""
    access = "It asks you to let me read and write." if writes else "It asks you to let me read."
    made = LinkButtonElement(text=pieces.plain(f"Go to {road.plugin.title}"), url=link, action_id=PAGE)
    made.style = "primary"
    said = f"Sign in to {_title(road.plugin)} in your browser. {access}"
    whose = f"{_WHOSE[road.per]}. The link is for you alone, works once, and for {MINUTES} minutes."
    blocks = [pieces.section(said), *pieces.buttons([made]), pieces.aside(whose)]
    return _modal(f"Connect {road.plugin.title}", blocks)


def server(title: str, link: str, per: Per) -> View:
    """The way to where people sign in to the server of a connector, for this person alone."""
    named = fit.clip(escape.mrkdwn_line(title), 80, is_mrkdwn=True)
    made = LinkButtonElement(
        text=pieces.plain(fit.clip(f"Sign in to {escape.line(title)}", 75)), url=link, action_id=PAGE
    )
    made.style = "primary"
    said = (
        f"Sign in to {named} in your browser. Before you go there, I show you whose page it is that asks you."
    )
    whose = f"{_WHOSE[per]}. The link is for you alone, works once, and for {MINUTES} minutes."
    blocks = [pieces.section(said), *pieces.buttons([made]), pieces.aside(whose)]
    return _modal(f"Sign in to {title}", blocks)


def form(road: Road, filled: Mapping[str, str] | None = None, *, refused: str = "", tries: int = 0) -> View:
    """What is typed to connect it. What is secret is never filled in again: Slack would, in a block of the same id."""
    assert isinstance(road.way, Form)
    known = filled or {}
    why = [pieces.section(f"⚠️ {escape.mrkdwn(refused)}")] if refused else []
    blanks = [
        InputBlock(
            block_id=f"{BLANK}:{blank.name}:{tries}",
            label=pieces.plain(blank.label),
            hint=pieces.plain(fit.clip(blank.hint, 150)) if blank.hint else None,
            optional=blank.is_optional,
            element=PlainTextInputElement(
                action_id=BLANK,
                multiline=blank.is_long,
                max_length=_LONG,
                initial_value=None if blank.is_secret else known.get(blank.name) or None,
            ),
        )
        for blank in road.way.blanks
    ]
    where = fit.clip(escape.mrkdwn(road.way.where), 500, is_mrkdwn=True)
    note = "I try it at once and keep it encrypted. It is never shown again, and no task or model sees it."
    blocks = [*why, pieces.section(f"*{_WHOSE[road.per]}*\n{where}"), *blanks, pieces.aside(note)]
    return _modal(
        f"Connect {road.plugin.title}",
        blocks,
        callback_id=FORM,
        carried=f"{road.address}:{tries}",
        submit="Connect",
    )


def trying(plugin: Plugin) -> View:
    """While the service is asked."""
    return _modal(f"Connect {plugin.title}", [pieces.section(f"Trying it at {_title(plugin)}…")])


def connected(plugin: Plugin, made: Connected) -> View:
    can = ", ".join(escape.mrkdwn_line(one) for one in made.can)
    whose = "for everybody" if made.is_team else "for you"
    said = f"✅ {_title(plugin)} is connected {whose}, as *{escape.bold_line(made.account)}*."
    blocks = [pieces.section(said + (f"\nIt can {can}." if can else ""))]
    note = "What I may do with it is chosen under Settings of the plugin."
    return _modal(plugin.title, [*blocks, pieces.aside(note)])


def blanks(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by blank."""
    found = {}
    for block, text in values.items():
        kind, _, rest = block.partition(":")
        if kind == BLANK:
            found[rest.rpartition(":")[0]] = text
    return found


def formed(carried: str) -> tuple[str, int]:
    """Which way a form is of, and how often it was refused."""
    address, _, tries = carried.rpartition(":")
    return address, int(tries)


def _road(road: Road) -> Block:
    how = "on its own page" if isinstance(road.way, OAuth) else "with a form"
    button = pieces.button("Choose", WAY, road.address)
    button.accessibility_label = fit.clip(escape.line(f"{road.way.title}: {_WHOSE[road.per].lower()}"), 75)
    return pieces.section(f"{escape.mrkdwn_line(road.way.title)}, {how}", accessory=button)


def _title(plugin: Plugin) -> str:
    return fit.clip(escape.mrkdwn_line(plugin.title), 80, is_mrkdwn=True)


def _modal(
    name: str, blocks: Sequence[Block], *, callback_id: str = "connect", carried: str = "", submit: str = ""
) -> View:
    return fit.fit_view(
        View(
            type="modal",
            callback_id=callback_id,
            private_metadata=carried or None,
            title=pieces.plain(fit.clip(escape.line(name), 24)),
            submit=pieces.plain(submit) if submit else None,
            close=pieces.plain("Cancel" if submit else "Close"),
            blocks=list(blocks),
        )
    )
