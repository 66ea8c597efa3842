"""The plugins there are: those that came with Cowork, and those of others that the operator named."""

from __future__ import annotations

import functools
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points

from bot.domain.call import BY_NAME
from bot.domain.tooling import RESOURCES
from bot.loading import undisturbed
from bot.policy.naming import Taken
from bot.registry.tools import BUILT_IN
from bot.sdk.plugin import Plugin

GROUP = "cowork.plugins"
RESERVED = frozenset((*(tool.name for tool in BUILT_IN), BY_NAME, "find_actions", "ask_to_connect"))
"""What no action of a plugin can be called: it would be shown and allowed as what people know by that name."""
OWN = "cowork"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Plugins:
    """By name. `broken` could not be loaded, and why; `unlisted` are of others, and were not asked for.

    `makers` are the packages that bring any of them.
    """

    there: Mapping[str, Plugin] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    makers: frozenset[str] = frozenset()


def found(allowed: Collection[str] = ()) -> Plugins:
    """`allowed` are the distributions of others that may be loaded (COWORK_PLUGINS): of the rest no line is run."""
    with undisturbed():
        return _found(frozenset(allowed))


def names(there: Mapping[str, Plugin]) -> Taken:
    """What no connector may be called, nor a tool of one."""
    return Taken(
        tools=(*RESERVED, *RESOURCES, *(name for plugin in there.values() for name in plugin.tools)),
        plugins={name: plugin.title for name, plugin in there.items()},
    )


@functools.cache
def _found(allowed: frozenset[str]) -> Plugins:
    there: dict[str, Plugin] = {}
    broken: dict[str, str] = {}
    unlisted: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: (_maker(one) != OWN, one.name)):
        if _maker(point) not in {OWN, *allowed}:
            unlisted.append(f"{point.name} of {_maker(point)}")
        elif isinstance(loaded := _loaded(point), str):
            broken[point.name] = loaded
        elif loaded.name in there:
            broken[point.name] = f"another plugin is called {loaded.name}, too"
        elif taken := RESERVED.intersection(loaded.tools):
            broken[point.name] = f"its {', '.join(sorted(taken))} would be taken for a tool of Cowork's own"
        else:
            there[loaded.name] = loaded
    makers = frozenset(_maker(point) for point in entry_points(group=GROUP))
    return Plugins(there=there, broken=broken, unlisted=tuple(unlisted), makers=makers)


def _loaded(point: EntryPoint) -> Plugin | str:
    """Or why it cannot be: code of others may fail in any way, and the rest must go on without it."""
    try:
        plugin = point.load()
    except Exception as error:
        logger.exception("the plugin %s could not be loaded", point.name)
        return f"{type(error).__name__}: {error}"
    if not isinstance(plugin, Plugin):
        return f"{point.value} is not a Plugin"
    return plugin


def _maker(point: EntryPoint) -> str:
    """The distribution that brings it, in the one way to write such names."""
    name = point.dist.name if point.dist is not None else ""
    return name.lower().replace("_", "-")
