"""Messages: direct ones are goals, replies in a task's thread steer it; edits and deletions are noticed."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import App

from bot.slack import conversation, parse
from bot.slack.desk import Desk
from bot.slack.parse import Said
from bot.slack.views import texts


def register(app: App, desk: Desk) -> None:
    app.event("message")(partial(heard, desk))


def heard(desk: Desk, body: dict[str, Any]) -> None:
    said = parse.message(body, bot_user=desk.identity.bot_user)
    if said is not None:
        conversation.hear(desk, said)
        return
    edited = parse.edited(body)
    if edited is not None:
        _edited(desk, edited)
    _deleted(desk, body)


def _edited(desk: Desk, edited: Said) -> None:
    """The goal that was begun with stands; its author is told how to change it."""
    task = desk.intake.task_in(edited.place)
    if task is None or task.place.thread != edited.ts or task.person.user != edited.user:
        return
    desk.whispers.say(task.person, task.place, texts.said(texts.GOAL_EDITED))


def _deleted(desk: Desk, body: dict[str, Any]) -> None:
    place = parse.deleted(body)
    task = None if place is None else desk.intake.task_in(place)
    if task is not None:
        desk.reach.deleted(task)
