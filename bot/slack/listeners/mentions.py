"""`@cowork …` in a channel or a thread: a goal with the thread as context, or words for the thread's task."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import App

from bot.slack import conversation, parse
from bot.slack.desk import Desk


def register(app: App, desk: Desk) -> None:
    app.event("app_mention")(partial(mentioned, desk))


def mentioned(desk: Desk, body: dict[str, Any]) -> None:
    said = parse.mention(body, bot_user=desk.identity.bot_user)
    if said is not None:
        conversation.hear(desk, said)
