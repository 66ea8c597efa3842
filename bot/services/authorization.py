"""OAuth 2 with one service: the address people are sent to, and tokens got, renewed and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
from authlib.common.urls import url_decode
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from bot import crossing
from bot.errors import NotConfigured, SignInNeeded, ToolError, Unavailable
from bot.sdk.connect import OAuth
from bot.sdk.plugin import Plugin
from bot.sdk.trust import trusted
from bot.services import addresses
from bot.services.addresses import Given

TIMEOUT = 30.0
TOKEN = "token"
REFRESH = "refresh_token"
_JSON = {"Accept": "application/json"}
_OF_A_PERSON = "authed_user"
_PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down", "ratelimited"})
_OURS = frozenset(
    {"invalid_client", "incorrect_client_credentials", "unauthorized_client", "invalid_client_id"}
)


@dataclass(frozen=True, kw_only=True)
class Got:
    """`scopes` are None where the service did not say what it granted."""

    secrets: Mapping[str, str]
    ends_at: datetime | None
    scopes: tuple[str, ...] | None


class _Client(OAuth2Client):  # type: ignore[misc]  # (it comes without types)
    """Some services take JSON at the token endpoint, and nothing else."""

    is_json = False

    def _http_post(self, url: str, body: str = "", headers: Any = None, **rest: Any) -> Any:
        given = dict(url_decode(body))
        if not self.is_json:
            return self.post(url, data=given, headers=headers, **rest)
        if self.token_endpoint_auth_method == "client_secret_post":
            given |= {"client_id": self.client_id, "client_secret": self.client_secret}
            rest["auth"] = None
        return self.post(url, json=given, headers=headers, **rest)

    def _fetch_token(self, url: str, body: str = "", headers: Any = None, **rest: Any) -> Any:
        rest.pop("method", None)
        return self.parse_response_token(self._http_post(url, body, headers, **rest))

    def parse_response_token(self, resp: Any) -> Any:
        if resp.status_code == 429:
            resp.raise_for_status()
        return super().parse_response_token(resp)


def page(
    plugin: Plugin, way: OAuth, given: Given, *, writes: bool, back: str, state: str, verifier: str
) -> str:
    """Where the service asks people whether they allow it; it sends them `back` with a code."""
    with _client(plugin, way, given, back=back, scopes=wanted(way, writes=writes)) as client:
        url, _ = client.create_authorization_url(
            addresses.address(way.authorize, plugin, given), state=state, code_verifier=verifier, **way.params
        )
    return str(url)


def got(
    plugin: Plugin,
    way: OAuth,
    given: Given,
    *,
    code: str,
    back: str,
    verifier: str,
    asked: tuple[str, ...],
    now: datetime,
) -> Got:
    """The tokens for a code. Raises `ToolError` when the service refuses it, `NotConfigured`, `Unavailable`.

    A service that does not say what it granted has granted all that was `asked`.
    """
    with _calling(plugin), _client(plugin, way, given, back=back) as client:
        said = client.fetch_token(
            addresses.address(way.token, plugin, given),
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            headers=dict(_JSON),
        )
    given_now = _got(said, now)
    return given_now if given_now.scopes else replace(given_now, scopes=asked)


def renewed(plugin: Plugin, way: OAuth, given: Given, *, refresh: str, now: datetime) -> Got:
    """Once, never resent. Raises `SignInNeeded` when the service knows it no more, and `Unavailable`."""
    try:
        with _calling(plugin), _client(plugin, way, given) as client:
            said = client.refresh_token(
                addresses.address(way.token, plugin, given), refresh_token=refresh, headers=dict(_JSON)
            )
    except ToolError as refused:
        raise SignInNeeded(str(refused), plugin=plugin.name) from None
    return _got(said, now, refresh=refresh)


def revoke(plugin: Plugin, way: OAuth, given: Given, secrets: Mapping[str, str]) -> bool:
    """Take the tokens back at the service. False where it has no way to, or refused."""
    token = secrets.get(REFRESH) or secrets.get(TOKEN)
    if not way.revoke or not token:
        return False
    with _calling(plugin), _client(plugin, way, given) as client:
        said = client.revoke_token(addresses.address(way.revoke, plugin, given), token=token, headers=None)
    return bool(said.status_code < 400)


def wanted(way: OAuth, *, writes: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*way.read, *way.write) if writes else way.read))


def _client(
    plugin: Plugin, way: OAuth, given: Given, *, back: str | None = None, scopes: tuple[str, ...] = ()
) -> _Client:
    app = addresses.must_client(plugin, given)
    client = _Client(
        app.id,
        app.secret,
        scope=way.separator.join(scopes) or None,
        redirect_uri=back,
        code_challenge_method="S256",
        token_endpoint_auth_method=way.client_auth,
        revocation_endpoint_auth_method=way.client_auth,
        timeout=TIMEOUT,
        verify=trusted(),
    )
    client.is_json = way.is_json
    return client


@contextmanager
def _calling(plugin: Plugin) -> Iterator[None]:
    """What can go wrong, sorted: it passes, it was refused, or the operator must look. No secret is in the words."""
    try:
        with crossing.outside(f"sign_in.{plugin.name}"):
            yield
    except OAuthError as error:
        raise _refused(plugin, error) from None
    except (httpx2.HTTPError, ValueError) as error:
        raise _out(plugin, error) from None


def _refused(plugin: Plugin, error: OAuthError) -> Exception:
    if error.error in _PASSING:
        return Unavailable(f"{plugin.title} is busy ({error.error}).", service=plugin.title)
    said = f"{error.error}: {error.description}" if error.description else error.error
    if error.error in _OURS:
        return NotConfigured(
            f"{plugin.title} does not know this app ({said}): COWORK_{plugin.name.upper()}_CLIENT_ID or _CLIENT_SECRET "
            "is wrong."
        )
    return ToolError(f"{plugin.title} refused the sign-in ({said}).")


def _out(plugin: Plugin, error: Exception) -> Unavailable:
    response = getattr(error, "response", None)
    if response is None:
        return Unavailable(f"it did not answer ({type(error).__name__})", service=plugin.title)
    asked = response.headers.get("retry-after", "")
    after = float(asked) if asked.isdigit() else None
    return Unavailable(f"it answered with status {response.status_code}", after, service=plugin.title)


def _got(said: Mapping[str, Any], now: datetime, refresh: str = "") -> Got:
    """Some services put a person's token beside the app's, which then has none."""
    said = said if said.get("access_token") else {**said, **(said.get(_OF_A_PERSON) or {})}
    if not said.get("access_token"):
        raise ToolError("The service gave no token.")
    secrets = {TOKEN: str(said["access_token"])}
    if lasting := said.get("refresh_token") or refresh:
        secrets[REFRESH] = str(lasting)
    seconds = said.get("expires_in")
    ends = now + timedelta(seconds=float(seconds)) if seconds else None
    scopes = said.get("scope")
    parts = scopes.replace(",", " ").split() if isinstance(scopes, str) else scopes
    return Got(secrets=secrets, ends_at=ends, scopes=tuple(parts) if parts else None)
