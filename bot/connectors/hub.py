"""The hub: every connector of this process, asked from any thread; a server is started by the first call."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from bot.connectors.owner import Owner
from bot.connectors.portal import Portal
from bot.domain.connector import Answer, Catalogue, Connector, Definition, Health, Transport
from bot.domain.person import Person
from bot.errors import ToolError
from bot.sdk.halt import Halt

Heard = Callable[[float, float | None, str], None]
"""Hears of progress: how far, of how much (None where that is not known), and a message."""


@dataclass(frozen=True)
class Key:
    """Whose connection: everybody's of a workspace (`user` ""), or one person's."""

    team: str
    user: str
    slug: str


class Hub:
    """`secret` gives the value of a secret by its name, and raises `NotConfigured` for one that there is not."""

    def __init__(self, *, secret: Callable[[str], str]) -> None:
        self._secret = secret
        self._portal = Portal()
        self._owners: dict[Key, Owner] = {}

    def call(
        self,
        connector: Connector,
        person: Person,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        halt: Halt,
        heard: Heard = lambda *_: None,
    ) -> Answer:
        """Call a tool by the server's own name for it, once: it is never repeated by us.

        Raises `ToolError` for what the server refused, `Unavailable` where it cannot be reached (`nothing_done` when
        the call was never sent), `SignInNeeded`, `Halted`, and `LeftRunning` where nobody knows what it did.
        """
        return self._portal.call(lambda: self._called(connector, person, tool, arguments, heard), halt=halt)

    def look(self, connector: Connector, person: Person, *, halt: Halt = Halt()) -> Catalogue:
        """What it offers now, by real calls."""
        return self._portal.call(lambda: self._looked(connector, person), halt=halt)

    def health(self, connector: Connector, person: Person) -> Health:
        owner = self._owners.get(_key(connector, person))
        return (
            Health() if owner is None else Health(condition=owner.condition, trouble=str(owner.trouble or ""))
        )

    def close(self) -> None:
        """Every server is stopped, and what it started."""
        self._portal.call(self._ended, halt=Halt())
        self._portal.close()

    async def _called(
        self, connector: Connector, person: Person, tool: str, arguments: Mapping[str, Any], heard: Heard
    ) -> Answer:
        async def progress(progress: float, total: float | None, message: str | None) -> None:
            heard(progress, total, message or "")

        owner = self._owner(connector, person)
        given = await owner.call(
            lambda client: client.call_tool(tool, dict(arguments), progress_callback=progress),
            connector.timeout,
        )
        text = "\n".join(part.text for part in given.content if part.type == "text")
        return Answer(text=text, structured=given.structured_content, is_error=bool(given.is_error))

    async def _looked(self, connector: Connector, person: Person) -> Catalogue:
        owner = self._owner(connector, person)
        found = await owner.call(lambda client: client.list_tools(), connector.timeout)
        return Catalogue(
            tools=tuple(
                Definition.of(tool.name, tool.model_dump(by_alias=True, mode="json", exclude_none=True))
                for tool in found.tools
            )
        )

    def _owner(self, connector: Connector, person: Person) -> Owner:
        key = _key(connector, person)
        if key not in self._owners:
            self._owners[key] = Owner(
                lambda gone: self._opened(connector), slots=connector.slots, patience=connector.timeout
            )
        return self._owners[key]

    @contextlib.asynccontextmanager
    async def _opened(self, connector: Connector) -> AsyncIterator[Client]:
        if connector.transport is not Transport.STDIO:
            raise ToolError("Only servers of this machine are there yet.")
        program, *arguments = connector.command
        parameters = StdioServerParameters(
            command=program, args=arguments, env={name: self._secret(name) for name in connector.environment}
        )
        async with Client(stdio_client(parameters)) as client:
            yield client

    async def _ended(self) -> None:
        await asyncio.gather(*(owner.end() for owner in self._owners.values()))


def _key(connector: Connector, person: Person) -> Key:
    return Key(person.team, person.user if connector.is_personal else "", connector.slug)
