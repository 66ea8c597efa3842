"""How a choice for a plugin is made and changed, and what a change is in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.choice import Choice
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.policy import plugging

MOST_ITEMS = 100
LONGEST_ITEM = 150
EVERYTHING = ("*",)


@dataclass(frozen=True, kw_only=True)
class Change:
    """Of a tool by its name, of the "scope", of whether it "is on", of its "version"; "" where there was none."""

    what: str
    before: str
    after: str


def installed(tools: Mapping[str, Effect], version: str) -> Choice:
    """As it comes: reads on, everything else off."""
    return Choice(known=frozenset(tools), version=version)


def accepted(choice: Choice, tools: Mapping[str, Effect], version: str) -> Choice:
    """An admin has seen what there is now; what is new is as it comes from here on."""
    return replace(choice, known=frozenset(tools), version=version)


def unseen(choice: Choice, tools: Mapping[str, Effect]) -> tuple[str, ...]:
    """The tools that an upgrade brought: off until an admin accepts them."""
    return tuple(tool for tool in tools if tool not in choice.known)


def most(tool: str, effect: Effect, team: Choice) -> tuple[Permission, ...]:
    """Between which a person can choose for their own tasks: never more than the team has."""
    allowed = plugging.of_team(tool, effect, team)
    offered = plugging.offered(effect)
    return tuple(one for one in offered if min(one, allowed, key=plugging.ORDER.index) is one)


def of_person(tool: str, effect: Effect, team: Choice, own: Choice | None) -> Permission:
    """What holds for the tasks that this person asks for."""
    grant = plugging.granted({tool: effect}, replace(team, is_on=True), replace(own or Choice(), is_on=True))
    return Permission.OFF if grant is None else grant.permissions[tool]


def trouble(scope: tuple[str, ...], team: Choice | None) -> str:
    """Why this cannot be a scope, "" where it can. `team` for a person's own, which lies within the team's."""
    if not scope or len(scope) > MOST_ITEMS:
        return f"Choose between 1 and {MOST_ITEMS}, or all."
    for item in scope:
        if not item.strip() or len(item) > LONGEST_ITEM or plugging.is_odd(item):
            return f"“{item[:40]}” cannot be chosen: give a name, or a beginning such as acme/*."
    outside = [
        item for item in scope if team is not None and item != "*" and not plugging.lies_in(item, team.scope)
    ]
    return f"“{outside[0]}” lies outside of what the admins chose for everybody." if outside else ""


def changes(before: Choice | None, after: Choice | None, tools: Mapping[str, Effect]) -> tuple[Change, ...]:
    """Everything that is not as it was, in the order in which the plugin declares it."""
    was, is_ = _said(before, tools), _said(after, tools)
    return tuple(
        Change(what=what, before=was.get(what, ""), after=is_.get(what, ""))
        for what in dict.fromkeys([*was, *is_])
        if was.get(what, "") != is_.get(what, "")
    )


def _said(choice: Choice | None, tools: Mapping[str, Effect]) -> dict[str, str]:
    if choice is None:
        return {}
    shown = {tool: _permission(tool, effect, choice) for tool, effect in tools.items()}
    return {
        "is on": "yes" if choice.is_on else "no",
        "version": choice.version,
        **shown,
        "scope": ", ".join(choice.scope),
    }


def _permission(tool: str, effect: Effect, choice: Choice) -> str:
    """A team's choice is on every tool that it knows; a person's only on those that they named."""
    if choice.known:
        return plugging.of_team(tool, effect, choice).value
    return choice.permissions[tool].value if tool in choice.permissions else ""
