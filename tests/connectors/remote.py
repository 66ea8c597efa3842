"""A remote MCP server that people sign in to: the SDK's own, with its authorization server, which lets everybody in."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
)
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.server.mcpserver import MCPServer
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from pydantic import AnyHttpUrl
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FAR = 1e10
SCOPE = "notes:read"


class Registrar(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Codes and refresh tokens are good once. `is_denying`: the person says no."""

    def __init__(self) -> None:
        self.clients: dict[str, OAuthClientInformationFull] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.access: dict[str, AccessToken] = {}
        self.refresh: dict[str, RefreshToken] = {}
        self.is_denying = False
        self.lasting = 3600
        self.spent: list[str] = []

    def forget_access(self) -> None:
        self.access.clear()

    def forget_all(self) -> None:
        self.access.clear()
        self.refresh.clear()

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self.clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        self.clients[str(client_info.client_id)] = client_info

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        if self.is_denying:
            return f"{params.redirect_uri}?{urlencode({'error': 'access_denied', 'state': params.state})}"
        code = AuthorizationCode(
            code=secrets.token_urlsafe(20),
            scopes=params.scopes or [],
            expires_at=FAR,
            client_id=str(client.client_id),
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
        )
        self.codes[code.code] = code
        return f"{params.redirect_uri}?{urlencode({'code': code.code, 'state': params.state})}"

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self.codes.pop(authorization_code, None)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        return self._issued(client, authorization_code.scopes, authorization_code.resource)

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> RefreshToken | None:
        self.spent.append(refresh_token)
        return self.refresh.pop(refresh_token, None)

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        return self._issued(client, refresh_token.scopes, refresh_token.resource)

    async def load_access_token(self, token: str) -> AccessToken | None:
        return self.access.get(token)

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        self.refresh.pop(token.token, None)
        self.access.clear()

    def _issued(
        self, client: OAuthClientInformationFull, scopes: list[str], resource: str | None
    ) -> OAuthToken:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        named: dict[str, Any] = {
            "client_id": str(client.client_id),
            "scopes": scopes,
            "resource": resource,
        }
        self.access[access] = AccessToken(token=access, **named)
        self.refresh[refresh] = RefreshToken(token=refresh, **named)
        return OAuthToken(
            access_token=access,
            refresh_token=refresh,
            expires_in=self.lasting,
            scope=" ".join(scopes),
        )


@dataclass(kw_only=True)
class Remote:
    """`heard` are the requests that came: method, path, and what authorized them. `altered` is what a path answers
    instead; `refusing` is a scope without which no call of a tool is let through."""

    url: str
    registrar: Registrar
    heard: list[tuple[str, str, str]] = field(default_factory=list)
    altered: dict[str, Any] = field(default_factory=dict)
    refusing: str = ""

    @property
    def address(self) -> str:
        return f"{self.url}/mcp"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.heard]


@contextlib.contextmanager
def remote() -> Iterator[Remote]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    made = Remote(url=f"http://127.0.0.1:{listening.getsockname()[1]}", registrar=Registrar())
    server = uvicorn.Server(
        uvicorn.Config(_watched(_app(made), made), log_config=None, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    yield made
    server.should_exit = True
    thread.join(5)
    listening.close()


def _app(made: Remote) -> ASGIApp:
    server = MCPServer(
        "notes",
        auth_server_provider=made.registrar,
        auth=AuthSettings(
            issuer_url=AnyHttpUrl(made.url),
            resource_server_url=AnyHttpUrl(made.address),
            required_scopes=[SCOPE],
            validate_token_resource=True,
            client_registration_options=ClientRegistrationOptions(
                enabled=True, valid_scopes=[SCOPE, "notes:write"], default_scopes=[SCOPE, "notes:write"]
            ),
            revocation_options=RevocationOptions(enabled=True),
        ),
    )

    @server.tool()
    def first_note() -> str:
        """The first note."""
        return "Buy milk"

    return server.streamable_http_app(stateless_http=True)


def _watched(app: ASGIApp, made: Remote) -> ASGIApp:
    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        made.heard.append((scope["method"], scope["path"], headers.get("authorization", "")))
        altered = made.altered.get(scope["path"])
        if altered is not None:
            await altered(scope, receive, send)
        elif made.refusing and await _lacks(made, scope, headers):
            challenge = f'Bearer error="insufficient_scope", scope="{made.refusing}"'
            await JSONResponse({}, 403, {"WWW-Authenticate": challenge})(scope, receive, send)
        else:
            await app(scope, receive, send)

    return watched


async def _lacks(made: Remote, scope: Scope, headers: dict[str, str]) -> bool:
    token = await made.registrar.load_access_token(headers.get("authorization", "")[7:])
    return scope["path"] == "/mcp" and token is not None and made.refusing not in token.scopes
