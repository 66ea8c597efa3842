"""API tokens as one person meets them in Slack: their own, and for an admin everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from slack_sdk.models.views import View

from bot.domain.clock import Clock
from bot.domain.deciders import Facts
from bot.domain.person import Person
from bot.domain.token import Token, TokenScope
from bot.engine.tokens import Made, Tokens
from bot.errors import NotAllowed
from bot.policy import entrusting
from bot.slack.people import People
from bot.slack.views import tokens
from bot.slack.views.tokens import Ring

_TOLD = timedelta(days=30)
"""How long one that is over is still shown."""


class Misnamed(NotAllowed):
    """It cannot be made as it was filled in: `field` is where that is to be said."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.field = field


class ApiTokens:
    """Who somebody is, is asked of Slack each time: for an errand, or for what is decided by it."""

    def __init__(self, engine: Tokens, people: People, *, clock: Clock, public_url: str = "") -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._public_url = public_url

    def listed(self, person: Person, page: int = 1) -> View:
        """Theirs, then those of others for an admin; what is over stands last."""
        facts, now = self._facts(person), self._clock()
        found = self._engine.of_team(person.team) if _rules(facts) else self._engine.listed(person)
        shown = [token for token in found if token.is_good(now) or now - _end(token) < _TOLD]
        shown.sort(key=lambda token: (not token.is_good(now), token.person.user != person.user))
        may_make = bool(entrusting.scopes(facts))
        ring = Ring(tokens=shown, person=person.user, may_make=may_make, is_admin=_rules(facts), now=now)
        return tokens.listed(ring, page)

    def form(self, person: Person) -> View:
        facts = self._facts(person)
        if why := entrusting.trouble(facts, ()):
            raise NotAllowed(why)
        return tokens.form(entrusting.scopes(facts))

    def made(self, person: Person, values: Mapping[str, str]) -> View:
        """With its secret. Raises `Misnamed`."""
        scopes = [TokenScope(one) for one in values.get(tokens.SCOPES, "").split(",") if one]
        if why := entrusting.trouble(self._facts(person), scopes):
            raise Misnamed(why, tokens.SCOPES)
        try:
            made = self._make(person, values, scopes)
        except NotAllowed as refusal:
            raise Misnamed(str(refusal), tokens.NAME) from refusal
        return tokens.made(made.token, made.secret, self._public_url)

    def revoked(self, person: Person, token_id: str) -> Token:
        """Their own, or as an admin anybody's of the workspace. Raises `NotAllowed`."""
        if _rules(self._facts(person)):
            return self._engine.revoke(token_id, by=_known_as(person), team=person.team)
        return self._engine.revoke(token_id, by=_known_as(person), owner=person)

    def _make(self, person: Person, values: Mapping[str, str], scopes: list[TokenScope]) -> Made:
        name, days = values.get(tokens.NAME, ""), float(values[tokens.DAYS])
        return self._engine.make(person, name, scopes, by=_known_as(person), days=days)

    def _facts(self, person: Person) -> Facts:
        profile = self._people.now(person)
        return Facts(is_guest=profile.is_guest, is_admin=profile.is_admin)


def _rules(facts: Facts) -> bool:
    return facts.is_admin and not facts.is_guest


def _known_as(person: Person) -> str:
    return f"{person.user}@{person.team}"


def _end(token: Token) -> datetime:
    return token.revoked_at or token.expires_at
