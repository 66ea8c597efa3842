"""What a plugin may do, chosen in its settings: by kind, one by one, and where."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.errors import NotAllowed
from bot.slack import parse, picked
from bot.slack.desk import Desk
from bot.slack.parse import Form
from bot.slack.views import loading, permissions


def register(app: App, desk: Desk) -> None:
    app.action(permissions.OTHER_CHOICE)(partial(turned, desk))
    app.action(permissions.ONE_BY_ONE)(partial(opened, desk))
    app.view(permissions.PERMISSIONS)(partial(chosen, desk))
    app.view(permissions.SINGLES)(partial(chosen, desk))
    app.options(permissions.ITEMS)(partial(searched, desk))


def turned(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.modals.turn(click.view_id, lambda: desk.plugins.settings(click.person, click.value))
    ack()


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.plugins.singles(click.person, click.value))
    ack()


def chosen(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """One by one they are chosen on top of the page by kind, which then shows them as they are."""
    form = parse.form(body, desk.people)
    person = form.gesture.person
    try:
        one, per = desk.plugins.choice(person, form.private)
        items = permissions.block_id(permissions.ITEMS, per)
        wish = permissions.wish(one, form.values, picked.choices(body, items))
        desk.plugins.choose(person, form.private, wish, desk.facts(person))
    except NotAllowed as refusal:
        _refused(ack, form, str(refusal))
        return
    if form.callback_id == permissions.SINGLES:
        desk.modals.turn(form.below, lambda: desk.plugins.settings(person, form.private))
    desk.publish_home(person)
    ack()


def searched(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    asked = picked.search(body, desk.people)
    try:
        found = desk.plugins.offers(asked.person, asked.value, asked.words)
    except NotAllowed:
        found = []
    ack(options=found)


def _refused(ack: Ack, form: Form, why: str) -> None:
    """At the field that says where, else at the first there is; in place of a view that has none."""
    fields = sorted(form.values, key=lambda block: not block.startswith(permissions.ITEMS))
    if fields:
        ack(response_action="errors", errors={fields[0]: why})
    else:
        ack(response_action="update", view=loading.notice(why))
