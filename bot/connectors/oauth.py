"""Signing in to a connector's server as the protocol has it: found out, asked of a person, and renewed without one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
)

from bot.connectors.given import Secret, filled
from bot.connectors.grants import Unkept, granted, out, remembered
from bot.connectors.signed_in import MORE, Grant, SignedIn
from bot.domain.connector import Connector, Transport, origin
from bot.errors import NotAllowed, ToolError

NAME: Final = "Cowork"
_METHODS: Final = ("client_secret_basic", "client_secret_post")
"""How a registered app proves itself, in the order in which it is tried: what a server does not name is the first."""
_OLD_METADATA: Final = "/.well-known/oauth-authorization-server"
_FIRST: Final = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": NAME, "version": "1"},
    },
}

Page = Callable[[str], None]


class Asking(OAuthClientProvider):
    """The SDK's own flow, from a refusal to a token, through a person. `answer` is what they come back with.

    `page` hears where they are to be sent. Nothing of it outlives the process but what it ends with.
    """

    def __init__(
        self,
        connector: Connector,
        *,
        back: str,
        document: str,
        secret: Secret,
        page: Page,
        answer: asyncio.Future[AuthorizationCodeResult],
        held: SignedIn | None = None,
    ) -> None:
        self._registered = _registered(connector, back, secret)
        super().__init__(
            connector.url,
            OAuthClientMetadata.model_validate(
                {
                    "client_name": NAME,
                    "redirect_uris": [back],
                    "application_type": "web" if back.startswith("https:") else "native",
                }
            ),
            Unkept(self._registered),
            redirect_handler=self._sent,
            callback_handler=self._answered,
            client_metadata_url=document or None,
        )
        self._title, self._page, self._answer, self._held = connector.title, page, answer, held
        self._is_greeting = False

    def grant(self, now: datetime) -> Grant | None:
        """What it ended with; None where nobody was asked for anything."""
        context = self.context
        return None if context.current_tokens is None else granted(context, context.current_tokens, now)

    async def _initialize(self) -> None:
        """A client that registered itself for less might not get more: it registers itself anew."""
        await super()._initialize()
        if (more := self._more()) is not None:
            client = self.context.client_info
            remembered(self.context, more)
            self.context.client_info = client

    async def _auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """Where a call wanted more than was granted, that refusal begins it. A server that lets everybody greet it is
        taken at its metadata."""
        flow = super()._auth_flow(request)
        try:
            sent = await flow.__anext__()
            more = self._more()
            answer = _wants(request, str(more.one.facts[MORE])) if more is not None else (yield sent)
            self._is_greeting = answer.status_code < 400
            sent = await flow.asend(_unauthorized(request) if self._is_greeting else answer)
            while True:
                answer = yield sent
                sent = await flow.asend(await self._mended(sent, answer))
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

    def _more(self) -> SignedIn | None:
        held = self._held
        return held if held is not None and held.grant is not None and held.one.facts.get(MORE) else None

    async def _mended(self, sent: httpx2.Request, answer: httpx2.Response) -> httpx2.Response:
        """A server of 2025-03-26 may name an issuer with a path at its own origin, which the SDK no longer takes."""
        if (
            self.context.auth_server_url is not None
            or answer.status_code != 200
            or sent.url.path != _OLD_METADATA
        ):
            return answer
        try:
            body = json.loads(await answer.aread())
            own, named = origin(self.context.server_url), origin(str(body["issuer"]))
        except (ValueError, KeyError, TypeError):
            return answer
        if own != named:
            return answer
        parts = urlsplit(self.context.server_url)
        return httpx2.Response(200, json={**body, "issuer": f"{parts.scheme}://{parts.netloc}"}, request=sent)

    async def _sent(self, url: str) -> None:
        known, client = self.context.oauth_metadata, self.context.client_info
        if self._is_greeting and known is None:
            raise NotAllowed(f"{self._title} answers without a sign-in: there is nothing to connect.")
        if client is not None and client.client_secret and client is self._registered:
            offered = known.token_endpoint_auth_methods_supported if known is not None else None
            client.token_endpoint_auth_method = next(
                (one for one in _METHODS if one in (offered or _METHODS)), "client_secret_basic"
            )
        self._page(url)

    async def _answered(self) -> AuthorizationCodeResult:
        return await self._answer


async def greeted(connector: Connector, http: httpx2.AsyncClient, auth: httpx2.Auth) -> None:
    """One real request, with all that it takes to be let in. Raises `ToolError` where we are not, `Unavailable`."""
    is_stream = connector.transport is Transport.SSE
    accept = {"Accept": "text/event-stream" if is_stream else "application/json, text/event-stream"}
    request = (
        http.build_request("GET", connector.url, headers=accept)
        if is_stream
        else http.build_request("POST", connector.url, headers=accept, json=_FIRST)
    )
    answer = await http.send(request, auth=auth, stream=True, follow_redirects=False)
    await answer.aclose()
    if answer.status_code in (401, 403):
        raise ToolError(
            f"{connector.title} did not take the token of its own sign-in ({answer.status_code})."
        )
    if answer.status_code >= 500:
        raise out(connector, f"status {answer.status_code}")


def _registered(connector: Connector, back: str, secret: Secret) -> OAuthClientInformationFull | None:
    """The app that the operator registered, where there is one."""
    if not connector.client_id:
        return None
    named = {"client_id": connector.client_id, "redirect_uris": [back]}
    if connector.client_secret:
        named["client_secret"] = filled(connector.client_secret, secret)
    return OAuthClientInformationFull.model_validate(named | {"token_endpoint_auth_method": "none"})


def _wants(request: httpx2.Request, scope: str) -> httpx2.Response:
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return httpx2.Response(403, headers={"WWW-Authenticate": challenge}, request=request)


def _unauthorized(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(401, request=request)
