"""Which arguments of an action name a file here that the call sends away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints


@dataclass(frozen=True)
class LocalFile:
    """Marks it: `path: Annotated[str, "The file to upload.", LocalFile()]`. Policy weighs the reading of it, too."""


def locals_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """By the name of the argument."""
    hints = get_type_hints(function, include_extras=True)
    return tuple(
        name
        for name, hint in hints.items()
        if any(isinstance(note, LocalFile) for note in getattr(hint, "__metadata__", ()))
    )
