"""News of the workspace itself: taken into a channel, uninstalled, and what the manifest subscribes to for later."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from slack_bolt import App

from bot.slack import parse
from bot.slack.desk import Desk

IGNORED = ("app_context_changed", "agent_session_title_changed", "file_shared")

logger = logging.getLogger(__name__)


def register(app: App, desk: Desk) -> None:
    app.event("member_joined_channel")(partial(joined, desk))
    for event in ("app_uninstalled", "tokens_revoked"):
        app.event(event)(partial(removed, event))
    for event in IGNORED:
        app.event(event)(ignored)


def joined(desk: Desk, body: dict[str, Any]) -> None:
    """Where we are let in, tasks that could not be shown are shown now."""
    event = parse.happened(body, desk.people)
    if event.person.user == desk.identity.bot_user:
        desk.reach.opened(event.place)


def removed(event: str) -> None:
    logger.error("Slack took our rights away (%s): install the app again", event)


def ignored() -> None:
    """Acknowledged, so that Slack does not send it again."""
