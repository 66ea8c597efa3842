"""A team's service account: its key signs for a token of an hour."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import requests
from google.auth import crypt, jwt

from bot.sdk import Connection, Minted, SignInNeeded, ToolError, Unavailable
from plugins.google import failures

SCOPES = ("https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/drive")
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_HOUR = timedelta(hours=1)


def token_of(connection: Connection, now: datetime) -> Minted:
    """Raises `ToolError` for what is no key, `SignInNeeded` for a key that Google does not take (any more)."""
    key = _key(connection.secrets.get("key", ""))
    address = f"{connection.endpoints['oauth']}/token"
    assertion = _signed(key, connection.secrets.get("subject", ""), now)
    with failures.translated():
        answer = requests.post(
            address,
            data={"grant_type": _GRANT, "assertion": assertion},
            timeout=30,
            allow_redirects=False,
        )
        given = _answered(answer)
    if not given.get("access_token"):
        raise Unavailable("Google gave no token.", service=failures.SERVICE)
    return Minted(
        token=given["access_token"], until=now + timedelta(seconds=int(given.get("expires_in", 3600)))
    )


def _key(typed: str) -> dict[str, str]:
    try:
        key = json.loads(typed)
        return {name: str(key[name]) for name in ("client_email", "private_key", "private_key_id")}
    except (ValueError, TypeError, KeyError):
        raise ToolError(
            "This is not the JSON key of a service account. Paste the whole file that Google Cloud made (IAM → Service "
            "accounts → Keys → Add key → JSON)."
        ) from None


def _signed(key: dict[str, str], subject: str, now: datetime) -> bytes:
    claims: dict[str, Any] = {
        "iss": key["client_email"],
        "scope": " ".join(SCOPES),
        "aud": "https://oauth2.googleapis.com/token",
        "iat": int(now.timestamp()),
        "exp": int((now + _HOUR).timestamp()),
    }
    if subject:
        claims["sub"] = subject
    try:
        signer = crypt.RSASigner.from_string(key["private_key"], key["private_key_id"])  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise ToolError(f"The private key in this JSON file cannot be read: {error}.") from error
    signed: bytes = jwt.encode(signer, claims)  # type: ignore[no-untyped-call]
    return signed


def _answered(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code in (400, 401, 403):
        given = failures.parsed(answer.content)
        said = given.get("error_description") or given.get("error") or answer.status_code
        raise SignInNeeded(f"Google refused the service account's key: {said}")
    failures.check(answer)
    return failures.parsed(answer.content)
