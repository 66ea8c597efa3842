"""The provider lets people in, holds them to PKCE, and takes no code and no refresh token twice."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from tests.counterparts.oauth import OAuthProvider

VERIFIER = "v" * 50


def client(provider: OAuthProvider) -> OAuth2Client:
    return OAuth2Client(
        "cowork",
        "secret",
        scope="read:jira-work offline_access",
        redirect_uri="http://127.0.0.1:9/connect/jira/callback",
        code_challenge_method="S256",
        token_endpoint=f"{provider.url}/token",
    )


def back_from(provider: OAuthProvider, asking: OAuth2Client) -> str:
    url, _ = asking.create_authorization_url(f"{provider.url}/authorize", code_verifier=VERIFIER)
    return httpx2.get(url).headers["location"]


def test_a_code_and_a_refresh_token_are_good_once(oauth_provider: OAuthProvider) -> None:
    oauth_provider.lasting(60)
    with client(oauth_provider) as asking:
        back = back_from(oauth_provider, asking)
        first = asking.fetch_token(authorization_response=back, code_verifier=VERIFIER)
        assert (first["scope"], first["expires_in"]) == ("read:jira-work offline_access", 60)
        with pytest.raises(OAuthError):
            asking.fetch_token(authorization_response=back, code_verifier=VERIFIER)
        second = asking.refresh_token(refresh_token=first["refresh_token"])
        assert second["access_token"] != first["access_token"]
        with pytest.raises(OAuthError, match="invalid_grant"):
            asking.refresh_token(refresh_token=first["refresh_token"])
        assert asking.refresh_token(refresh_token=second["refresh_token"])["scope"] == first["scope"]


def test_another_verifier_is_refused(oauth_provider: OAuthProvider) -> None:
    with client(oauth_provider) as asking:
        back = back_from(oauth_provider, asking)
        with pytest.raises(OAuthError):
            asking.fetch_token(authorization_response=back, code_verifier="w" * 50)


def test_a_person_may_say_no(oauth_provider: OAuthProvider) -> None:
    oauth_provider.deny()
    with client(oauth_provider) as asking:
        said = parse_qs(urlsplit(back_from(oauth_provider, asking)).query)
    assert said["error"] == ["access_denied"]
    assert "code" not in said


def test_who_signed_in_is_told(oauth_provider: OAuthProvider) -> None:
    oauth_provider.person(sub="UANA", email="ana@example.com")
    assert httpx2.get(f"{oauth_provider.url}/userinfo").json()["email"] == "ana@example.com"
