"""Which arguments of a tool say where something goes, and what they hold in a call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from bot.domain.destination import Aim, Destination, Target

__all__ = ["Aim", "Destination", "destinations_of", "fetched", "targets"]

_PICTURE = re.compile(r"!\[|<(?:img|image|picture|source|video|audio|iframe|embed|object)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:)?//[^\s<>()\[\]\"'`]+", re.IGNORECASE)


def destinations_of(function: Callable[..., Any]) -> Mapping[str, Aim]:
    """By the name of the argument, as its notes mark it."""
    hints = get_type_hints(function, include_extras=True)
    return {name: note.aim for name, hint in hints.items() for note in _notes(hint)}


def targets(
    destinations: Mapping[str, Aim], arguments: Mapping[str, Any], shown: Callable[[str], str]
) -> tuple[Target, ...]:
    """All that a call names, one by one; what was left out names nothing."""
    return tuple(
        Target(text=text, shown=shown(text), aim=aim)
        for name, aim in destinations.items()
        for text in _texts(arguments.get(name))
    )


def fetched(arguments: Mapping[str, Any], shown: Callable[[str], str]) -> tuple[Target, ...]:
    """The addresses in texts with pictures: whoever looks at one asks there, and the address can carry text away."""
    found = (one[0] for text in _texts(arguments) if _PICTURE.search(text) for one in _ADDRESS.finditer(text))
    return tuple(Target(text=one, shown=shown(one), aim=Aim.ADDRESS) for one in dict.fromkeys(found))


def _notes(hint: Any) -> Iterator[Destination]:
    """However deep they are: of one that may be left out, or of a list."""
    for part in (*getattr(hint, "__metadata__", ()), *get_args(hint)):
        if isinstance(part, Destination):
            yield part
        else:
            yield from _notes(part)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = (*value, *value.values())
    if isinstance(value, BaseModel):
        value = tuple(getattr(value, name) for name in type(value).model_fields)
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _texts(one)
    elif value not in (None, ""):
        yield str(value)
