"""Asking somebody, in the thread of a task, to sign in to the service that it needs."""

from __future__ import annotations

from typing import Final

from slack_sdk.models.blocks import Block

from bot.domain.connected import TEAM, Connected, Wanted, slug_of
from bot.slack import escape, fit
from bot.slack.views import pieces
from bot.slack.views.message import Message

SIGN_IN: Final = "sign_in"

_GOES_ON: Final = "The task goes on by itself as soon as that is done. Nothing is lost meanwhile."


def asking(wanted: Wanted, title: str, found: Connected | None) -> Message:
    """For the thread of the task. `found` is the connection as it is now."""
    name = fit.clip(escape.mrkdwn_line(title), 80, is_mrkdwn=True)
    if found is not None and found.is_ok and found.state != wanted.seen:
        account = fit.clip(escape.mrkdwn_line(found.account), 80, is_mrkdwn=True)
        said = f"✅ {name} is connected as {account}. The task goes on."
        return fit.fit(Message(said, [pieces.section(said)]))
    head = f"🔑 {_whom(wanted)}: {_why(wanted, name, found)}"
    button = pieces.button(_label(wanted, title, found), SIGN_IN, carried(wanted), style="primary")
    blocks: list[Block] = [pieces.section(head), pieces.aside(_GOES_ON), *pieces.buttons([button])]
    return fit.fit(Message(head, blocks))


def carried(wanted: Wanted) -> str:
    """What the button says: nothing that anybody could use."""
    return ":".join((wanted.plugin, wanted.owner, "write" if wanted.writes else "read"))


def pressed(value: str) -> Wanted:
    """What the button was about."""
    plugin, owner, access = value.split(":")
    return Wanted(plugin=plugin, owner=owner, writes=access == "write")


def _whom(wanted: Wanted) -> str:
    return "An admin of this workspace" if wanted.owner == TEAM else f"<@{escape.mrkdwn_line(wanted.owner)}>"


def _why(wanted: Wanted, name: str, found: Connected | None) -> str:
    if found is None:
        return f"this needs {name}, which is not connected yet."
    if not found.is_ok:
        why = fit.clip(escape.mrkdwn_line(found.trouble), 300, is_mrkdwn=True)
        return f"{name} needs a new sign-in. {why}"
    so_far = "" if slug_of(wanted.plugin) else ": so far I may only read there"
    return f"this needs more access to {name}{so_far}."


def _label(wanted: Wanted, title: str, found: Connected | None) -> str:
    if found is None:
        return f"Connect {title}"
    return f"Allow more in {title}" if found.is_ok else f"Sign in to {title} again"
