"""The settings of a connector: what each of its tools does and may, how it fares, and the way to end it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    InputBlock,
    Option,
    OptionGroup,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.connector import Era
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.tooling import RESOURCES, Shown, Toggle, Tooling
from bot.policy import connecting
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.accounts import confirm
from bot.slack.views.connector_form import KINDS, exact, tail
from bot.slack.views.connectors import (
    RECONNECT,
    REVIEW,
    SignIn,
    account_buttons,
    condition,
    found,
    is_well,
    modal,
    named_button,
    title,
    unseen,
)
from bot.slack.views.permissions import EFFECTS

PERMISSIONS: Final = "connector_permissions"
TOOL: Final = "connector_tool"
PAGE: Final = "connector_page"
SWITCH_ON: Final = "connector_on"
SWITCH_OFF: Final = "connector_off"
REMOVE: Final = "connector_remove"

A_PAGE = 20
MOST_CARRIED = 2800
"""Characters of what was chosen on other pages: Slack carries 3,000 with a view."""

_OFF: Final = "off"
_ABOUT_RESOURCES: Final = "resources"
_HEADS: Final = {Permission.ASK: "Ask each time", Permission.ON: "On, without asking"}
_ERAS: Final = {Era.HANDSHAKE: "handshake protocol", Era.STATELESS: "stateless protocol of 2026-07-28"}


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One page of the settings. `chosen` was chosen on it and on others and is not saved yet, by `key_of` the tool.

    `is_new`: the connector was added a moment ago, and what its server says of its tools fills in the choice.
    """

    slug: str
    page: int = 1
    is_new: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def carried(self) -> str:
        told = {"slug": self.slug, "page": self.page, "new": self.is_new, "chosen": dict(self.chosen)}
        return json.dumps(told, separators=(",", ":"))


def leaf(carried: str) -> Leaf:
    told = json.loads(carried)
    return Leaf(slug=told["slug"], page=told["page"], is_new=told["new"], chosen=told["chosen"])


def key_of(tool: str) -> str:
    """What stands for a tool in a view, whatever its server calls it."""
    return hashlib.sha256(tool.encode(errors="surrogatepass")).hexdigest()[:8]


