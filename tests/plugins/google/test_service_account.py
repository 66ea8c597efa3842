"""A team's service account signs for its token: checked with the other half of its key, as Google does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey

from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk import Connection, Form, Minted, Per
from plugins.google import plugin
from tests.counterparts.oauth import OAuthProvider
from tests.counterparts.wire import Wire

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def json_of(key: rsa.RSAPrivateKey) -> str:
    """As Google Cloud hands it out."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "cowork@acme.iam.gserviceaccount.com",
            "private_key_id": "k1",
            "private_key": private.decode(),
            "token_uri": "https://evil.example/token",
        }
    )


def minted(key: str, url: str, subject: str = "") -> Minted:
    way = plugin.way("service_account")
    assert isinstance(way, Form) and way.mint is not None
    secrets = {"key": key, "subject": subject}
    team = Connection(plugin="google", way=way.way, per=Per.TEAM, secrets=secrets, endpoints={"oauth": url})
    return way.mint(team, NOW)


def test_what_is_signed_says_who_asks_for_what_for_an_hour(
    key: rsa.RSAPrivateKey, oauth_provider: OAuthProvider, wire_to: Callable[[str], Wire]
) -> None:
    wire = wire_to(oauth_provider.url)
    wire.refuse(200, json.dumps({"access_token": "ya29.team", "expires_in": 3599}))
    token = minted(json_of(key), wire.url, subject="ana@acme.example")
    assert token == Minted(token="ya29.team", until=NOW + timedelta(seconds=3599))
    assert wire.sent == [("POST", "/token")]
    form = parse_qs(wire.bodies[0].decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = jwt.decode(form["assertion"][0], RSAKey.import_key(public))
    assert signed.header["kid"] == "k1"
    assert signed.claims == {
        "iss": "cowork@acme.iam.gserviceaccount.com",
        "sub": "ana@acme.example",
        "scope": "https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/drive",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
    }


@pytest.mark.parametrize("typed", ["", "{}", "[]", "my-key", '{"client_email": "a", "private_key_id": "k"}'])
def test_what_is_no_key_says_where_to_get_one(typed: str) -> None:
    with pytest.raises(ToolError, match="Paste the whole file that Google Cloud made"):
        minted(typed, "http://127.0.0.1:9")


def test_a_key_that_is_broken_says_so_without_showing_it(key: rsa.RSAPrivateKey) -> None:
    broken = json.loads(json_of(key)) | {"private_key": "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n"}
    with pytest.raises(ToolError, match="cannot be read") as refused:
        minted(json.dumps(broken), "http://127.0.0.1:9")
    assert "c2VjcmV0" not in str(refused.value)


def test_a_key_that_google_does_not_take_asks_for_another_and_an_outage_does_not(
    key: rsa.RSAPrivateKey, oauth_provider: OAuthProvider, wire_to: Callable[[str], Wire]
) -> None:
    wire = wire_to(oauth_provider.url)
    wire.refuse(400, json.dumps({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}))
    with pytest.raises(SignInNeeded, match="Invalid JWT Signature"):
        minted(json_of(key), wire.url)
    wire.refuse(503)
    with pytest.raises(Unavailable):
        minted(json_of(key), wire.url)
