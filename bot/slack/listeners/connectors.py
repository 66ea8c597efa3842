"""MCP connectors: the form to add one with its test, settings, reconnect, switch, remove."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.domain.connected import name_of
from bot.domain.connector import Connector
from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.slack import drafts, escape, parse
from bot.slack.desk import Desk
from bot.slack.drafts import Draft, Misfilled
from bot.slack.parse import Gesture
from bot.slack.views import connector_form, connector_settings, connectors, loading, pieces, texts
from bot.slack.views.connector_settings import Leaf


def register(app: App, desk: Desk) -> None:
    app.action(connectors.ADD)(partial(asked, desk))
    app.action(drafts.KIND)(partial(turned, desk))
    app.action(connector_form.TEST)(partial(tried, desk))
    app.view(connector_form.FORM)(partial(filled, desk))
    app.action(connectors.SETTINGS)(partial(opened, desk))
    app.action(pieces.any_number(connector_settings.PAGE))(partial(paged, desk))
    app.view(connector_settings.PERMISSIONS)(partial(chosen, desk))
    app.action(connectors.SIGN_IN)(partial(signing_in, desk))
    app.action(connectors.SIGN_OUT)(partial(signing_out, desk))
    app.action(connectors.RECONNECT)(partial(reconnected, desk))
    app.action(connector_settings.SWITCH_ON)(partial(switched, desk))
    app.action(connector_settings.SWITCH_OFF)(partial(switched, desk))
    app.action(connector_settings.REMOVE)(partial(removed, desk))


def asked(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.servers.blank(click.person))
    ack()


def turned(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """Another type has other fields; what was typed into those that go is kept for when they come again."""
    form = parse.form(body, desk.people)
    given = desk.servers.draft(form.gesture.view_id, form.values)
    desk.modals.turn(form.gesture.view_id, lambda: desk.servers.form(given))
    ack()


def tried(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """As long as a server takes: they see that it is being tested."""
    form = parse.form(body, desk.people)
    person, view_id = form.gesture.person, form.gesture.view_id
    given = desk.servers.draft(view_id, form.values)
    desk.servers.modals.turn_later(
        view_id, lambda: desk.servers.testing(person, given), lambda: desk.servers.test(person, given)
    )
    ack()


def filled(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """What is wrong is said at its field; else it is saved, and what it may do is chosen next."""
    form = parse.form(body, desk.people)
    person, view_id = form.gesture.person, form.gesture.view_id
    given = desk.servers.draft(view_id, form.values)
    try:
        made = desk.servers.connector(person.team, given)
    except Misfilled as refusal:
        ack(response_action="errors", errors=refusal.errors)
        return
    meanwhile = desk.servers.form(given, connector_form.testing(made), is_busy=True)
    desk.servers.modals.answer(ack, view_id, lambda: _saved(desk, person, given, made), meanwhile=meanwhile)


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.servers.settings(click.person, Leaf(slug=click.value)))
    ack()


def paged(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """What was chosen on the page that is left is kept, and saved with the rest."""
    form, click = parse.form(body, desk.people), parse.click(body, desk.people)
    at, page = connector_settings.leaf(form.private), pieces.number_of(click.action_id)
    desk.modals.turn(click.view_id, lambda: desk.servers.turned(click.person, at, form.values, page))
    ack()


def chosen(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    person = form.gesture.person
    try:
        desk.servers.permit(person, connector_settings.leaf(form.private), form.values)
    except NotAllowed as refusal:
        ack(response_action="update", view=loading.notice(str(refusal)))
        return
    _show_again(desk, person, form.below)
    ack()


def signing_in(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """The way to the page of ours from which they sign in to its server."""
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.plugins.roads(click.person, name_of(click.value)))
    ack()


def signing_out(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """When this is acknowledged: to take a token back asks its server."""
    click = parse.click(body, desk.people)
    desk.servers.errands.run(lambda: _signed_out(desk, click))
    ack()


def reconnected(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    if click.is_home:
        desk.servers.errands.run(lambda: _reconnected(desk, click))
    else:
        desk.servers.modals.turn_later(
            click.view_id, connector_settings.reconnecting, lambda: _after_reconnecting(desk, body, click)
        )
    ack()


def switched(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    is_on = click.action_id == connector_settings.SWITCH_ON
    desk.modals.turn(click.view_id, lambda: _switched(desk, click, is_on=is_on))
    ack()


def removed(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """As long as its server takes to take sign-ins back."""
    click = parse.click(body, desk.people)
    desk.servers.modals.turn(click.view_id, lambda: _removed(desk, click))
    ack()


def _saved(desk: Desk, person: Person, given: Draft, made: Connector) -> View:
    view = desk.servers.save(person, given, made)
    desk.publish_home(person)
    return view


def _signed_out(desk: Desk, click: Gesture) -> None:
    try:
        said = desk.servers.sign_out(click.person, click.value)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        desk.whisper(click, texts.said(escape.mrkdwn(said)))
    if click.view_id and not click.is_home:
        desk.modals.turn(click.view_id, lambda: desk.servers.listed(click.person))
    desk.publish_home(click.person)


def _reconnected(desk: Desk, click: Gesture) -> None:
    try:
        one = desk.servers.reconnect(click.person, click.value)
        if not connectors.is_well(one):
            desk.whisper(click, texts.said(f"{connectors.title(one)}: {connectors.condition(one)}"))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    desk.publish_home(click.person)


def _after_reconnecting(desk: Desk, body: dict[str, Any], click: Gesture) -> View:
    """The view that it was pressed in, as it is then."""
    desk.servers.reconnect(click.person, click.value)
    desk.publish_home(click.person)
    if body["view"]["callback_id"] == connector_settings.PERMISSIONS:
        return desk.servers.settings(click.person, Leaf(slug=click.value))
    return desk.servers.listed(click.person)


def _switched(desk: Desk, click: Gesture, *, is_on: bool) -> View:
    view = desk.servers.switch(click.person, click.value, is_on=is_on)
    desk.publish_home(click.person)
    return view


def _removed(desk: Desk, click: Gesture) -> View:
    said = desk.servers.remove(click.person, click.value)
    desk.publish_home(click.person)
    return loading.notice(said)


def _show_again(desk: Desk, person: Person, below: str) -> None:
    """Home, and the list where that is open under what was just done."""
    if below:
        desk.modals.turn(below, lambda: desk.servers.listed(person))
    desk.publish_home(person)
