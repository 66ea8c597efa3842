"""Where a service is and who we are there: what its plugin says, unless the operator set it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import NotConfigured
from bot.sdk.plugin import Plugin

Given = Callable[[str], str]
"""A setting by its name in the environment, "" where it is not set."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """How the operator's own app is known at the service."""

    id: str
    secret: str


def endpoints(plugin: Plugin, given: Given) -> Mapping[str, str]:
    """By name, without a slash at the end."""
    return {
        one.name: (given(f"COWORK_{plugin.name}_{one.name}_URL".upper()) or one.url).rstrip("/")
        for one in plugin.endpoints
    }


def address(text: str, plugin: Plugin, given: Given) -> str:
    """A full address of what may begin with the name of an endpoint in braces."""
    for name, base in endpoints(plugin, given).items():
        text = text.replace(f"{{{name}}}", base)
    return text


def client(plugin: Plugin, given: Given) -> Client | None:
    """None where the operator has registered no app."""
    found = Client(id=given(_client(plugin, "ID")), secret=given(_client(plugin, "SECRET")))
    return found if found.id else None


def must_client(plugin: Plugin, given: Given) -> Client:
    """Raises `NotConfigured` where the operator has registered no app."""
    found = client(plugin, given)
    if found is None:
        raise NotConfigured(
            f"{plugin.title} cannot be signed in to yet: register an app there, and set {_client(plugin, 'ID')} and "
            f"{_client(plugin, 'SECRET')}."
        )
    return found


def _client(plugin: Plugin, what: str) -> str:
    return f"COWORK_{plugin.name}_CLIENT_{what}".upper()
