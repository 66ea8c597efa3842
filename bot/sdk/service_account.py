"""A service account's key file signs for a token: the JWT bearer grant (RFC 7523), as Google's services take it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from google.auth import crypt, jwt

from bot.errors import ToolError

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCE = "https://oauth2.googleapis.com/token"
_HOUR = timedelta(hours=1)


def assertion(key_file: str, *, scopes: Sequence[str], now: datetime, subject: str = "") -> str:
    """What the token endpoint takes with `GRANT`, for an hour; `subject` is whom it acts as (domain-wide delegation).

    Raises `ToolError` for what is no such key.
    """
    key = _key(key_file)
    claims: dict[str, Any] = {
        "iss": key["client_email"],
        "scope": " ".join(scopes),
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + _HOUR).timestamp()),
    }
    claims |= {"sub": subject} if subject else {}
    try:
        signer = crypt.RSASigner.from_string(key["private_key"], key["private_key_id"])  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise ToolError(f"The private key in this JSON file cannot be read: {error}.") from error
    signed: bytes = jwt.encode(signer, claims)  # type: ignore[no-untyped-call]
    return signed.decode()


def _key(typed: str) -> dict[str, str]:
    try:
        key = json.loads(typed)
        return {name: str(key[name]) for name in ("client_email", "private_key", "private_key_id")}
    except (ValueError, TypeError, KeyError):
        raise ToolError(
            "This is not the JSON key of a service account. Paste the whole file that Google Cloud made (IAM → Service "
            "accounts → Keys → Add key → JSON)."
        ) from None
