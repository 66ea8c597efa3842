"""Signing in to a connector's server as the protocol has it: found out, asked of a person, and renewed without one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.oauth2 import OAuthContext
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthMetadata,
    OAuthToken,
    ProtectedResourceMetadata,
)

from bot.connectors.signed_in import MORE, Grant, SignedIn
from bot.domain.connector import Connector, Transport, origin
from bot.errors import NotAllowed, SignInNeeded, ToolError, Unavailable

NAME: Final = "Cowork"
_OLD_METADATA: Final = "/.well-known/oauth-authorization-server"
_PASSING: Final = frozenset({408, 425, 429})
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
Secret = Callable[[str], str]


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
        super().__init__(
            connector.url,
            OAuthClientMetadata.model_validate(
                {
                    "client_name": NAME,
                    "redirect_uris": [back],
                    "application_type": "web" if back.startswith("https:") else "native",
                }
            ),
            Unkept(_registered(connector, back, secret)),
            redirect_handler=self._sent,
            callback_handler=self._answered,
            client_metadata_url=document or None,
        )
        self._title, self._page, self._answer, self._held = connector.title, page, answer, held

    def grant(self, now: datetime) -> Grant | None:
        """What it ended with; None where nobody was asked for anything."""
        context = self.context
        return None if context.current_tokens is None else _granted(context, context.current_tokens, now)

    async def _initialize(self) -> None:
        """A client that registered itself for less might not get more: it registers itself anew."""
        await super()._initialize()
        if (more := self._more()) is not None:
            client = self.context.client_info
            _remember(self.context, more)
            self.context.client_info = client

    async def _auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """Where a call wanted more than was granted, that refusal begins it. A server that lets everybody greet it is
        taken at its metadata."""
        flow = super()._auth_flow(request)
        try:
            sent = await flow.__anext__()
            more = self._more()
            answer = _wants(request, str(more.one.facts[MORE])) if more is not None else (yield sent)
            sent = await flow.asend(_unauthorized(request) if answer.status_code < 400 else answer)
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
        if self.context.oauth_metadata is None and self.context.protected_resource_metadata is None:
            raise NotAllowed(f"{self._title} does not say where people sign in to it, or asks nobody to.")
        self._page(url)

    async def _answered(self) -> AuthorizationCodeResult:
        return await self._answer


class Unkept:
    """What the SDK would keep: we keep it all at the end, in one row."""

    def __init__(self, client: OAuthClientInformationFull | None = None) -> None:
        self._client = client

    async def get_tokens(self) -> OAuthToken | None:
        return None

    async def set_tokens(self, tokens: OAuthToken) -> None:
        return None

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self._client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        return None


async def renewed(
    connector: Connector, held: SignedIn, http: httpx2.AsyncClient, now: Callable[[], datetime]
) -> Grant:
    """Once, never resent. Raises `SignInNeeded` when the server knows it no more, and `Unavailable`."""
    provider = OAuthClientProvider(connector.url, OAuthClientMetadata(redirect_uris=None), Unkept())
    _remember(provider.context, held)
    try:
        request = await provider._refresh_token()
        answer = await http.send(request, follow_redirects=False)
    except httpx2.HTTPError as error:
        raise _out(connector, type(error).__name__) from None
    if answer.status_code >= 500 or answer.status_code in _PASSING:
        raise _out(connector, f"status {answer.status_code}")
    if answer.status_code != 200:
        raise SignInNeeded(f"it was not renewed ({_said(answer)})")
    try:
        got = OAuthToken.model_validate_json(answer.content)
    except ValueError:
        raise _out(connector, "an answer that nobody can read") from None
    fresh = _granted(provider.context, got, now())
    assert held.grant is not None
    return replace(fresh, refresh=fresh.refresh or held.grant.refresh, scope=fresh.scope or held.grant.scope)


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
        raise _out(connector, f"status {answer.status_code}")


def _registered(connector: Connector, back: str, secret: Secret) -> OAuthClientInformationFull | None:
    """The app that the operator registered, where there is one."""
    if not connector.client_id:
        return None
    named = {"client_id": connector.client_id, "redirect_uris": [back]}
    if connector.client_secret:
        named["client_secret"] = secret(connector.client_secret)
    return OAuthClientInformationFull.model_validate(
        named | {"token_endpoint_auth_method": "client_secret_post" if connector.client_secret else "none"}
    )


def _granted(context: OAuthContext, tokens: OAuthToken, now: datetime) -> Grant:
    server = {
        "oauth": _plain(context.oauth_metadata),
        "resource": _plain(context.protected_resource_metadata),
        "issuer": context.auth_server_url,
    }
    return Grant(
        token=tokens.access_token,
        refresh=tokens.refresh_token or "",
        scope=tokens.scope or "",
        ends_at=None if tokens.expires_in is None else now + timedelta(seconds=tokens.expires_in),
        client=json.dumps(_plain(context.client_info) or {}),
        server=json.dumps(server),
    )


def _remember(context: OAuthContext, held: SignedIn) -> None:
    """As it was when the grant was given: a restart finds out nothing anew."""
    assert held.grant is not None
    grant, server = held.grant, json.loads(held.grant.server)
    context.current_tokens = OAuthToken(
        access_token=grant.token, refresh_token=grant.refresh or None, scope=grant.scope or None
    )
    context.client_info = OAuthClientInformationFull.model_validate_json(grant.client)
    context.auth_server_url = server["issuer"]
    if server["oauth"]:
        context.oauth_metadata = OAuthMetadata.model_validate(server["oauth"])
    if server["resource"]:
        context.protected_resource_metadata = ProtectedResourceMetadata.model_validate(server["resource"])


def _plain(model: Any) -> Any:
    return None if model is None else model.model_dump(mode="json", by_alias=True, exclude_none=True)


def _wants(request: httpx2.Request, scope: str) -> httpx2.Response:
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return httpx2.Response(403, headers={"WWW-Authenticate": challenge}, request=request)


def _unauthorized(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(401, request=request)


def _said(answer: httpx2.Response) -> str:
    """The error by its name, where it has one: the rest is the server's own words."""
    try:
        named = str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        named = ""
    return named if named.replace("_", "").isalnum() and len(named) < 60 else f"status {answer.status_code}"


def _out(connector: Connector, why: str) -> Unavailable:
    return Unavailable(
        f"its sign-in could not be renewed ({why})", service=connector.title, nothing_done=True
    )
