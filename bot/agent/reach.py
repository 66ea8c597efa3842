"""What lies below the folders that a call takes whole: whatever in them a limit of the requester is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.domain.brief import Brief
from bot.domain.effect import Access
from bot.errors import ToolError
from bot.policy import scope


def in_full(desk: Any, accesses: Sequence[Access], brief: Brief) -> Iterator[Access]:
    """All of them, and for each limit on a place the first thing below that it is about; without one none is opened."""
    limits = [(one.effects, one.where) for one in brief.boundaries if one.where]
    limits += [(one.effects, one.where) for one in brief.check_ins if one.where]
    for access in accesses:
        yield access
        wanted = {where for effects, where in limits if access.effect in effects}
        if access.is_deep and wanted:
            with suppress(ToolError):  # what cannot be walked through cannot be taken either
                yield from _met(desk, access, wanted)


def _met(desk: Any, access: Access, wanted: set[str]) -> Iterator[Access]:
    for path in desk.workspace.below(access.resource.name):
        resource = replace(access.resource, name=path)
        met = {where for where in wanted if scope.contains(resource, where)}
        if met:
            yield replace(access, resource=resource)
            wanted = wanted - met
        if not wanted:
            return
