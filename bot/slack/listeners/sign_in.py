"""Connect, in the thread of a task that needs it or beside a connector: for whose account it takes, or an admin."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.domain.connected import TEAM, Wanted
from bot.domain.person import Person
from bot.engine.plugging import AdminsOnly
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.views import sign_in

THEIRS = "This task uses the account of whoever asked for it, and only they can connect that."
ADMINS = "Only an admin of this workspace can connect this for everybody."


def register(app: App, desk: Desk) -> None:
    app.action(sign_in.SIGN_IN)(partial(asked, desk))


def asked(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    wanted = sign_in.pressed(click.value)
    try:
        _check(desk, click.person, wanted)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        desk.show_view(click, lambda: desk.plugins.roads(click.person, wanted.plugin))
    ack()


def _check(desk: Desk, person: Person, wanted: Wanted) -> None:
    if wanted.owner == TEAM and not desk.plugins.is_admin(person):
        raise AdminsOnly(ADMINS)
    if wanted.owner not in (TEAM, person.user):
        raise NotAllowed(THEIRS)
