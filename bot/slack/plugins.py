"""Plugins as one person meets them in Slack: what there is and may be changed, and how it is connected."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.domain.connected import slug_of
from bot.domain.deciders import Facts
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.engine.plugging import Plugging, Shelved, Wish
from bot.engine.welcome import Welcome
from bot.errors import CoworkError, NotAllowed
from bot.policy import plugging
from bot.policy.choosing import LONGEST_ITEM
from bot.sdk.connect import Item, Per
from bot.slack.accounts import Accounts
from bot.slack.admins import Admins
from bot.slack.errands import Errands
from bot.slack.people import People
from bot.slack.views import connect, permissions, pieces
from bot.slack.views.plugins import Shelf, addressed

MOST_OFFERED = 100
PATIENCE = 2.0
"""Seconds that a service has to answer while somebody types: Slack waits for three."""

logger = logging.getLogger(__name__)


class Plugins:
    def __init__(
        self,
        plugging: Plugging,
        welcome: Welcome,
        accounts: Accounts,
        *,
        people: People,
        admins: Admins,
        errands: Errands,
    ) -> None:
        self.plugging = plugging
        self.welcome = welcome
        self.accounts = accounts
        self._people = people
        self._admins = admins
        self._errands = errands

    def is_admin(self, person: Person) -> bool:
        """Whom Slack does not tell of in time is shown what everybody is."""
        try:
            profile = self._people.now(person)
        except NotAllowed:
            return False
        return profile.is_admin and not profile.is_guest

    def shelf(self, person: Person) -> Shelf:
        """May ask Slack: for an errand."""
        is_admin = self.is_admin(person)
        accounts, others = self.accounts.of(person, is_admin=is_admin)
        return Shelf(
            plugins=self.plugging.shelf(person),
            accounts=accounts,
            others=others,
            is_admin=is_admin,
            admins="you" if is_admin else self.whom(),
        )

    def whom(self) -> str:
        """Who can do what only admins can, in mrkdwn."""
        return self._admins.named()

    def settings(self, person: Person, carried: str) -> View:
        """The choice that a button carries; for who is no admin always their own."""
        one, per = self.choice(person, carried)
        shelf = self.shelf(person)
        history = self.plugging.history(person, one.plugin.name, most=3) if shelf.is_admin else []
        return permissions.permissions(one, per if shelf.is_admin else Per.PERSON, shelf, history)

    def singles(self, person: Person, carried: str) -> View:
        return permissions.one_by_one(*self.choice(person, carried))

    def choice(self, person: Person, carried: str) -> tuple[Shelved, Per]:
        name, per = addressed(carried)
        one = self.plugging.shelved(person, name)
        if not one.is_installed:
            raise NotAllowed(f"{one.plugin.title} is not installed (any more).")
        return one, per

    def choose(self, person: Person, carried: str, wish: Wish, facts: Facts) -> None:
        name, per = addressed(carried)
        self.plugging.choose(person, name, wish, facts, per)

    def uninstall(self, person: Person, name: str, facts: Facts) -> None:
        self.plugging.uninstall(person, name, facts, lambda: self.accounts.disconnect_all(person, name))

    def roads(self, person: Person, name: str) -> View:
        """How it can be connected, or the server of a connector signed in to; for everybody by an admin."""
        is_admin = self.is_admin(person)
        if slug_of(name):
            return self.accounts.server(person, name, is_admin=is_admin)
        admins = "" if is_admin else self.whom()
        writes = self._writes(person, name)
        return self.accounts.roads(person, name, writes=writes, is_admin=is_admin, admins=admins)

    def road(self, person: Person, address: str) -> View:
        writes = self._writes(person, self.accounts.addressed(address).plugin.name)
        return self.accounts.road(person, address, writes=writes, is_admin=self.is_admin(person))

    def filled(self, person: Person, carried: str, values: Mapping[str, str]) -> View:
        return self.accounts.filled(person, carried, values, is_admin=self.is_admin(person))

    def disconnect(self, person: Person, name: str, per: Per) -> str:
        return self.accounts.disconnect(person, name, per, is_admin=self.is_admin(person))

    def services(self, person: Person) -> View:
        return connect.services(self.shelf(person))

    def named(self, person: Person, text: str) -> str:
        """The installed plugin that is called this, "" when none is."""
        called = text.strip().casefold()
        found = (one.plugin for one in self.plugging.shelf(person) if one.is_installed)
        return next((one.name for one in found if called in (one.name, one.title.casefold())), "")

    def offers(self, person: Person, carried: str, typed: str) -> list[Option]:
        """What a scope can name: what the service finds, then what was typed, where it could be."""
        one, per = self.choice(person, carried)
        found = self._found(person, one, typed)
        items = {item.id: item for item in [*found[: MOST_OFFERED - 1], *_as_typed(typed)]}
        within = one.scope(Per.TEAM) if per is Per.PERSON else ("*",)
        return [
            pieces.option(item.id, item.title or item.id, item.about)
            for item in items.values()
            if _can_be(item.id) and plugging.lies_in(item.id, within)
        ]

    def _found(self, person: Person, one: Shelved, typed: str) -> Sequence[Item]:
        """None where it is not connected, or does not answer in time: a name can still be typed."""
        asked = self._errands.ask(lambda: self.accounts.found(person, one.plugin, typed.strip("* ")))
        try:
            return asked.result(timeout=PATIENCE)
        except (CoworkError, TimeoutError) as trouble:
            logger.info("%s was not searched: %s", one.plugin.name, trouble or "no answer in time")
            return ()

    def _writes(self, person: Person, name: str) -> bool:
        """Whether it may do more than read, for them or for everybody: the service is then asked for that, too."""
        one = self.plugging.shelved(person, name)
        return any(
            action.effect is not Effect.READ and one.permission(tool, Per.TEAM) is not Permission.OFF
            for tool, action in one.plugin.tools.items()
        )


def _as_typed(typed: str) -> Sequence[Item]:
    name = typed.strip()
    about = "all that begin so" if name.endswith("*") else "as typed"
    return (Item(id=name, about=about),) if name else ()


def _can_be(item: str) -> bool:
    return bool(item.strip()) and len(item) <= LONGEST_ITEM and not plugging.is_odd(item)
