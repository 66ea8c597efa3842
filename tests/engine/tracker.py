"""A small plugin with every kind of effect, for tests of what people choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.sdk import (
    EVERYWHERE,
    Action,
    Blank,
    Checked,
    Connection,
    Context,
    Effect,
    Endpoint,
    Form,
    Item,
    OAuth,
    Per,
    Plugin,
    Result,
    SignInNeeded,
    action,
)

ITEMS = ("acme/payments", "acme/frontend", "other/secret")


@action(effect=Effect.READ, items=EVERYWHERE, preview=lambda context: "List the issues", example={})
def list_issues(context: Context) -> Result:
    """List the open issues."""
    return Result(text="none")


@action(effect=Effect.READ, items=EVERYWHERE, preview=lambda context: "List the labels", example={})
def list_labels(context: Context) -> Result:
    """List the labels of a repository."""
    return Result(text="none")


@action(effect=Effect.CREATE, items=EVERYWHERE, preview=lambda context: "Open an issue", example={})
def create_issue(context: Context) -> Result:
    """Open an issue in a repository."""
    return Result(text="opened")


@action(effect=Effect.CHANGE, items=EVERYWHERE, preview=lambda context: "Edit an issue", example={})
def edit_issue(context: Context) -> Result:
    """Change the title, text or state of an issue."""
    return Result(text="edited")


@action(effect=Effect.DELETE, items=EVERYWHERE, preview=lambda context: "Delete a label", example={})
def delete_label(context: Context) -> Result:
    """Delete a label of a repository."""
    return Result(text="deleted")


@action(effect=Effect.SEND, items=EVERYWHERE, preview=lambda context: "Invite somebody", example={})
def invite_person(context: Context) -> Result:
    """Invite somebody to a repository."""
    return Result(text="invited")


def check(client: Connection) -> Checked:
    if client.secrets["token"] == "wrong":
        raise SignInNeeded("Tracker does not know this token.")
    return Checked(account="octocat", can=("read issues",))


def discover(client: Connection, search: str) -> Sequence[Item]:
    return [Item(id=name, about="private") for name in ITEMS if search in name]


ACTIONS: tuple[Action, ...] = (
    list_issues,
    list_labels,
    create_issue,
    edit_issue,
    delete_label,
    invite_person,
)

TRACKER = Plugin(
    name="tracker",
    title="Tracker",
    version="1.0.0",
    description="Issues of a team.",
    icon=":ticket:",
    scope_kind="repositories",
    ways=(
        Form(
            way="token",
            title="Access token",
            per=(Per.PERSON, Per.TEAM),
            blanks=(Blank(name="token", label="Token", is_secret=True),),
            where="Make one under Settings → Tokens.",
        ),
        OAuth(
            title="Sign in with Tracker",
            per=(Per.PERSON,),
            authorize="{api}/authorize",
            token="{api}/token",
            read=("read",),
            write=("write",),
        ),
    ),
    endpoints=(Endpoint(name="api", url="https://tracker.example"),),
    client=lambda connection: connection,
    check=check,
    discover=discover,
    actions=ACTIONS[:-1],
)
UPGRADED = replace(TRACKER, version="1.1.0", actions=ACTIONS)
"""The next release, which can also invite people."""
