"""Slack as a service to read and to post in, with a connection of its own: not the bot that people talk to."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sdk import Blank, Checked, Endpoint, Form, Item, OAuth, Per, Plugin, actions_in
from plugins.slack import canvases, files, gestures, posting, reading
from plugins.slack.client import Slack
from plugins.slack.places import is_private

MOST_ITEMS = 100
_READ = (
    "channels:read",
    "channels:history",
    "groups:read",
    "groups:history",
    "users:read",
    "users:read.email",
    "files:read",
)
_WRITE = ("chat:write", "files:write", "reactions:read", "reactions:write", "canvases:write", "canvases:read")
_CAN = {
    "channels:history": "read public channels",
    "groups:history": "read private channels that it is in",
    "search:read": "search messages",
    "files:read": "read files",
    "chat:write": "post messages",
    "files:write": "upload files",
}


def check(client: Slack) -> Checked:
    """Who it is, where, and what the token may."""
    answer = client.asked(client.web.auth_test)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    scopes = {one.strip() for one in str(headers.get("x-oauth-scopes", "")).split(",")}
    return Checked(
        account=f"{answer['user']} in {answer['team']}",
        can=tuple(words for scope, words in _CAN.items() if scope in scopes) or ("read what it was given",),
        facts={"url": str(answer["url"])},
    )


def discover(client: Slack, search: str) -> Sequence[Item]:
    """Channels by name, those with most members first."""
    wanted = search.strip().removeprefix("#").lower()
    found = [one for one in client.directory.values() if wanted in one["name"] and not one.get("is_archived")]
    found.sort(key=lambda one: (-int(one.get("num_members") or 0), one["name"]))
    return [
        Item(id=one["id"], title=f"#{one['name']}", about="private" if is_private(one) else "")
        for one in found[:MOST_ITEMS]
    ]


plugin = Plugin(
    name="slack",
    title="Slack",
    version="1.0.0",
    description="Read channels, threads, files and canvases, search; post, reply, schedule, react, upload.",
    icon=":speech_balloon:",
    scope_kind="channels",
    ways=(
        OAuth(
            title="Install an app in the workspace",
            per=(Per.TEAM,),
            authorize="{web}/oauth/v2/authorize",
            token="{api}/oauth.v2.access",
            read=_READ,
            write=(*_READ, *_WRITE, "channels:manage", "groups:write", "im:write"),
            separator=",",
        ),
        OAuth(
            way="person",
            title="Sign in with Slack as yourself",
            per=(Per.PERSON,),
            authorize="{web}/oauth/v2_user/authorize",
            token="{api}/oauth.v2.user.access",
            read=(*_READ, "search:read", "im:history", "mpim:history"),
            write=(
                *_READ,
                "search:read",
                "im:history",
                "mpim:history",
                *_WRITE,
                "channels:write",
                "groups:write",
                "im:write",
            ),
            separator=",",
        ),
        Form(
            way="token",
            title="Token of a Slack app",
            per=(Per.PERSON, Per.TEAM),
            blanks=(
                Blank(name="token", label="Bot or user token", hint="xoxb-… or xoxp-…", is_secret=True),
                Blank(
                    name="user_token",
                    label="User token, to search",
                    hint="xoxp-…",
                    is_secret=True,
                    is_optional=True,
                ),
            ),
            where="At api.slack.com/apps: your app → OAuth & Permissions. Only people's tokens may search.",
        ),
    ),
    endpoints=(
        Endpoint(name="api", url="https://slack.com/api"),
        Endpoint(name="web", url="https://slack.com"),
    ),
    client=Slack,
    check=check,
    discover=discover,
    actions=actions_in(reading, files, canvases, posting, gestures),
)
