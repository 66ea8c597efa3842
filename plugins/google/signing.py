"""A team's service account: its key signs for a token of an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import requests

from bot.sdk import Connection, Minted, SignInNeeded, Unavailable, service_account
from plugins.google import failures

SCOPES = ("https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/drive")


def token_of(connection: Connection, now: datetime) -> Minted:
    """Raises `ToolError` for what is no key, `SignInNeeded` for a key that Google does not take (any more)."""
    secrets = connection.secrets
    signed = service_account.assertion(
        secrets.get("key", ""), scopes=SCOPES, now=now, subject=secrets.get("subject", "")
    )
    with failures.translated():
        answer = requests.post(
            f"{connection.endpoints['oauth']}/token",
            data={"grant_type": service_account.GRANT, "assertion": signed},
            timeout=30,
            allow_redirects=False,
        )
        given = _answered(answer)
    if not given.get("access_token"):
        raise Unavailable("Google gave no token.", service=failures.SERVICE)
    return Minted(
        token=given["access_token"], until=now + timedelta(seconds=int(given.get("expires_in", 3600)))
    )


def _answered(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code in (400, 401, 403):
        given = failures.parsed(answer.content)
        said = given.get("error_description") or given.get("error") or answer.status_code
        raise SignInNeeded(f"Google refused the service account's key: {said}")
    failures.check(answer)
    return failures.parsed(answer.content)
