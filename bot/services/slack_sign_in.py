"""Sign in with Slack: who the person at a browser is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from bot import crossing
from bot.errors import Unavailable
from bot.sdk.trust import trusted
from bot.services.authorization import TIMEOUT

_CLAIM = "https://slack.com/"
SCOPES = "openid profile"


@dataclass(frozen=True, kw_only=True)
class SlackSignIn:
    """`id` and `secret` are of the Slack app. The addresses are Slack's, unless the operator's Slack is elsewhere."""

    id: str
    secret: str
    authorize: str = "https://slack.com/openid/connect/authorize"
    token: str = "https://slack.com/api/openid.connect.token"
    who: str = "https://slack.com/api/openid.connect.userInfo"

    def page(self, *, back: str, state: str, team: str) -> str:
        """Where Slack asks them to sign in, to this workspace."""
        with self._client(back) as client:
            url, _ = client.create_authorization_url(self.authorize, state=state, team=team)
        return str(url)

    def person(self, *, back: str, code: str) -> tuple[str, str]:
        """Their team and user id. Raises `Unavailable` when Slack does not say."""
        try:
            with crossing.outside("sign_in.with_slack"), self._client(back) as client:
                client.fetch_token(self.token, grant_type="authorization_code", code=code)
                said: dict[str, Any] = client.get(self.who).raise_for_status().json()
        except (OAuthError, httpx2.HTTPError, ValueError) as error:
            raise Unavailable(
                f"Slack does not say who you are ({type(error).__name__})", service="Slack"
            ) from None
        return str(said.get(f"{_CLAIM}team_id", "")), str(said.get(f"{_CLAIM}user_id", ""))

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self.id,
            self.secret,
            scope=SCOPES,
            redirect_uri=back,
            token_endpoint_auth_method="client_secret_post",
            timeout=TIMEOUT,
            verify=trusted(),
        )
