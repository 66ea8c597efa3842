"""Taking a task over or not; taking somebody's words up or leaving them."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.domain.remark import RemarkState
from bot.engine.hearing import Heard
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.views import crew, texts


def register(app: App, desk: Desk) -> None:
    app.action(crew.CREW_ACCEPT)(partial(accepted, desk))
    app.action(crew.CREW_DECLINE)(partial(declined, desk))
    app.action(crew.REMARK_TAKE)(partial(answered, desk, RemarkState.TAKEN))
    app.action(crew.REMARK_LEAVE)(partial(answered, desk, RemarkState.LEFT))


def accepted(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        desk.crewing.accept(click.person, int(click.value), desk.facts(click.person))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        desk.whisper(click, texts.said(crew.ACCEPTED))
    ack()


def declined(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        desk.crewing.decline(click.person, int(click.value))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        desk.whisper(click, texts.said(crew.DECLINED))
    ack()


def answered(desk: Desk, state: RemarkState, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        heard = desk.crewing.answer(click.person, click.value, state)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        said = crew.LEFT if state is RemarkState.LEFT else crew.TAKEN
        desk.whisper(click, texts.said(crew.ANSWERED if heard is Heard.REPEATED else said))
    ack()
