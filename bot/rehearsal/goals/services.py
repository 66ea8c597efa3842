"""Actions of services: called outright where they are offered, else by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.rehearsal.goals.moves import Call
from bot.rehearsal.goals.transcript import Step, Transcript

_BY_NAME, _FIND = "run_action", "find_actions"
_CURSOR = re.compile(r'^More with cursor="([^"]+)"\.', re.M)


def can_call(story: Transcript, action: str) -> bool:
    """Whether it is offered, or was found by name."""
    found = "\n".join(step.result for step in story.steps(_FIND))
    return action in story.tools or (_BY_NAME in story.tools and f"{action}: " in found)


def calling(story: Transcript, action: str, given: Mapping[str, Any]) -> Call:
    if action in story.tools:
        return action, dict(given)
    return _BY_NAME, {"action": action, "input": dict(given)}


def called(story: Transcript, action: str) -> list[Step]:
    """What came of it each time, in order."""
    by_name = [
        replace(step, given=step.given.get("input", {}))
        for step in story.steps(_BY_NAME)
        if step.given.get("action") == action
    ]
    return [*story.steps(action), *by_name]


def cursor_of(result: str) -> str:
    """Where the next rows are, "" for none."""
    more = _CURSOR.search(result)
    return more[1] if more else ""
