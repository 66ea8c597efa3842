"""A stop sign on a message of a task stops it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from slack_bolt import App

from bot.domain.task import Task
from bot.engine.early import Kept
from bot.engine.replies import STOP
from bot.errors import NotAllowed
from bot.slack import about, parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import texts
from bot.store.early import Early, Kind

STOP_SIGNS: Final = frozenset({"no_entry", "no_entry_sign", "octagonal_sign", "stop_sign"})
"""⛔ 🚫 🛑, and what some workspaces call theirs."""


def register(app: App, desk: Desk) -> None:
    app.event("reaction_added")(partial(reacted, desk))


def reacted(desk: Desk, body: dict[str, Any]) -> None:
    """On a task that is over it is an opinion; on a goal that has not come yet it waits for that."""
    event = body["event"]
    if event.get("reaction") not in STOP_SIGNS:
        return
    reaction = parse.reaction(body, desk.people)
    task = _shown(desk, reaction, is_ours=event.get("item_user") == desk.identity.bot_user)
    if task is None and event.get("item_user") == reaction.person.user:
        task = _awaited(desk, reaction)
    if task is None or task.state.is_over:
        return
    try:
        desk.stop(reaction.person, task.id, key=reaction.key)
    except NotAllowed as refusal:
        desk.whispers.say(reaction.person, task.place, texts.refused(str(refusal)))


def _shown(desk: Desk, reaction: Gesture, *, is_ours: bool) -> Task | None:
    task = desk.record.shown_by(reaction.place, reaction.value, reaction.person)
    if task is None and is_ours:
        return about.task_of(desk, reaction.place, reaction.value, reaction.person)
    return task


def _awaited(desk: Desk, reaction: Gesture) -> Task | None:
    """Their own message may be a goal that the sign has overtaken. The task, where it has come since we looked."""
    place = replace(reaction.place, thread=reaction.value)
    sign = Early(kind=Kind.SIGN, person=reaction.person, place=place, ts=reaction.ts, text=STOP)
    kept = desk.intake.await_goal(sign, key=reaction.key, sent_at=parse.moment(reaction.value))
    if kept is not Kept.BEGUN:
        return None
    return desk.intake.task_in(place, reaction.person) or desk.intake.begun_by(place)
