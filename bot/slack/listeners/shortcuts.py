"""Shortcuts: hand a message over, or begin a new task from anywhere."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.listeners import forms

HAND_TO_COWORK = "hand_to_cowork"
NEW_TASK = "new_task"


def register(app: App, desk: Desk) -> None:
    app.message_shortcut(HAND_TO_COWORK)(partial(handed, desk))
    app.global_shortcut(NEW_TASK)(partial(begun, desk))


def handed(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """The message becomes the goal once its reader has read and sent the form: then the words are their own."""
    asked = parse.shortcut(body, desk.people)
    desk.open_form(asked, where=forms.where(asked.place), goal=asked.words)
    ack()


def begun(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    desk.open_form(parse.shortcut(body, desk.people))
    ack()
