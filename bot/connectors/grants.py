"""A grant of an authorization server: read off a flow, put into the next, renewed and taken back; nobody is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.oauth2 import OAuthContext
from mcp.shared.auth import (
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthMetadata,
    OAuthToken,
    ProtectedResourceMetadata,
)

from bot.connectors.signed_in import Grant, SignedIn
from bot.domain.connector import Connector
from bot.errors import SignInNeeded, Unavailable

_PASSING: Final = frozenset({408, 425, 429})


async def renewed(
    connector: Connector, held: SignedIn, http: httpx2.AsyncClient, now: Callable[[], datetime]
) -> Grant:
    """Once, never resent. Raises `SignInNeeded` when the server knows it no more, and `Unavailable`."""
    provider = OAuthClientProvider(connector.url, OAuthClientMetadata(redirect_uris=None), Unkept())
    remembered(provider.context, held)
    try:
        request = await provider._refresh_token()
        answer = await http.send(request, follow_redirects=False)
    except httpx2.HTTPError as error:
        raise out(connector, type(error).__name__) from None
    if answer.status_code >= 500 or answer.status_code in _PASSING:
        raise out(connector, f"status {answer.status_code}")
    if answer.status_code != 200:
        raise SignInNeeded(f"it was not renewed ({_said(answer)})")
    try:
        got = OAuthToken.model_validate_json(answer.content)
    except ValueError:
        raise out(connector, "an answer that nobody can read") from None
    fresh = granted(provider.context, got, now())
    assert held.grant is not None
    return replace(fresh, refresh=fresh.refresh or held.grant.refresh, scope=fresh.scope or held.grant.scope)


async def revoked(held: SignedIn, http: Callable[[], httpx2.AsyncClient]) -> str:
    """Taken back where it was given (RFC 7009), once. Why not, "" when it was."""
    if held.grant is None:
        return "it was dead already"
    provider = OAuthClientProvider("", OAuthClientMetadata(redirect_uris=None), Unkept())
    remembered(provider.context, held)
    known, client = provider.context.oauth_metadata, provider.context.client_info
    if known is None or known.revocation_endpoint is None or client is None:
        return "it has no way to"
    sent = {"token": held.grant.refresh or held.grant.token, "client_id": client.client_id}
    sent, headers = provider.context.prepare_token_auth(sent, {})
    try:
        async with (
            http() as asking,
            asking.stream("POST", str(known.revocation_endpoint), data=sent, headers=headers) as answer,
        ):
            return "" if answer.is_success else f"it answered {answer.status_code}"
    except httpx2.HTTPError as error:
        return f"it was not reached ({type(error).__name__})"


def granted(context: OAuthContext, tokens: OAuthToken, now: datetime) -> Grant:
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


def remembered(context: OAuthContext, held: SignedIn) -> None:
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


def _plain(model: Any) -> Any:
    return None if model is None else model.model_dump(mode="json", by_alias=True, exclude_none=True)


def _said(answer: httpx2.Response) -> str:
    """The error by its name, where it has one: the rest is the server's own words."""
    try:
        named = str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        named = ""
    return named if named.replace("_", "").isalnum() and len(named) < 60 else f"status {answer.status_code}"


def out(connector: Connector, why: str) -> Unavailable:
    return Unavailable(
        f"its sign-in could not be renewed ({why})", service=connector.title, nothing_done=True
    )
