"""Linear: issues, projects, cycles and labels of the teams that were granted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sdk import Blank, Checked, Endpoint, Form, Item, OAuth, Per, Plugin, actions_in
from plugins.linear import changes, comments, documents, issues, planning
from plugins.linear.client import Linear, linear

MOST_ITEMS = 100


def check(client: Linear) -> Checked:
    """Whose key it is, and in which workspace."""
    found = client.ask(documents.VIEWER)
    account = f"{found['viewer']['name']} ({found['organization']['name']})"
    return Checked(account=account, can=("read teams, issues, projects and cycles",))


def discover(client: Linear, search: str) -> Sequence[Item]:
    """Teams by key."""
    wanted = search.strip().lower()
    teams = [one for one in client.every(documents.TEAMS) if wanted in f"{one['key']} {one['name']}".lower()]
    return [Item(id=one["key"], title=one["name"]) for one in teams[:MOST_ITEMS]]


def _sign_in(way: str, title: str, per: Per, actor: str) -> OAuth:
    return OAuth(
        way=way,
        title=title,
        per=(per,),
        authorize="{web}/oauth/authorize",
        token="{api}/oauth/token",
        revoke="{api}/oauth/revoke",
        read=("read",),
        write=("read", "write"),
        separator=",",
        params={"actor": actor, "prompt": "consent"},
    )


plugin = Plugin(
    name="linear",
    title="Linear",
    version="1.0.0",
    description="Find, read, open and change issues; projects and cycles; project updates.",
    icon=":straight_ruler:",
    scope_kind="teams",
    ways=(
        _sign_in("oauth", "Sign in with Linear", Per.PERSON, "user"),
        _sign_in("app", "Connect the workspace as an app", Per.TEAM, "app"),
        Form(
            way="token",
            title="Personal API key",
            per=(Per.PERSON, Per.TEAM),
            blanks=(Blank(name="token", label="API key", hint="lin_api_…", is_secret=True),),
            where="In Linear: Settings → Security & access → Personal API keys.",
        ),
    ),
    endpoints=(
        Endpoint(name="api", url="https://api.linear.app"),
        Endpoint(name="web", url="https://linear.app"),
    ),
    client=linear,
    check=check,
    discover=discover,
    actions=actions_in(issues, changes, comments, planning),
)
