"""Which task a message is about that we do not know by its ts: Slack is asked what it is."""

from __future__ import annotations

from typing import Any

from bot.domain.person import Person, Place
from bot.domain.task import Task
from bot.errors import Unavailable
from bot.slack import courier
from bot.slack.desk import Desk
from bot.slack.web import FAILURES


def task_of(desk: Desk, place: Place, ts: str, person: Person) -> Task | None:
    """Of a message of ours in this channel: one that was posted a moment ago, or a part of a report.

    Raises `Unavailable`, so that what somebody did to it is delivered again.
    """
    try:
        answer = desk.web.quick.conversations_replies(
            channel=place.channel, ts=ts, oldest=ts, inclusive=True, limit=15, include_all_metadata=True
        )
    except FAILURES as error:
        raise Unavailable("Slack did not say what a message is about", service="Slack") from error
    listed: list[dict[str, Any]] = answer.get("messages") or []
    found = next((one for one in listed if one.get("ts") == ts), {})
    key = courier.key_of(found).partition("#")[0]
    return desk.record.shown_by(place, found.get("thread_ts") or ts, person, key=key)
