"""A stop sign on a message of a task stops it."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from slack_bolt import App

from bot.domain.task import Task
from bot.errors import NotAllowed, Unavailable
from bot.slack import courier, parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import texts
from bot.slack.web import FAILURES

STOP_SIGNS: Final = frozenset({"no_entry", "no_entry_sign", "octagonal_sign", "stop_sign"})
"""⛔ 🚫 🛑, and what some workspaces call theirs."""


def register(app: App, desk: Desk) -> None:
    app.event("reaction_added")(partial(reacted, desk))


def reacted(desk: Desk, body: dict[str, Any]) -> None:
    """On a task that is over it is an opinion."""
    event = body["event"]
    if event.get("reaction") not in STOP_SIGNS:
        return
    reaction = parse.reaction(body, desk.people)
    task = desk.record.shown_by(reaction.place, reaction.value, reaction.person)
    if task is None and event.get("item_user") == desk.identity.bot_user:
        task = _looked_up(desk, reaction)
    if task is None or task.state.is_over:
        return
    try:
        desk.intake.stop(reaction.person, task.id, key=reaction.key)
    except NotAllowed as refusal:
        desk.whispers.say(reaction.person, task.place, texts.refused(str(refusal)))


def _looked_up(desk: Desk, reaction: Gesture) -> Task | None:
    """Of a message that we do not know by its ts, as the parts of a report, and one that was posted a moment ago."""
    channel, ts = reaction.place.channel, reaction.value
    try:
        answer = desk.web.quick.conversations_replies(
            channel=channel, ts=ts, oldest=ts, inclusive=True, limit=15, include_all_metadata=True
        )
    except FAILURES as error:
        raise Unavailable("Slack did not say which thread a stop sign is in") from error
    listed: list[dict[str, Any]] = answer.get("messages") or []
    found = next((one for one in listed if one.get("ts") == ts), {})
    key = courier.key_of(found).partition("#")[0]
    return desk.record.shown_by(reaction.place, found.get("thread_ts") or ts, reaction.person, key=key)
