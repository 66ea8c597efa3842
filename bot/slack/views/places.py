"""The folder that all actions of a checkpoint lie in: said once, so that what differs can be read."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bot.domain.approval import Action


def shared_folder(actions: Sequence[Action]) -> str:
    """The deepest folder above every path in the calls; "" for a single action, or where there is none."""
    paths = [path for action in actions for path in _paths(action)]
    if len(actions) < 2 or not paths or not all(map(_paths, actions)):
        return ""
    folder = os.path.commonpath(os.path.dirname(path) for path in paths)
    return folder if folder.count("/") > 1 else ""


def within(action: Action, folder: str) -> str:
    """The preview with its paths from `folder` on; whole where another place could be read into what is left."""
    start, paths = f"{folder}/", _paths(action)
    is_clear = all(os.path.normpath(path) == path and path.count(start) == 1 for path in paths)
    if not folder or not is_clear or action.preview.count(start) != len(paths):
        return action.preview
    return action.preview.replace(start, "")


def _paths(action: Action) -> list[str]:
    return [value for value in action.call.input.values() if isinstance(value, str) and value.startswith("/")]
