"""Notion: pages as Markdown and the rows of databases, as far as people shared them with the connection."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sdk import Blank, Checked, Endpoint, Form, Item, OAuth, Per, Plugin, actions_in
from plugins.notion import pages, rows, values, writing
from plugins.notion.client import Notion

MOST_ITEMS = 100


def check(client: Notion) -> Checked:
    """Which connection it is, and of which workspace."""
    found = client.me()
    workspace = (found.get("bot") or {}).get("workspace_name")
    account = f"{found.get('name') or 'Notion'}{f' in {workspace}' if workspace else ''}"
    return Checked(account=account, can=("read the pages and databases that were shared with it",))


def discover(client: Notion, search: str) -> Sequence[Item]:
    """Pages and databases by title; what is granted covers all that lies in it."""
    found = client.search(query=search, page_size=MOST_ITEMS)["results"]
    return [
        Item(
            id=one["id"],
            title=values.title_of(one),
            about="database" if one["object"] == "data_source" else "page and all below it",
        )
        for one in found
        if "url" in one
    ]


plugin = Plugin(
    name="notion",
    title="Notion",
    version="1.0.0",
    description="Find, read, make and change pages and database rows; comment.",
    icon=":notebook:",
    scope_kind="pages and databases",
    ways=(
        OAuth(
            title="Sign in with Notion and pick pages",
            per=(Per.PERSON, Per.TEAM),
            authorize="{api}/v1/oauth/authorize",
            token="{api}/v1/oauth/token",
            revoke="{api}/v1/oauth/revoke",
            params={"owner": "user"},
            client_auth="client_secret_basic",
            is_json=True,
        ),
        Form(
            way="token",
            title="Token of an internal connection",
            per=(Per.PERSON, Per.TEAM),
            blanks=(Blank(name="token", label="Token", hint="ntn_…", is_secret=True),),
            where="In Notion: Settings → Connections → Develop or manage integrations; then share pages with it.",
        ),
    ),
    endpoints=(Endpoint(name="api", url="https://api.notion.com"),),
    client=Notion,
    check=check,
    discover=discover,
    actions=actions_in(pages, writing, rows),
)
