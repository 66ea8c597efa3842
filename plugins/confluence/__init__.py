"""Confluence: pages of a team's wiki, read and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sdk import (
    Blank,
    Checked,
    Endpoint,
    Form,
    Item,
    OAuth,
    Per,
    Plugin,
    SignInNeeded,
    actions_in,
)
from bot.sdk.query import quoted
from plugins.confluence import adding, creating, moving, reading, updating
from plugins.confluence.client import Confluence, v1, v2
from plugins.confluence.page import searched, space_of

_READ = (
    "offline_access",
    "search:confluence",
    "read:page:confluence",
    "read:space:confluence",
    "read:comment:confluence",
    "read:attachment:confluence",
    "read:user:confluence",
    "read:content-details:confluence",
)
_WRITE = (
    "write:page:confluence",
    "delete:page:confluence",
    "write:comment:confluence",
    "delete:comment:confluence",
    "write:attachment:confluence",
    "delete:attachment:confluence",
)


def check(client: Confluence) -> Checked:
    """Whose account it is, and at which site."""
    me = _myself(client)
    return Checked(
        account=f"{me.get('displayName') or me.get('accountId')} at {client.site.partition('//')[2]}",
        can=("read the pages, comments and files that this account may see", *client.granted_writes()),
        facts=client.facts(),
    )


def _myself(client: Confluence) -> dict[str, Any]:
    """At the site, or where that refuses the token by the gateway: it may be one with scopes."""
    try:
        found: dict[str, Any] = client.get(v1("user", "current"))
    except SignInNeeded:
        if not client.through_gateway():
            raise
        found = client.get(v1("user", "current"))
    return found


def discover(client: Confluence, search: str) -> Sequence[Item]:
    """The spaces that a scope can name: those whose name begins so, or all that belong to nobody alone."""
    if search:
        cql = f"type = space AND space.title ~ {quoted(search + '*')}"
        found = [one.get("space") or {} for one in searched(client, cql, limit=100).get("results") or ()]
    else:
        given = client.get(v2("spaces"), type="global", status="current", sort="name", limit=100)
        found = given.get("results") or []
    return [Item(id=one.key, title=one.name) for one in map(space_of, found) if one.key]


plugin = Plugin(
    name="confluence",
    title="Confluence",
    version="1.0.0",
    description="Pages of the team's wiki: search, read, write, update, move, comment, attach files.",
    icon=":books:",
    scope_kind="spaces",
    ways=(
        OAuth(
            title="Sign in with Atlassian",
            per=(Per.PERSON, Per.TEAM),
            authorize="{auth}/authorize",
            token="{auth}/oauth/token",
            read=_READ,
            write=_WRITE,
            params={"audience": "api.atlassian.com", "prompt": "consent"},
        ),
        Form(
            way="token",
            title="API token",
            per=(Per.PERSON, Per.TEAM),
            blanks=(
                Blank(name="site", label="Site", hint="https://acme.atlassian.net"),
                Blank(name="email", label="E-mail address of the account"),
                Blank(name="token", label="API token", is_secret=True),
            ),
            where="Make one at https://id.atlassian.com/manage-profile/security/api-tokens.",
        ),
    ),
    endpoints=(
        Endpoint(name="api", url="https://api.atlassian.com"),
        Endpoint(name="auth", url="https://auth.atlassian.com"),
        Endpoint(name="site", url="https://atlassian.net"),
    ),
    client=Confluence,
    check=check,
    discover=discover,
    actions=actions_in(reading, creating, updating, moving, adding),
)
