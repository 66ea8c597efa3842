"""Private answers: only the one who asked sees them, there where they asked if Slack lets us."""

from __future__ import annotations

from typing import Any

from slack_sdk.webhook import WebhookClient

from bot.domain.person import Person, Place
from bot.slack.errands import Errands
from bot.slack.views.message import Message
from bot.slack.web import FAILURES, Web

_TIMEOUT = 5


class Whispers:
    def __init__(self, web: Web, errands: Errands) -> None:
        self._web = web
        self._errands = errands

    def say(self, person: Person, place: Place, message: Message, *, response_url: str = "") -> None:
        """By the response URL of what they did, else as an ephemeral message, else directly."""
        self._errands.run(lambda: self._say(person, place, message, response_url))

    def tell(self, person: Person, place: Place, message: Message, *, response_url: str = "") -> None:
        """As `say`, and back when it is said: for what is written down only then."""
        self._errands.do(lambda: self._say(person, place, message, response_url))

    def _say(self, person: Person, place: Place, message: Message, response_url: str) -> None:
        if response_url and _responded(response_url, place, message):
            return
        shown = message.payload()
        if place.channel:
            try:
                self._web.posts.chat_postEphemeral(
                    channel=place.channel, user=person.user, thread_ts=place.thread, **shown
                )
                return
            except FAILURES:
                pass
        self._web.posts.chat_postMessage(channel=person.user, unfurl_links=False, unfurl_media=False, **shown)


def private(message: Message) -> dict[str, Any]:
    """The arguments of `ack` that answer a command privately."""
    return {"response_type": "ephemeral", **message.payload()}


def _responded(response_url: str, place: Place, message: Message) -> bool:
    body = {**private(message), "replace_original": False}
    if place.thread:
        body["thread_ts"] = place.thread
    try:
        client = WebhookClient(response_url, timeout=_TIMEOUT, retry_handlers=[])
        return client.send_dict(body).status_code == 200
    except FAILURES:
        return False
