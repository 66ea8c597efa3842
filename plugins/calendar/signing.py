"""A team's service account at Google: its key signs for a token of an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.sdk import Connection, Minted, SignInNeeded, Unavailable, service_account
from plugins.calendar.googlecal import SERVICE, parsed
from plugins.calendar.once import Line

SCOPES = (
    "https://www.googleapis.com/auth/calendar.readonly",
    "https://www.googleapis.com/auth/calendar.events",
)


def token_of(connection: Connection, now: datetime) -> Minted:
    """Raises `ToolError` for what is no key, `SignInNeeded` for a key that Google does not take (any more)."""
    secrets, line = connection.secrets, Line(service=SERVICE)
    signed = service_account.assertion(
        secrets.get("key", ""), scopes=SCOPES, now=now, subject=secrets.get("subject", "")
    )
    sent = {"grant_type": service_account.GRANT, "assertion": signed}
    answer = line.ask("POST", f"{connection.endpoints['oauth']}/token", data=sent)
    given = parsed(answer.content)
    if answer.status in (400, 401, 403):
        said = given.get("error_description") or given.get("error") or answer.status
        raise SignInNeeded(f"Google refused the service account's key: {said}")
    if not answer.is_good:
        raise line.refused(answer)
    if not given.get("access_token"):
        raise Unavailable("Google gave no token.", service=SERVICE)
    until = now + timedelta(seconds=int(given.get("expires_in", 3600)))
    return Minted(token=str(given["access_token"]), until=until)
