"""Connect, in the thread of a task that needs it: whoever may press gets a link of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.errors import NotAllowed, NotConfigured
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.sign_ins import ByForm
from bot.slack.views import sign_in, texts


def register(app: App, desk: Desk) -> None:
    app.action(sign_in.SIGN_IN)(partial(asked, desk))
    app.action(sign_in.SIGN_IN_LINK)(partial(opened, desk))


def asked(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    wanted = sign_in.pressed(click.value)
    try:
        desk.whisper(click, desk.sign_in(click.person, wanted))
    except ByForm:
        desk.show_view(click, lambda: desk.plugins.roads(click.person, wanted.plugin))
    except (NotAllowed, NotConfigured) as refusal:
        desk.whisper(click, texts.refused(str(refusal)))
    ack()


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """The browser follows the link; Slack only wants to know that we heard of it."""
    ack()
