"""A plugin: a service that the colleague can work with, declared in one value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import CoworkError
from bot.sdk.action import Action
from bot.sdk.connect import Checked, Connection, Endpoint, Item, Way
from bot.sdk.context import Context

API_VERSION = 1


class BadPlugin(CoworkError):
    """The author of the plugin can act: the declaration breaks a rule that the message names."""


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """`name` begins the names of its tools ("github" → `github_create_issue`). `icon` is an emoji (":octopus:").

    `scope_kind` is what a scope names, in the plural as people say it ("repositories"). `client` makes the vendor's
    client from a connection, cheaply: it is called for every call. `check` makes one real call and says whose account
    it is; `discover` gives what a scope can name, a page of up to 100 that match `search`, most used first. Both take a
    client. They and the actions raise `ToolError` (the model can mend it), `SignInNeeded` (the token is dead),
    `Unavailable` (the service does not answer or limits us) and nothing else of the vendor's.
    """

    name: str
    title: str
    version: str
    description: str
    icon: str
    scope_kind: str
    ways: tuple[Way, ...]
    endpoints: tuple[Endpoint, ...]
    client: Callable[[Connection], Any]
    check: Callable[[Any], Checked]
    discover: Callable[[Any, str], Sequence[Item]]
    actions: tuple[Action, ...]
    api_version: int = API_VERSION

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise BadPlugin(f"The plugin {self.name!r} cannot be used: {'; '.join(faults)}.")

    def tool_name(self, action: Action) -> str:
        return f"{self.name}_{action.name}"

    @property
    def tools(self) -> Mapping[str, Action]:
        """The actions by the names that the model calls them by."""
        return {self.tool_name(one): one for one in self.actions}

    def way(self, name: str) -> Way | None:
        return next((one for one in self.ways if one.way == name), None)


def _faults(plugin: Plugin) -> Iterable[str]:
    """What would break the host; what makes a plugin good is in `bot.sdk.quality`."""
    if not re.fullmatch(r"[a-z][a-z0-9]{1,30}", plugin.name):
        yield "its name is not 2 to 31 lower-case letters and digits"
    if not re.fullmatch(r"\d+\.\d+\.\d+", plugin.version):
        yield f"its version {plugin.version!r} is not like 1.2.3"
    if plugin.api_version != API_VERSION:
        yield f"it is written for version {plugin.api_version} of the plugin API, and this is {API_VERSION}"
    if len({one.name for one in plugin.actions}) != len(plugin.actions):
        yield "two actions have one name"
    for one in plugin.actions:
        if len(plugin.tool_name(one)) > 64:
            yield f"the name {plugin.tool_name(one)} is longer than 64 letters"


def context_of(plugin: Plugin, **given: Any) -> Context:
    """The context of one call to this plugin."""
    return Context(make_client=plugin.client, **given)
