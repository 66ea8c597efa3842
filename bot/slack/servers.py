"""MCP servers as one person meets them in Slack: the list, the form with its test, settings, and review."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.domain.connected import name_of
from bot.domain.connector import Catalogue, Connector
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from bot.domain.veil import Veil
from bot.engine.connectors import Actor, Connectors, Shown
from bot.errors import CoworkError, NotAllowed, SignInNeeded, ToolError, Unavailable
from bot.sdk.connect import Per
from bot.slack import drafts
from bot.slack.drafts import Draft, Misfilled
from bot.slack.errands import Errands
from bot.slack.modals import Modals
from bot.slack.plugins import Plugins
from bot.slack.views import connector_form, connector_review, connector_settings, connectors
from bot.slack.views.connector_settings import Leaf
from bot.slack.views.connectors import Rack, SignIn

_MOST_DRAFTS = 200
AGAIN = "It changed again while you looked. This is how it is now; nothing was accepted."


class Servers:
    """`modals` and `errands` are for what takes as long as a server takes: they have threads of their own."""

    def __init__(
        self,
        engine: Connectors,
        plugins: Plugins,
        modals: Modals,
        *,
        errands: Errands,
        folders: Sequence[FolderGrant],
        veil: Veil,
    ) -> None:
        self.engine = engine
        self.modals = modals
        self.errands = errands
        self._plugins = plugins
        self._folders = folders
        self._veil = veil
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = threading.Lock()

    def actor(self, person: Person) -> Actor:
        return Actor(person=person, is_admin=self._plugins.is_admin(person))

    def rack(self, person: Person) -> Rack:
        """May ask Slack: for an errand."""
        is_admin = self._plugins.is_admin(person)
        found = self.engine.tested(person.team, self.engine.listed(person.team))
        return Rack(
            connectors=found,
            is_admin=is_admin,
            admins="you" if is_admin else self._plugins.whom(),
            sign_ins=self._sign_ins(person, found, is_admin=is_admin),
            trouble=self.engine.servers.trouble,
        )

    def listed(self, person: Person) -> View:
        return connectors.connectors(self.rack(person))

    def blank(self, person: Person) -> View:
        """The form to add one. Raises `NotAllowed` for who is no admin."""
        if not self._plugins.is_admin(person):
            raise NotAllowed("Only an admin of this workspace can add a connector.")
        return connector_form.form(Draft(), self._folders)

    def draft(self, view_id: str, values: Mapping[str, str]) -> Draft:
        """The form as it stands, with what it does not show since its type is another one."""
        with self._lock:
            made = drafts.draft(values, self._drafts.pop(view_id, None))
            self._drafts[view_id] = made
            while len(self._drafts) > _MOST_DRAFTS:
                self._drafts.popitem(last=False)
        return made

    def form(self, given: Draft, outcome: Sequence[Block] = (), *, is_busy: bool = False) -> View:
        return connector_form.form(given, self._folders, outcome, is_busy=is_busy)

    def connector(self, team: str, given: Draft) -> Connector:
        """Raises `Misfilled`, also for one that is there already: the form adds, and changes none."""
        made = drafts.connector(given, self._folders, self._veil)
        if any(one.connector.slug == made.slug for one in self.engine.listed(team)):
            raise Misfilled({drafts.NAME: f"There is a connector {made.slug} already. Take another name."})
        if why := self.engine.refused_slug(made.slug, team=team, title=made.title):
            raise Misfilled({drafts.NAME: why})
        return made

    def testing(self, person: Person, given: Draft) -> View:
        """While it is tried."""
        try:
            made = self.connector(person.team, given)
        except Misfilled as refusal:
            return self.form(given, connector_form.misfilled(refusal.errors))
        return self.form(given, connector_form.testing(made), is_busy=True)

    def test(self, person: Person, given: Draft) -> View:
        """The form as it stands, with what the server offers, or why that is not known."""
        try:
            made = self.connector(person.team, given)
        except Misfilled as refusal:
            return self.form(given, connector_form.misfilled(refusal.errors))
        return self.form(given, self._tried(person, made))

    def save(self, person: Person, given: Draft, made: Connector) -> View:
        """Its settings, where what it may do is chosen; else the form again, with all that was typed, and why.

        Accepted is what the test showed them. It is reached once more, and what it offers otherwise by now waits for
        a review.
        """
        if self.engine.servers.unapproved(made):
            return self.form(given, connector_form.unapproved(made))
        actor = self.actor(person)
        try:
            now = self._offered(actor, made)
            self.engine.save(actor, made, {})
            if now is not None:
                self.engine.seen(person.team, made, now)
        except CoworkError as refusal:
            return self.form(given, _failed(refusal, made))
        return self.settings(person, Leaf(slug=made.slug, is_new=True))

    def settings(self, person: Person, at: Leaf) -> View:
        one = self._one(person, at.slug)
        return connector_settings.settings(one, at, self._sign_ins(person, [one], is_admin=True).get(at.slug))

    def turned(self, person: Person, at: Leaf, values: Mapping[str, str], page: int) -> View:
        one = self._one(person, at.slug)
        at = connector_settings.turned(one, at, values, page)
        return connector_settings.settings(one, at, self._sign_ins(person, [one], is_admin=True).get(at.slug))

    def permit(self, person: Person, at: Leaf, values: Mapping[str, str]) -> None:
        one = self._one(person, at.slug)
        chosen = {**at.chosen, **connector_settings.picked(values)}
        if wish := connector_settings.wish(one, chosen):
            self.engine.permit(self.actor(person), at.slug, wish)

    def switch(self, person: Person, slug: str, *, is_on: bool) -> View:
        self.engine.switch(self.actor(person), slug, is_on)
        return self.settings(person, Leaf(slug=slug))

    def sign_out(self, person: Person, slug: str) -> str:
        """What they are told. Raises `NotAllowed`."""
        per = Per.PERSON if self.engine.one(person.team, slug).connector.is_personal else Per.TEAM
        return self._plugins.disconnect(person, name_of(slug), per)

    def reconnect(self, person: Person, slug: str) -> Shown:
        return self.engine.reconnect(self.actor(person), slug)

    def remove(self, person: Person, slug: str) -> str:
        """What they are told."""
        one = self._one(person, slug)
        came = self.engine.remove(self.actor(person), slug)
        return f"{one.connector.title} is removed, and what was chosen for it is forgotten. {came}".strip()

    def review(self, person: Person, slug: str, page: int = 1, note: str = "") -> View:
        return connector_review.review(self._one(person, slug), page, note)

    def accept(self, person: Person, value: str) -> View:
        """Only what is as it was shown."""
        slug, _, shown = value.partition("_")
        meant = connector_review.meant(self._one(person, slug), shown)
        if meant is None:
            return self.review(person, slug, note=AGAIN)
        self.engine.accept(self.actor(person), slug, tuple(meant), digests=meant)
        return self.review(person, slug, note=f"Accepted: {', '.join(meant)}.")

    def _offered(self, actor: Actor, made: Connector) -> Catalogue | None:
        """None where nobody has signed in yet."""
        try:
            return self.engine.test(actor, made, is_shown=False)
        except SignInNeeded:
            return None

    def _tried(self, person: Person, made: Connector) -> list[Block]:
        if self.engine.servers.unapproved(made):
            return connector_form.unapproved(made)
        try:
            return connector_form.tested(made, self.engine.test(self.actor(person), made))
        except SignInNeeded:
            return connector_form.wants_sign_in(made)
        except CoworkError as refusal:
            return _failed(refusal, made)

    def _one(self, person: Person, slug: str) -> Shown:
        """For who is an admin. Raises `NotAllowed` for others, and where there is none."""
        if not self._plugins.is_admin(person):
            raise NotAllowed("Only an admin of this workspace can set connectors up.")
        [one] = self.engine.tested(person.team, [self.engine.one(person.team, slug)])
        return one

    def _sign_ins(self, person: Person, found: Sequence[Shown], *, is_admin: bool) -> Mapping[str, SignIn]:
        connectors = [one.connector for one in found]
        return self._plugins.accounts.sign_ins(person, connectors, is_admin=is_admin)


def _failed(refusal: CoworkError, made: Connector) -> list[Block]:
    """What an operator or an admin is to mend says so itself."""
    is_its_own = isinstance(refusal, Unavailable | ToolError)
    return connector_form.failed(str(refusal), made, is_its_own=is_its_own)
