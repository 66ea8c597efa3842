"""The buttons by which a requester lets others see what only they were shown."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.engine import sharing
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import apart, pieces, texts

POSTED = "I post it there now."
POSTED_BEFORE = "You had me post this before."


def register(app: App, desk: Desk) -> None:
    app.action(pieces.any_number(apart.TASK_SHARE))(partial(shared, desk))
    app.action(apart.APPROVAL_SHARE)(partial(asked, desk))


def shared(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    _share(desk, click, int(click.value), sharing.of_round(pieces.number_of(click.action_id)))
    ack()


def asked(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    approval = desk.record.approval(click.value)
    if approval is None:
        desk.whisper(click, texts.said(texts.NO_SUCH_APPROVAL))
    else:
        _share(desk, click, approval.task_id, sharing.of_approval(approval.id))
    ack()


def _share(desk: Desk, click: Gesture, task_id: int, ref: str) -> None:
    try:
        is_new = desk.sharing.share(click.person, task_id, ref)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        desk.whisper(click, texts.said(POSTED if is_new else POSTED_BEFORE))
