"""`/cowork`: a goal, a word, or nothing at all for the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.slack import crewing, parse, phrases, vocabulary
from bot.slack.desk import Desk
from bot.slack.listeners import forms
from bot.slack.parse import Gesture
from bot.slack.views import preferences, texts
from bot.slack.views.message import Message
from bot.slack.whispers import private

COMMAND = "/cowork"


def register(app: App, desk: Desk) -> None:
    app.command(COMMAND)(partial(cowork, desk))


def cowork(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """Answered privately and at once, but for a goal: its card is the answer."""
    asked = parse.command(body, desk.people)
    try:
        answer = _answer(desk, asked)
    except NotAllowed as refusal:
        answer = texts.refused(str(refusal))
    ack(**private(answer)) if answer else ack()


def _answer(desk: Desk, asked: Gesture) -> Message | None:
    if not asked.words:
        desk.open_form(asked, where=asked.place.channel)
        return None
    if vocabulary.word(asked.words) == vocabulary.Word(name="settings"):
        desk.show_view(asked, lambda: _preferences(desk, asked.person))
        return None
    if (view := _listed(desk, asked)) is not None:
        desk.show_view(asked, view)
        return None
    if (view := _connecting(desk, asked)) is not None:
        desk.show_view(asked, view)
        return None
    if asked.crew is not None:
        return crewing.answer(desk, asked.person, asked.crew, asked.place, key=asked.key)
    answer = phrases.answer(desk, asked.person, asked.place, asked.words, key=asked.key)
    if answer is None:
        task = desk.start(asked.person, asked.place, asked.words, key=asked.key)
        desk.reach.remember(task.id, asked.response_url)
    return answer


def _preferences(desk: Desk, person: Person) -> View:
    return preferences.preferences(desk.autonomy_of(person), desk.plugins.shelf(person))


def _listed(desk: Desk, asked: Gesture) -> Callable[[], View] | None:
    """For a word that is answered by a list to choose from."""
    said = vocabulary.word(asked.words)
    match said.name if said else "":
        case "connectors":
            return partial(desk.servers.listed, asked.person)
        case "tokens":
            return partial(desk.tokens.listed, asked.person)
        case "prompt":
            return partial(desk.prompts.pick, asked.person, forms.where(asked.place))
        case _:
            return None


def _connecting(desk: Desk, asked: Gesture) -> Callable[[], View] | None:
    """For "connect" alone, and "connect github" where that is a plugin; "connect the dots" is a goal."""
    word, _, what = asked.words.strip().partition(" ")
    if word.casefold() != "connect":
        return None
    if not what.strip():
        return partial(desk.plugins.services, asked.person)
    name = desk.plugins.named(asked.person, what)
    return partial(desk.plugins.roads, asked.person, name) if name else None
