"""Prompts of connectors as one person meets them in Slack: found, filled in, looked at, and begun with."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.domain.person import Person
from bot.engine.prompting import Prompt, Prompting
from bot.errors import CoworkError, NotAllowed
from bot.slack.modals import Modals
from bot.slack.views import prompts

_MOST_KEPT = 200
GONE = "I was started again since you looked at it, and nothing was begun. Type /cowork prompt once more."


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a person was shown of a prompt: exactly that begins."""

    prompt: Prompt
    person: Person
    text: str
    place: str


class Prompts:
    def __init__(self, engine: Prompting, modals: Modals) -> None:
        self.modals = modals
        self._engine = engine
        self._looked: OrderedDict[str, Looked] = OrderedDict()
        self._lock = threading.Lock()

    def pick(self, person: Person, place: str) -> View:
        return prompts.pick(place, any_there=bool(self._engine.offered(person.team)))

    def options(self, person: Person, typed: str) -> list[Option]:
        return prompts.options(self._engine.offered(person.team), typed)

    def form(self, person: Person, prompt_id: str, place: str) -> View:
        return prompts.arguments(self.prompt(person, prompt_id), place)

    def prompt(self, person: Person, prompt_id: str) -> Prompt:
        found = (one for one in self._engine.offered(person.team) if prompts.id_of(one) == prompt_id)
        one = next(found, None)
        if one is None:
            raise NotAllowed("This prompt is not offered any more.")
        return one

    def preview(self, person: Person, one: Prompt, place: str, given: Mapping[str, str]) -> View:
        """What its server gives; else the form again, with the reason."""
        try:
            text = self._engine.given(person, one, given)
        except CoworkError as refusal:
            return prompts.arguments(one, place, given, refused=str(refusal))
        key = self._keep(Looked(prompt=one, person=person, text=text, place=place))
        return prompts.preview(one, prompts.goal(one, given), text, key)

    def looked(self, person: Person, key: str) -> Looked:
        """What this person was shown under this key."""
        with self._lock:
            found = self._looked.get(key)
        if found is None or not found.person.is_same(person):
            raise NotAllowed(GONE)
        return found

    def _keep(self, looked: Looked) -> str:
        key = secrets.token_urlsafe(12)
        with self._lock:
            self._looked[key] = looked
            while len(self._looked) > _MOST_KEPT:
                self._looked.popitem(last=False)
        return key
