"""Jira: issues, boards and sprints of a team, read and written."""

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
from plugins.jira import boards, creating, editing, hours, progress, reading, talking
from plugins.jira.client import Jira, core
from plugins.jira.reading import all_projects

_READ = (
    "offline_access",
    "read:jira-work",
    "read:jira-user",
    "read:board-scope:jira-software",
    "read:sprint:jira-software",
    "read:issue:jira-software",
    "read:project:jira",
    "read:issue-details:jira",
    "read:jql:jira",
)
_WRITE = ("write:jira-work", "write:sprint:jira-software", "write:board-scope:jira-software")


def check(client: Jira) -> Checked:
    """Whose account it is, and at which site."""
    me = _myself(client)
    site = client.site
    return Checked(
        account=f"{me.get('displayName') or me['accountId']} at {site.partition('//')[2]}",
        can=("read the issues, boards and sprints that this account may see", *client.granted_writes()),
        facts=client.facts(),
    )


def _myself(client: Jira) -> dict[str, Any]:
    """At the site, or where that refuses the token by the gateway: it may be one with scopes."""
    try:
        found: dict[str, Any] = client.get(core("myself"))
    except SignInNeeded:
        if not client.through_gateway():
            raise
        found = client.get(core("myself"))
    return found


def discover(client: Jira, search: str) -> Sequence[Item]:
    """The projects that a scope can name, those changed last first."""
    found = all_projects(client, search, order="-lastIssueUpdatedDate")
    return [Item(id=key, title=name) for _, (key, name) in zip(range(100), found, strict=False)]


plugin = Plugin(
    name="jira",
    title="Jira",
    version="1.0.0",
    description="Issues, boards and sprints: search, read, create, change, move on, comment, log time.",
    icon=":jigsaw:",
    scope_kind="projects",
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
    client=Jira,
    check=check,
    discover=discover,
    actions=actions_in(reading, boards, creating, editing, progress, talking, hours),
)
