"""Messages: direct ones are goals, replies in a task's thread steer it; edits and deletions are noticed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt import App

from bot.engine.editing import Edit
from bot.errors import NotAllowed
from bot.slack import conversation, parse
from bot.slack.desk import Desk
from bot.slack.parse import Edited
from bot.slack.views import offers, texts


def register(app: App, desk: Desk) -> None:
    app.event("message")(partial(heard, desk))


def heard(desk: Desk, body: dict[str, Any]) -> None:
    said = parse.message(body, bot_user=desk.identity.bot_user)
    if said is not None:
        conversation.hear(desk, said)
        return
    edited = parse.edited(body, bot_user=desk.identity.bot_user)
    if edited is not None:
        _edited(desk, edited)
    _deleted(desk, body)


def _edited(desk: Desk, edited: Edited) -> None:
    """The goal that was begun with stands; its author is asked whether to begin again."""
    said = edited.said
    person = desk.people.person(said.team, said.user)
    try:
        task = desk.intake.edited(person, _edit(edited))
    except NotAllowed as refusal:
        desk.whispers.say(person, said.place, texts.refused(str(refusal)))
    else:
        if task is not None:
            desk.whispers.say(person, said.place, offers.begin_again(task, desk.veil.masked(said.words)))
            desk.tell_hidden(person, said.place, said.words)


def _edit(edited: Edited) -> Edit:
    said = edited.said
    may_be_goal = said.is_mention or (said.is_direct and not said.is_reply)
    return Edit(
        key=said.key,
        version=edited.version,
        words=said.words,
        place=replace(said.place, thread=said.ts) if may_be_goal else None,
        sent_at=parse.moment(said.ts) if may_be_goal else None,
    )


def _deleted(desk: Desk, body: dict[str, Any]) -> None:
    place = parse.deleted(body)
    if place is not None:
        desk.reach.deleted(place)
