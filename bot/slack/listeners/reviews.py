"""The review of a connector: what is new or changed is accepted, one by one or all that a page shows."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import connector_review, connectors, pieces


def register(app: App, desk: Desk) -> None:
    app.action(connectors.REVIEW)(partial(opened, desk))
    app.action(pieces.any_number(connector_review.PAGE))(partial(paged, desk))
    app.action(connector_review.ACCEPT)(partial(accepted, desk))
    app.action(connector_review.ACCEPT_ALL)(partial(accepted, desk))


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.servers.review(click.person, click.value))
    ack()


def paged(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    page = pieces.number_of(click.action_id)
    desk.modals.turn(click.view_id, lambda: desk.servers.review(click.person, click.value, page))
    ack()


def accepted(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.modals.turn(click.view_id, lambda: _accepted(desk, click))
    ack()


def _accepted(desk: Desk, click: Gesture) -> View:
    view = desk.servers.accept(click.person, click.value)
    desk.publish_home(click.person)
    return view
