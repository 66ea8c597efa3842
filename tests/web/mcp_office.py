"""An office whose `/mcp` is served on a real port, worked on by a pool, with a token per person."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.types import ASGIApp

from bot.domain.deciders import Authority, Facts
from bot.domain.person import Person
from bot.domain.token import TokenScope
from bot.engine.serving import Serving
from bot.engine.tokens import Tokens
from bot.engine.worker import WorkerPool
from bot.web.buckets import Buckets
from bot.web.mcp.assembled import hosted
from bot.web.mcp.door import door
from bot.web.server import Server
from tests.engine.office import Office

ERAS = ("2026-07-28", "legacy")


@dataclass(kw_only=True)
class McpOffice:
    office: Office
    url: str
    tokens: Tokens
    pools: list[WorkerPool] = field(default_factory=list)

    def token(self, person: Person, *scopes: TokenScope, name: str = "claude", **given: Any) -> str:
        made = self.tokens.make(person, name, scopes or tuple(TokenScope), by="test", **given)
        return made.secret

    @contextlib.asynccontextmanager
    async def client(self, secret: str, era: str, **given: Any):
        async with (
            httpx2.AsyncClient(
                headers={"authorization": f"Bearer {secret}"},
                trust_env=False,
                timeout=httpx2.Timeout(30, read=60),
            ) as http,
            Client(streamable_http_client(f"{self.url}/mcp", http_client=http), mode=era, **given) as client,
        ):
            yield client

    def work(self) -> None:
        self.pools.append(self.office.pool(1))
        self.pools[-1].start()


@contextlib.contextmanager
def served(office: Office, *, works: bool = True, a_minute: int = 10**9) -> Iterator[McpOffice]:
    app, tokens = door_of(office, a_minute=a_minute)
    server = Server(host="127.0.0.1", port=0)
    server.start(app)
    at = McpOffice(office=office, url=server.url, tokens=tokens)
    if works:
        at.work()
    try:
        yield at
    finally:
        for pool in at.pools:
            pool.stop()
        server.stop()


def door_of(office: Office, *, a_minute: int = 10**9) -> tuple[ASGIApp, Tokens]:
    """What answers at `/mcp`, and who makes its tokens."""
    tokens = Tokens(office.database, clock=office.clock)
    serving = Serving(
        office.intake,
        office.record,
        office.authority or Authority(),
        settings=office.settings,
        facts=lambda person, groups: Facts(),
        may_begin=lambda person, channel: None,
    )
    buckets = Buckets(a_minute, elapsed=lambda: 0.0)
    return door(tokens, buckets, lambda: hosted(serving, tokens, office.record, office.bell)), tokens
