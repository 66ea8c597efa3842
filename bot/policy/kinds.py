"""Which requests come with the offer to approve all of their kind for the task; most do not."""

from __future__ import annotations

import os.path
from collections.abc import Sequence

from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.effect import Access, Effect, Realm
from bot.domain.grant import FolderGrant, KindGrant
from bot.domain.kind import Given, Kind
from bot.domain.task import Task
from bot.policy import scope

_RULES = (7, 9)
"""Supervision, and what was there before. What rows 1 to 4, 6 and 8 decide is decided each time."""

_WRITES = (Effect.CREATE, Effect.CHANGE)


def offered(draft: Draft, task: Task) -> Kind | None:
    """One tool that writes in one granted folder: nothing that deletes, leaves, or was changed since it was shown.

    A yes to reads is not offered: they do not ask, unless every call is to be asked for.
    """
    tools = {action.call.tool for action in draft.actions}
    if draft.kind is not ApprovalKind.CALLS or len(tools) != 1 or not all(map(_is_plain, draft.actions)):
        return None
    accesses = [access for action in draft.actions for access in action.accesses or ()]
    where = _shared(accesses, task.folders)
    if not where:
        return None
    effects = tuple(sorted({access.effect for access in accesses if access.effect in _WRITES}))
    return Kind(tool=tools.pop(), effects=effects, where=where)


def grants(given: Sequence[Given]) -> tuple[KindGrant, ...]:
    """As the table weighs them."""
    return tuple(
        KindGrant(tool=one.kind.tool, effect=effect, where=one.kind.where, id=one.id)
        for one in given
        for effect in one.kind.effects
    )


def _is_plain(action: Action) -> bool:
    effects = {access.effect for access in action.accesses or ()}
    return (
        action.rule in _RULES
        and not action.changed
        and not action.influences
        and bool(effects.intersection(_WRITES))
        and effects <= {*_WRITES, Effect.READ}
    )


def _shared(accesses: Sequence[Access], folders: Sequence[FolderGrant]) -> str:
    """The innermost folder that holds all that is written, inside one that was granted; "" for none."""
    written = [access.resource for access in accesses if access.effect in _WRITES]
    if any(resource.realm is not Realm.FOLDER for resource in written):
        return ""
    try:
        where = os.path.commonpath([os.path.dirname(resource.name) for resource in written])
    except ValueError:
        return ""
    return where if any(scope.is_inside(where, folder.path) for folder in folders) else ""
