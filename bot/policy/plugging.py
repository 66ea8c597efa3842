"""What a task may do with a plugin: as the team's admins chose, narrowed by what the requester chose for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.choice import Choice
from bot.domain.effect import Effect
from bot.domain.grant import Permission, ServiceGrant
from bot.sdk.scope import in_scope

ORDER = (Permission.OFF, Permission.ASK, Permission.ON)
ALWAYS_ASKED = (Effect.DELETE, Effect.SEND, Effect.PUBLISH)
"""For these *on* is not offered (DESIGN §6)."""


def granted(tools: Mapping[str, Effect], team: Choice | None, person: Choice | None) -> ServiceGrant | None:
    """None where no admin installed it, or it is off. `tools` are those of the plugin, with what each does."""
    own = person or Choice()
    if team is None or not team.is_on or not own.is_on:
        return None
    permissions = {
        tool: min(of_team(tool, effect, team), _of_person(tool, own), key=ORDER.index)
        for tool, effect in tools.items()
    }
    return ServiceGrant(permissions=permissions, scope=narrowed(team.scope, own.scope))


def of_team(tool: str, effect: Effect, team: Choice) -> Permission:
    """How an admin has it: what they never saw is off, and what a person must see each time is asked for."""
    if tool not in team.known:
        return Permission.OFF
    chosen = team.permissions.get(tool, Permission.ON if effect is Effect.READ else Permission.OFF)
    return Permission.ASK if effect in ALWAYS_ASKED and chosen is Permission.ON else chosen


def offered(effect: Effect) -> tuple[Permission, ...]:
    """Between which a person can choose for an action with this effect."""
    if effect is Effect.READ:
        return (Permission.OFF, Permission.ON)
    return (Permission.OFF, Permission.ASK) if effect in ALWAYS_ASKED else ORDER


def narrowed(team: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Items that both cover: of two patterns the narrower one, where one lies in the other."""
    within = [mine for mine in own if lies_in(mine, team)]
    return tuple(dict.fromkeys([*within, *(theirs for theirs in team if lies_in(theirs, own))]))


def is_odd(pattern: str) -> bool:
    """It has a wildcard other than `*`: whether it lies in another pattern cannot be read off its letters."""
    return any(sign in pattern for sign in "?[]")


def lies_in(narrow: str, wide: tuple[str, ...]) -> bool:
    """Whether all that `narrow` matches is matched by one of these. In an odd one lies only the same."""
    return narrow in wide or in_scope(narrow, [pattern for pattern in wide if not is_odd(pattern)])


def _of_person(tool: str, own: Choice) -> Permission:
    return own.permissions.get(tool, Permission.ON)
