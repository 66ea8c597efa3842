"""Calendars: Google's, and those of any server that speaks CalDAV."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sdk import Blank, Checked, Endpoint, Form, Item, OAuth, Per, Plugin, actions_in
from plugins.calendar import availability, cancelling, changing, inviting, making, places, reading, signing
from plugins.calendar.account import Account
from plugins.calendar.client import CALDAV, account

MOST_ITEMS = 100
_SCOPE = "https://www.googleapis.com/auth/"


def check(client: Account) -> Checked:
    """Whose account it is, and that its calendars can be read."""
    return client.checked()


def discover(client: Account, search: str) -> Sequence[Item]:
    """The calendars on the account's list, its own first."""
    wanted = search.strip().casefold()
    found = [one for one in client.calendars() if wanted in f"{one.title} {one.id}".casefold()]
    found.sort(key=lambda one: (not one.is_first, one.title.casefold(), one.id))
    return [
        Item(id=one.id, title=one.title, about="" if one.can_write else "read only")
        for one in found[:MOST_ITEMS]
    ]


_GOOGLE = OAuth(
    title="Sign in with Google",
    per=(Per.PERSON,),
    authorize="{accounts}/o/oauth2/v2/auth",
    token="{oauth}/token",
    revoke="{oauth}/revoke",
    read=(f"{_SCOPE}calendar.readonly",),
    write=places.WRITE,
    params={"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"},
)

_SERVICE_ACCOUNT = Form(
    way="service_account",
    title="Use a service account of Google",
    per=(Per.TEAM,),
    blanks=(
        Blank(
            name="key",
            label="JSON key",
            hint='{"type": "service_account", …}',
            is_secret=True,
            is_long=True,
        ),
        Blank(
            name="subject",
            label="Act as (only with domain-wide delegation)",
            hint="someone@example.com",
            is_optional=True,
        ),
    ),
    where="Google Cloud console → IAM → Service accounts → Keys → Add key → JSON. To invite people it must act as "
    "somebody.",
    mint=signing.token_of,
)

_CALDAV = Form(
    way=CALDAV,
    title="Use a CalDAV server",
    per=(Per.PERSON, Per.TEAM),
    blanks=(
        Blank(name="url", label="Address", hint="https://caldav.example.com"),
        Blank(name="user", label="User name"),
        Blank(name="password", label="App password", is_secret=True),
        Blank(
            name="email",
            label="E-mail address that invitations come to",
            hint="you@example.com",
            is_optional=True,
        ),
    ),
    where="The help of the provider names the address for CalDAV. Make an app password in its security settings: "
    "your own password is not for this.",
)

plugin = Plugin(
    name="calendar",
    title="Calendar",
    version="1.0.0",
    description="See events and free times, find a slot for several people, plan, move and cancel events, invite.",
    icon=":calendar:",
    scope_kind="calendars",
    ways=(_GOOGLE, _SERVICE_ACCOUNT, _CALDAV),
    endpoints=(
        Endpoint(name="api", url="https://www.googleapis.com"),
        Endpoint(name="accounts", url="https://accounts.google.com"),
        Endpoint(name="oauth", url="https://oauth2.googleapis.com"),
        Endpoint(name="caldav", url=""),  # any server, unless the operator names the one
    ),
    client=account,
    check=check,
    discover=discover,
    actions=actions_in(reading, availability, making, inviting, changing, cancelling),
)
