"""What a server tells of changes: its lists, once they have settled, and resources that somebody reads here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Final

from bot.connectors.listing import Listing
from bot.domain.connector import Connector

if TYPE_CHECKING:
    from mcp import Client

_SETTLED: Final = 0.5
_PATIENCE: Final = 5.0
_MOST_WATCHED: Final = 100
_FIRST_REST, _LONGEST_REST = 1.0, 300.0
_MOST_READERS: Final = 1_000

logger = logging.getLogger(__name__)


class News:
    """Of one connection, on the loop. `changed` is called in a thread, once for many changes that come together.

    `listing` does not hold past what is told here. A reader is whoever should hear, with the next answer, of what was
    changed since they read it.
    """

    def __init__(self, connector: Connector, listing: Listing, changed: Callable[[], None]) -> None:
        self._connector = connector
        self._listing = listing
        self._changed = changed
        self._settling: asyncio.TimerHandle | None = None
        self._watched: OrderedDict[str, int] = OrderedDict()
        self._read: OrderedDict[str, dict[str, int]] = OrderedDict()
        self._listener: asyncio.Task[None] | None = None
        self._client: Client | None = None
        self._running: set[asyncio.Task[None]] = set()

    def callbacks(self) -> dict[str, Any]:
        return {"message_handler": self._told}

    @contextlib.asynccontextmanager
    async def heard(self, client: Client) -> AsyncIterator[None]:
        """For one life of the connection: what was known of the last one does not hold."""
        self._client = client
        self._listing.drop()
        try:
            await self._listen_anew()
            yield
        finally:
            self._client = None
            if self._listener is not None:
                self._listener.cancel()

    async def read(self, client: Client, reader: str, uri: str) -> None:
        """About to be read: from now on the server is to say when it changes, if it can."""
        await self._watch(client, uri)
        self._read.setdefault(reader, {})[uri] = self._watched.get(uri, 0)
        self._read.move_to_end(reader)
        if len(self._read) > _MOST_READERS:
            self._read.popitem(last=False)

    def since(self, reader: str) -> tuple[str, ...]:
        """What was changed since this reader read it, or heard so."""
        seen = self._read.get(reader, {})
        found = tuple(uri for uri, version in seen.items() if self._watched.get(uri, 0) > version)
        seen.update({uri: self._watched[uri] for uri in found})
        return found

    async def _watch(self, client: Client, uri: str) -> None:
        if uri in self._watched:
            self._watched.move_to_end(uri)
            return
        can = client.server_capabilities.resources
        if can is None or not can.subscribe:
            return
        self._watched[uri] = 0
        if len(self._watched) > _MOST_WATCHED:
            self._watched.popitem(last=False)
        if self._is_older(client):
            await _subscribe(client, uri)
        else:
            await self._listen_anew()

    async def _told(self, message: Any) -> None:
        import mcp_types as types

        match message:
            case types.ResourceUpdatedNotification():
                self._updated(message.params.uri)
            case (
                types.ToolListChangedNotification()
                | types.PromptListChangedNotification()
                | types.ResourceListChangedNotification()
            ):
                self._list_changed()
            case _:
                pass

    def _updated(self, uri: str) -> None:
        if uri in self._watched:
            self._watched[uri] += 1

    def _list_changed(self) -> None:
        """Some servers say so five times as they start."""
        self._listing.drop()
        if self._settling is not None:
            self._settling.cancel()
        self._settling = asyncio.get_running_loop().call_later(_SETTLED, self._settle)

    def _settle(self) -> None:
        self._settling = None
        task = asyncio.ensure_future(asyncio.to_thread(self._tell))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _tell(self) -> None:
        try:
            self._changed()
        except Exception:
            logger.exception("a change of the connector %s was not looked at", self._connector.slug)

    async def _listen_anew(self) -> None:
        client = self._client
        if client is None:
            return
        if self._is_older(client):
            for uri in self._watched:
                await _subscribe(client, uri)
            return
        if self._listener is not None:
            self._listener.cancel()
        self._listing.drop()  # nothing is told again of what changed in between
        told = asyncio.Event()
        self._listener = asyncio.ensure_future(self._listening(client, told))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), _PATIENCE)

    async def _listening(self, client: Client, told: asyncio.Event) -> None:
        """As long as the connection lives; after a loss all counts as changed. `told` is set when it is known."""
        from mcp import MCPError
        from mcp.client.subscriptions import SubscriptionLost

        rest, loop = _FIRST_REST, asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._listened(client, told)
            except MCPError as error:
                told.set()
                logger.debug("the connector %s tells no changes: %s", self._connector.slug, error)
                return
            except (SubscriptionLost, TimeoutError):
                self._list_changed()
            rest = _FIRST_REST if loop.time() - began > _LONGEST_REST else min(rest * 2, _LONGEST_REST)
            await asyncio.sleep(rest)

    async def _listened(self, client: Client, told: asyncio.Event) -> None:
        from mcp.client.subscriptions import ResourceUpdated

        wanted = list(self._watched)
        async with client.listen(
            tools_list_changed=True,
            prompts_list_changed=True,
            resources_list_changed=True,
            resource_subscriptions=wanted,
        ) as changes:
            told.set()
            async for change in changes:
                if isinstance(change, ResourceUpdated):
                    self._updated(change.uri)
                else:
                    self._list_changed()

    def _is_older(self, client: Client) -> bool:
        from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

        return client.protocol_version in HANDSHAKE_PROTOCOL_VERSIONS


async def _subscribe(client: Client, uri: str) -> None:
    """By the request of the older protocol, which the newer has no more."""
    import mcp_types as types
    from mcp import MCPError

    request = types.SubscribeRequest(params=types.SubscribeRequestParams(uri=uri))
    with contextlib.suppress(MCPError):  # then nobody says when it changes
        await client.session.send_request(request, types.EmptyResult)