def settings(one: Shown, at: Leaf, sign_in: SignIn | None = None) -> View:
    choosable = [tool for tool in one.tools if tool.is_accepted]
    pages = max(1, -(-len(choosable) // A_PAGE))
    page = min(max(at.page, 1), pages)
    tools = choosable[(page - 1) * A_PAGE : page * A_PAGE]
    blocks: list[Block] = [
        *_head(one, at, sign_in),
        *_pending(one),
        *_unsaid(one, at),
        *([pieces.section(_tools_head(at, page, pages))] if tools else []),
        *(_tool(tool, at) for tool in tools),
        *(_resources(one, at) if page == 1 else []),
        *_pager(at, page, pages),
        DividerBlock(),
        *_state(one),
        *pieces.buttons([*account_buttons(one, sign_in, is_admin=True), *_last(one)]),
    ]
    now = Leaf(slug=at.slug, page=page, is_new=at.is_new, chosen=at.chosen)
    submit = "Save" if any(isinstance(block, InputBlock) for block in blocks) else ""
    return modal(one.connector.title, blocks, callback_id=PERMISSIONS, carried=now.carried, submit=submit)


def reconnecting() -> View:
    return modal("Connector", [pieces.section("⏳ Connecting anew…")])


def picked(values: Mapping[str, str]) -> dict[str, str]:
    """What a page shows as chosen, by the key of the tool."""
    found = (block.split(":") for block in values)
    return {
        parts[1]: values[":".join(parts)]
        for parts in found
        if parts[0] == TOOL and len(parts) == 2 and values[":".join(parts)]
    }


def wish(one: Shown, chosen: Mapping[str, str]) -> dict[str, Toggle]:
    """What is to be otherwise than it is; of a tool that is off it stays known what it does."""
    now = {tool.name: tool.toggle for tool in one.tools if tool.is_accepted} | dict(one.resources)
    asked = {name: chosen.get(_key(name)) for name in now}
    wanted = {name: _toggle(value, now[name]) for name, value in asked.items() if value}
    return {name: toggle for name, toggle in wanted.items() if toggle != now[name]}


def turned(one: Shown, at: Leaf, values: Mapping[str, str], page: int) -> Leaf:
    """Another page; what was chosen on this one goes along, where it is otherwise than it is."""
    chosen = {**at.chosen, **picked(values)}
    kept = {_key(name): chosen[_key(name)] for name in wish(one, chosen)}
    return Leaf(slug=at.slug, page=page, is_new=at.is_new, chosen=kept)


def value_of(toggle: Toggle) -> str:
    return _OFF if toggle.permission is Permission.OFF else f"{toggle.permission}-{toggle.effect}"


def _key(name: str) -> str:
    """Both tools of resources are chosen as one."""
    return _ABOUT_RESOURCES if name in RESOURCES else key_of(name)


def _toggle(value: str, now: Toggle) -> Toggle:
    permission, _, effect = value.partition("-")
    if value == _OFF or effect not in list(connecting.EFFECTS):
        return Toggle(effect=now.effect, permission=Permission.OFF)
    chosen = Permission.ON if permission == Permission.ON else Permission.ASK
    offered = connecting.offered(Effect(effect))
    return Toggle(effect=Effect(effect), permission=chosen if chosen in offered else Permission.ASK)


def _head(one: Shown, at: Leaf, sign_in: SignIn | None) -> Iterator[Block]:
    mark, offers = "✓" if is_well(one, sign_in) else "✗", found(one)
    new = (
        "✅ *Added.* Now choose what it may do; until you save, every call of it asks.\n" if at.is_new else ""
    )
    yield pieces.section(
        f"{new}{mark} {title(one)}{f' ({offers})' if offers else ''} · {condition(one, sign_in)}"
    )


def _pending(one: Shown) -> list[Block]:
    if not one.unseen:
        return []
    said = f"🔎 *{unseen(one).capitalize()}* since an admin looked: off until reviewed."
    return [pieces.section(said, accessory=named_button("Review", REVIEW, one, style="primary"))]


def _unsaid(one: Shown, at: Leaf) -> list[Block]:
    """On the way from adding it, what its server says is filled in instead."""
    count = 0 if at.is_new else sum(tool.is_unsaid for tool in one.tools)
    said = f"Of {words.count(count, 'tool')} nobody said yet what they do: until then they count as deleting, and ask."
    return [pieces.aside(said)] if count else []


def _tools_head(at: Leaf, page: int, pages: int) -> str:
    where = f" · page {page} of {pages}" if pages > 1 else ""
    hinted = " What it says of itself is filled in: check it." if at.is_new else ""
    return (
        f"*What its tools may do*{where}\nThe words below each are the server's own.{hinted} "
        "Deleting, sending and publishing always ask."
    )


def _tool(tool: Tooling, at: Leaf) -> InputBlock:
    name = tool.definition.name
    described = str(tool.definition.described.get("description") or "")
    now = at.chosen.get(key_of(name)) or value_of(_prefilled(tool) if at.is_new else tool.toggle)
    return _select(key_of(name), escape.line(escape.exact(name)), described, _groups(), now)


def _resources(one: Shown, at: Leaf) -> list[Block]:
    """To list and to read them are two tools of ours, of the same kind for every connector: chosen as one."""
    if not one.catalogue.has_resources:
        return []
    now = at.chosen.get(_ABOUT_RESOURCES) or value_of(one.resources[RESOURCES[-1]])
    groups = _groups([Effect.READ])
    about = "They come into a task as the words of this server: data, and never instructions."
    return [_select(_ABOUT_RESOURCES, "Resources: list and read them", about, groups, now)]


def _select(key: str, label: str, hint: str, groups: list[OptionGroup], now: str) -> InputBlock:
    every = [choice for group in groups for choice in group.options or ()]
    initial = next((choice for choice in every if choice.value == now), every[0])
    return InputBlock(
        block_id=f"{TOOL}:{key}",
        label=pieces.plain(fit.clip(label, 150)),
        hint=pieces.plain(fit.clip(escape.line(hint), 240)) if hint.strip() else None,
        element=StaticSelectElement(action_id=TOOL, option_groups=groups, initial_option=initial),
    )


def _prefilled(tool: Tooling) -> Toggle:
    """What its server says of it, to begin with: nothing but reading is on by itself."""
    reads = tool.suggested is Effect.READ
    return Toggle(effect=tool.suggested, permission=Permission.ON if reads else Permission.ASK)


def _groups(effects: Sequence[Effect] = connecting.EFFECTS) -> list[OptionGroup]:
    off = OptionGroup(label=pieces.plain("Not to be used"), options=[pieces.option(_OFF, "Off")])
    return [
        off,
        *(OptionGroup(label=pieces.plain(head), options=_of(each, effects)) for each, head in _HEADS.items()),
    ]


def _of(permission: Permission, effects: Sequence[Effect]) -> list[Option]:
    word = "Ask" if permission is Permission.ASK else "On"
    return [
        pieces.option(f"{permission}-{effect}", f"{word} · {EFFECTS[effect].lower()}")
        for effect in effects
        if permission in connecting.offered(effect)
    ]


def _pager(at: Leaf, page: int, pages: int) -> list[Block]:
    if len(at.carried) > MOST_CARRIED - A_PAGE * 20 and pages > 1:
        return [pieces.aside("Save what you chose so far; then open the settings again for the other pages.")]
    return pieces.pager(PAGE, at.slug, page, pages)


def _state(one: Shown) -> Iterator[Block]:
    catalogue, health = one.catalogue, one.health
    who = " ".join(filter(None, [catalogue.server, catalogue.version]))
    facts = [KINDS[one.connector.transport][0], who, _ERAS.get(catalogue.era, "")]
    facts += [f"added by {one.added_by}"] if one.added_by else []
    facts += ["from connectors.toml"] if one.is_from_file else []
    facts += ["may ask my model"] if one.connector.sampling else []
    facts += [f"{words.count(health.restarts, 'restart')}"] if health.restarts else []
    shown = [escape.mrkdwn_line(fit.clip(fact, 150)) for fact in facts if fact]
    shown += [f"worked last {words.moment(health.last_success)}"] if health.last_success else []
    yield pieces.aside(" · ".join(shown))
    yield pieces.verbatim(exact(one.connector))
    if health.confinement:
        yield pieces.aside(fit.clip(escape.mrkdwn(health.confinement), 800, is_mrkdwn=True))
    if health.trouble:
        yield pieces.section(f"*Last error*: {fit.clip(escape.mrkdwn(health.trouble), 800, is_mrkdwn=True)}")
    if health.stderr:
        yield pieces.aside("What it wrote last:")
        yield pieces.verbatim(tail(health.stderr))
    if one.missing:
        gone = fit.clip(escape.mrkdwn_line(", ".join(one.missing)), 500, is_mrkdwn=True)
        yield pieces.aside(f"Accepted once, and not offered any more: {gone}")
    if catalogue.dropped:
        names = ", ".join(f"{name} ({why})" for name, why in catalogue.dropped)
        yield pieces.aside(f"Cannot be used: {fit.clip(escape.mrkdwn_line(names), 500, is_mrkdwn=True)}")


def _last(one: Shown) -> list[ButtonElement]:
    switch = ("Switch off", SWITCH_OFF) if one.is_on else ("Switch on", SWITCH_ON)
    found = [named_button(*switch, one)]
    if one.is_on and one.is_approved:
        found.insert(0, named_button("Reconnect", RECONNECT, one))
    if not one.is_from_file:
        remove = named_button("Remove", REMOVE, one, style="danger")
        remove.confirm = confirm(
            f"Remove {one.connector.title}?",
            "Tasks cannot use it any more, and what was chosen for its tools is forgotten. Switch off keeps that.",
            "Remove",
        )
        found.append(remove)
    return found
