"""Plugins as one person meets them in Slack: what there is and may be changed, and what a scope can name."""

from __future__ import annotations

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.domain.deciders import Facts
from bot.domain.person import Person
from bot.engine.plugging import Plugging, Shelved, Wish
from bot.engine.welcome import Welcome
from bot.errors import NotAllowed
from bot.policy import plugging
from bot.sdk.connect import Per
from bot.slack.admins import Admins
from bot.slack.people import People
from bot.slack.views import permissions, pieces
from bot.slack.views.plugins import Shelf, addressed

MOST_OFFERED = 100
LONGEST = 150


class Plugins:
    def __init__(self, plugging: Plugging, welcome: Welcome, people: People, admins: Admins) -> None:
        self.plugging = plugging
        self.welcome = welcome
        self._people = people
        self._admins = admins

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
        whom = "" if is_admin else self._admins.named()
        found = Shelf(plugins=self.plugging.shelf(person), is_admin=is_admin)
        return Shelf(plugins=found.plugins, is_admin=is_admin, admins=whom or found.admins)

    def whom(self) -> str:
        """Who can do what only admins can, in mrkdwn."""
        return self._admins.named()

    def settings(self, person: Person, carried: str) -> View:
        """The choice that a button carries; for who is no admin always their own."""
        one, per = self.choice(person, carried)
        is_admin = self.is_admin(person)
        return permissions.permissions(
            one, per if is_admin else Per.PERSON, is_admin=is_admin, admins="" if is_admin else self.whom()
        )

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

    def offers(self, person: Person, carried: str, typed: str) -> list[Option]:
        """What a scope can name: what the service finds, and what was typed, where it could be."""
        one, per = self.choice(person, carried)
        typed = typed.strip()
        found = [typed] if typed and len(typed) <= LONGEST and not plugging.is_odd(typed) else []
        if per is Per.PERSON:
            found = [item for item in found if plugging.lies_in(item, one.scope(Per.TEAM))]
        return [pieces.option(item, _label(item)) for item in found][:MOST_OFFERED]


def _label(item: str) -> str:
    return f"All that begin so: {item}" if item.endswith("*") else item
