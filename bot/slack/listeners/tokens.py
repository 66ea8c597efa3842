"""`/cowork tokens`: one is made and its secret shown in that very answer; one is revoked."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.domain.person import Person, Place
from bot.domain.token import Token
from bot.errors import NotAllowed
from bot.slack import escape, parse
from bot.slack.desk import Desk
from bot.slack.tokens import Misnamed
from bot.slack.views import pieces, texts, tokens, words

TAKEN_AWAY = (
    "{who} revoked your API token “{name}”. What uses it is refused from now on. See `/cowork tokens`."
)


def register(app: App, desk: Desk) -> None:
    app.action(tokens.NEW)(partial(asked, desk))
    app.view(tokens.FORM)(partial(filled, desk))
    app.action(tokens.REVOKE)(partial(revoked, desk))
    app.action(pieces.any_number(tokens.PAGE))(partial(paged, desk))


def asked(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.show_view(click, lambda: desk.tokens.form(click.person))
    ack()


def filled(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """The secret is in this answer alone: it is not sent, logged or kept by any other way."""
    form = parse.form(body, desk.people)
    person = form.gesture.person
    try:
        view = desk.tokens.made(person, form.values)
    except Misnamed as refusal:
        ack(response_action="errors", errors={refusal.field: str(refusal)})
        return
    if form.below:
        desk.modals.turn(form.below, lambda: desk.tokens.listed(person))
    ack(response_action="update", view=view)


def revoked(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        token = desk.tokens.revoked(click.person, click.value)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        _tell(desk, click.person, token)
    desk.modals.turn(click.view_id, lambda: desk.tokens.listed(click.person))
    ack()


def paged(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    page = pieces.number_of(click.action_id)
    desk.modals.turn(click.view_id, lambda: desk.tokens.listed(click.person, page))
    ack()


def _tell(desk: Desk, by: Person, token: Token) -> None:
    """Whose it was, where another revoked it."""
    if not token.person.is_same(by):
        said = TAKEN_AWAY.format(who=words.person(by), name=escape.mrkdwn_line(token.name))
        desk.whispers.say(token.person, Place(team=by.team, channel=""), texts.said(said))
