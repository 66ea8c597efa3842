"""The settings of a plugin: what it may do by kind of effect, where, and what an upgrade brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    ExternalDataMultiSelectElement,
    InputBlock,
    Option,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.audit.choosing import Chosen
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.engine.plugging import Shelved, Wish
from bot.policy import plugging
from bot.sdk.connect import Per
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.accounts import account_line, confirm, own_button
from bot.slack.views.plugins import Shelf, address, state, title

PERMISSIONS: Final = "plugin_permissions"
SINGLES: Final = "plugin_singles"
EFFECT: Final = "plugin_effect"
TOOL: Final = "plugin_tool"
ONE_BY_ONE: Final = "plugin_one_by_one"
OTHER_CHOICE: Final = "plugin_other_choice"
ACCEPT: Final = "plugin_accept"
UNINSTALL: Final = "plugin_uninstall"
REACH: Final = "plugin_reach"
ITEMS: Final = "plugin_items"
ALL, SELECTED = "all", "selected"
MIXED = "mixed"

MOST_SINGLE = 80
UNSEEN_SHOWN = 10

LABELS: Final[Mapping[Permission, str]] = {
    Permission.OFF: "Off",
    Permission.ASK: "Ask each time",
    Permission.ON: "On",
}
EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.READ: "Read",
    Effect.CREATE: "Create something new",
    Effect.CHANGE: "Change what is there",
    Effect.DELETE: "Delete",
    Effect.SEND: "Send messages to people",
    Effect.PUBLISH: "Publish or share",
    Effect.EXECUTE: "Run something",
    Effect.EGRESS: "Send text outside",
}


def permissions(one: Shelved, per: Per, shelf: Shelf, history: Sequence[Chosen] = ()) -> View:
    """For everybody (an admin's), or for the tasks of one person. `history` is what was changed, for an admin."""
    is_admin, admins, accounts = shelf.is_admin, shelf.admins, shelf.of(one.plugin.name)
    blocks = [
        pieces.section(f"{title(one)} · {state(one)}\n{_about(one)}"),
        pieces.section(account_line(accounts), accessory=next(iter(own_button(one, accounts)), None)),
        *_whose(one, per, is_admin, admins),
        *_upgrade(one, per, is_admin, admins),
        *_groups(one, per),
        *pieces.buttons([pieces.button("Choose one by one…", ONE_BY_ONE, address(one, per))]),
        DividerBlock(),
        *_reach(one, per, is_connected=bool(accounts)),
        *(_last(one, history) if is_admin and per is Per.TEAM else []),
    ]
    return _modal(one, per, blocks)


def one_by_one(one: Shelved, per: Per) -> View:
    """Every action by itself."""
    blocks: list[Block] = [pieces.section(f"{title(one)}\n{_PER[per]}")]
    left = MOST_SINGLE
    for effect, tools in by_effect(one).items():
        if tools[:left]:
            blocks += [pieces.header(EFFECTS[effect]), *(_single(one, tool, per) for tool in tools[:left])]
        left = max(0, left - len(tools))
    if more := len(one.plugin.tools) - MOST_SINGLE:
        blocks += [pieces.aside(f"{words.count(more, 'action')} more go by their kind.")] if more > 0 else []
    return _modal(one, per, blocks, SINGLES)


def wish(one: Shelved, values: Mapping[str, str], items: tuple[str, ...]) -> Wish:
    """What a submitted page asks for: only what is otherwise than it was shown."""
    chosen: dict[str, Permission] = {}
    scope: tuple[str, ...] | None = None
    for block, value in values.items():
        kind, _, what, was = (*block.split(":"), "", "", "")[:4]
        if kind == REACH:
            scope = ("*",) if value == ALL else items
        elif kind in (EFFECT, TOOL) and value not in ("", was, MIXED):
            tools = [what] if kind == TOOL else by_effect(one).get(Effect(what), [])
            chosen |= {tool: Permission(value) for tool in tools}
    return Wish(permissions=chosen, scope=scope)


def by_effect(one: Shelved) -> dict[Effect, list[str]]:
    """Its tools, in the order of what they can do."""
    tools = one.plugin.tools
    found = {effect: [name for name, each in tools.items() if each.effect is effect] for effect in EFFECTS}
    return {effect: names for effect, names in found.items() if names}


def block_id(kind: str, per: Per, *about: str) -> str:
    """Of an input. It names whose choice it is and what it was: Slack keeps what was filled in under the same id."""
    return ":".join((kind, per, *about))


def spoken(one: Shelved, tool: str) -> str:
    """The action as people say it: "Create issue"."""
    return one.plugin.tools[tool].name.replace("_", " ").capitalize()


_PER: Final = {
    Per.TEAM: "*For everybody* in this workspace",
    Per.PERSON: "*Only for the tasks that you ask for*",
}


def _about(one: Shelved) -> str:
    return fit.clip(escape.mrkdwn_line(one.plugin.description), 300, is_mrkdwn=True)


def _whose(one: Shelved, per: Per, is_admin: bool, admins: str) -> Iterator[Block]:
    if not is_admin:
        yield pieces.section(f"{_PER[per]}: never more than everybody may. {admins} can change what that is.")
        return
    other = Per.PERSON if per is Per.TEAM else Per.TEAM
    label = "Only for my tasks" if per is Per.TEAM else "For everybody"
    yield pieces.section(_PER[per], accessory=pieces.button(label, OTHER_CHOICE, address(one, other)))


def _upgrade(one: Shelved, per: Per, is_admin: bool, admins: str) -> Iterator[Block]:
    """What is new since an admin last looked."""
    if not one.unseen or one.team is None:
        return
    tools = one.plugin.tools
    rows = [
        f"• {spoken(one, tool)} ({EFFECTS[tools[tool].effect].lower()}): {escape.mrkdwn_line(tools[tool].summary)}"
        for tool in one.unseen[:UNSEEN_SHOWN]
    ]
    more = len(one.unseen) - len(rows)
    rows += [f"and {more} more"] if more > 0 else []
    was = f" (before: {escape.mrkdwn_line(one.team.version)})" if one.team.version else ""
    may = "Off until you accept it." if is_admin else f"Off until {admins} accepts it."
    said = f"🆕 *New in {escape.mrkdwn_line(one.plugin.version)}*{was}\n" + "\n".join(rows) + f"\n{may}"
    yield pieces.section(said)
    if is_admin and per is Per.TEAM:
        yield from pieces.buttons([pieces.button("Accept what is new", ACCEPT, address(one, per))])


def _groups(one: Shelved, per: Per) -> Iterator[Block]:
    for effect, tools in by_effect(one).items():
        offered = list(dict.fromkeys(each for tool in tools for each in one.offered(tool, per)))
        offered.sort(key=plugging.ORDER.index)
        now = {one.permission(tool, per) for tool in tools}
        label = f"{EFFECTS[effect]} ({words.count(len(tools), 'action')})"
        if len(offered) < 2:
            yield pieces.section(f"*{label}*\nOff for everybody")
            continue
        current = next(iter(now)).value if len(now) == 1 else MIXED
        names = ", ".join(spoken(one, tool).lower() for tool in tools)
        choices = [pieces.option(each.value, LABELS[each]) for each in offered]
        if current == MIXED:
            choices.insert(0, pieces.option(MIXED, "As chosen one by one"))
        block = block_id(EFFECT, per, effect, current)
        yield _select(block, EFFECT, label, fit.clip(names, 150), choices, current)


def _single(one: Shelved, tool: str, per: Per) -> Block:
    offered, current = one.offered(tool, per), one.permission(tool, per)
    summary = fit.clip(escape.line(one.plugin.tools[tool].summary), 150)
    if len(offered) < 2:
        why = (
            "off until an admin accepts what is new"
            if tool in one.unseen and per is Per.PERSON
            else "off for everybody"
        )
        return pieces.section(f"*{spoken(one, tool)}*: {why}\n{escape.mrkdwn_line(summary)}")
    choices = [pieces.option(each.value, LABELS[each]) for each in offered]
    block = block_id(TOOL, per, tool, current)
    return _select(block, TOOL, spoken(one, tool), summary, choices, current.value)


def _select(
    block: str, action_id: str, label: str, hint: str, choices: list[Option], current: str
) -> InputBlock:
    initial = next(choice for choice in choices if choice.value == current)
    return InputBlock(
        block_id=block,
        label=pieces.plain(label),
        hint=pieces.plain(hint) if hint.strip() else None,
        element=StaticSelectElement(action_id=action_id, options=choices, initial_option=initial),
    )


def _reach(one: Shelved, per: Per, *, is_connected: bool) -> list[Block]:
    """All, or those that were looked up by their names."""
    search = "Type to search." if is_connected else "Not connected yet: type the names."
    kind, scope = fit.clip(escape.line(one.plugin.scope_kind), 60), one.scope(per)
    every = f"All {kind}" if per is Per.TEAM or one.team is None else f"All {kind} that everybody has"
    choices = [pieces.option(ALL, fit.clip(every, 75)), pieces.option(SELECTED, f"Selected {kind}")]
    picked = [pieces.option(item, item) for item in scope if item != "*"]
    return [
        InputBlock(
            block_id=block_id(REACH, per),
            label=pieces.plain(f"Where: which {kind}?"),
            element=RadioButtonsElement(
                action_id=REACH, options=choices, initial_option=choices[0 if "*" in scope else 1]
            ),
        ),
        InputBlock(
            block_id=block_id(ITEMS, per),
            label=pieces.plain(f"Selected {kind}"),
            hint=pieces.plain(f"{search} A beginning such as acme/* stands for all that begin so."),
            optional=True,
            element=ExternalDataMultiSelectElement(
                action_id=ITEMS,
                placeholder=pieces.plain(f"Search {kind}"),
                min_query_length=0,
                initial_options=picked or None,
            ),
        ),
    ]


def _last(one: Shelved, history: Sequence[Chosen]) -> list[Block]:
    button = pieces.button("Uninstall", UNINSTALL, address(one, Per.TEAM), style="danger")
    button.confirm = confirm(
        f"Uninstall {one.plugin.title}?",
        "Everybody's choices for it are forgotten, and its connections are ended. Disable keeps them.",
        "Uninstall",
    )
    return [
        pieces.aside("Deleting, sending and publishing are never simply on: a person sees each one first."),
        *([pieces.aside(*map(_changed, history))] if history else []),
        DividerBlock(),
        *pieces.buttons([button]),
    ]


def _changed(told: Chosen) -> str:
    what = f": {'; '.join(told.changes)}" if told.changes else ""
    said = f"{told.by} {told.did}{what}"
    return f"{words.moment(told.at)}: {fit.clip(escape.mrkdwn_line(said), 300, is_mrkdwn=True)}"


def _modal(one: Shelved, per: Per, blocks: list[Block], callback_id: str = PERMISSIONS) -> View:
    return fit.fit_view(
        View(
            type="modal",
            callback_id=callback_id,
            private_metadata=address(one, per),
            title=pieces.plain(fit.clip(escape.line(one.plugin.title), 24)),
            submit=pieces.plain("Save"),
            close=pieces.plain("Cancel"),
            blocks=blocks,
        )
    )
