"""Connect and Disconnect: the ways there are, the form, and the end of a connection."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import accounts, connect, texts
from bot.slack.views.plugins import addressed


def register(app: App, desk: Desk) -> None:
    app.action(accounts.CONNECT)(partial(opened, desk))
    app.action(connect.WAY)(partial(chosen, desk))
    app.action(connect.PAGE)(left)
    app.view(connect.FORM)(partial(filled, desk))
    app.action(accounts.DISCONNECT)(partial(disconnected, desk))


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.plugins.roads(click.person, click.value))
    ack()


def chosen(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.modals.turn(click.view_id, lambda: desk.plugins.road(click.person, click.value))
    ack()


def left(ack: Ack) -> None:
    """They went to the page: Slack tells of it, and that is all."""
    ack()


def filled(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """The service is asked at once, and may take longer than Slack waits."""
    form = parse.form(body, desk.people)
    person, typed = form.gesture.person, connect.blanks(form.values)
    plugin = desk.plugins.accounts.addressed(connect.formed(form.private)[0]).plugin
    desk.modals.answer(
        ack,
        form.gesture.view_id,
        lambda: _filled(desk, person, form.private, typed),
        meanwhile=connect.trying(plugin),
    )


def disconnected(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    ack()
    desk.errands.run(lambda: _disconnect(desk, click))


def _filled(desk: Desk, person: Person, carried: str, typed: dict[str, str]) -> View:
    view = desk.plugins.filled(person, carried, typed)
    desk.publish_home(person)
    return view


def _disconnect(desk: Desk, click: Gesture) -> None:
    try:
        desk.whisper(click, texts.said(desk.plugins.disconnect(click.person, *addressed(click.value))))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    desk.publish_home(click.person)
