"""Slack's own Stop button on a thread where we work."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import App

from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk


def register(app: App, desk: Desk) -> None:
    app.event("agent_session_stopped")(partial(stopped, desk))


def stopped(desk: Desk, body: dict[str, Any]) -> None:
    event = parse.happened(body, desk.people)
    task = desk.intake.task_in(event.place, event.person)
    if task is None:
        return
    try:
        desk.stop(event.person, task.id, key=event.key)
    except NotAllowed as refusal:
        desk.refuse(event, refusal)
