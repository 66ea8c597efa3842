"""Plugins on the Home tab: install, enable, disable, uninstall; and the way to their settings."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.errors import NotAllowed
from bot.sdk.connect import Per
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import loading, permissions, plugins, setup
from bot.slack.views.plugins import addressed

UNINSTALLED = "It is uninstalled. Everybody's choices for it are forgotten, and its connections are ended."


def register(app: App, desk: Desk) -> None:
    app.action(setup.BEGUN)(partial(begun, desk))
    app.action(plugins.INSTALL)(partial(installed, desk))
    app.action(plugins.ENABLE)(partial(switched, desk))
    app.action(plugins.DISABLE)(partial(switched, desk))
    app.action(plugins.SETTINGS)(partial(opened, desk))
    app.action(permissions.ACCEPT)(partial(accepted, desk))
    app.action(permissions.UNINSTALL)(partial(uninstalled, desk))


def begun(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.plugins.welcome.begin(click.person)
    desk.publish_home(click.person)
    ack()


def installed(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """Its settings open at once: what it may do is chosen there."""
    click = parse.click(body, desk.people)
    try:
        desk.plugins.plugging.install(click.person, click.value, desk.facts(click.person))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        desk.show_view(click, lambda: desk.plugins.settings(click.person, f"{click.value}-{Per.TEAM}"))
        desk.publish_home(click.person)
    ack()


def switched(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    name, per = addressed(click.value)
    plugging = desk.plugins.plugging
    turn = plugging.enable if click.action_id == plugins.ENABLE else plugging.disable
    try:
        turn(click.person, name, desk.facts(click.person), per)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    desk.publish_home(click.person)
    ack()


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.plugins.settings(click.person, click.value))
    ack()


def accepted(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        desk.plugins.plugging.accept(click.person, addressed(click.value)[0], desk.facts(click.person))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    desk.modals.turn(click.view_id, lambda: desk.plugins.settings(click.person, click.value))
    desk.publish_home(click.person)
    ack()


def uninstalled(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """When this is acknowledged: to end a connection asks the service."""
    click = parse.click(body, desk.people)
    desk.modals.turn(click.view_id, lambda: _uninstalled(desk, click))
    ack()


def _uninstalled(desk: Desk, click: Gesture) -> View:
    desk.plugins.uninstall(click.person, addressed(click.value)[0], desk.facts(click.person))
    desk.publish_home(click.person)
    return loading.notice(UNINSTALLED)
