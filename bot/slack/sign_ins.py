"""Signing in to services as people meet it in Slack: what a task asks for, and the link for whoever presses."""

from __future__ import annotations

from bot.domain.connected import TEAM, Wanted
from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.sdk.connect import OAuth, Per
from bot.services.reception import Reception
from bot.slack.identity import Identity
from bot.slack.views import sign_in
from bot.slack.views.message import Message

_IN_HOME = (
    "{title} is connected with a form: open the Home tab of this app, and press Connect beside {title}."
)
_NONE = (
    "{title} cannot be connected here yet: whoever runs Cowork must register an app there and set its id and secret "
    "(COWORK_{name}_CLIENT_ID and COWORK_{name}_CLIENT_SECRET)."
)


class ByForm(NotAllowed):
    """The person can act: what it takes is typed into a form."""


class SignIns:
    def __init__(self, reception: Reception, identity: Identity) -> None:
        self._reception = reception
        self._identity = identity

    def asking(self, team: str, wanted: Wanted) -> Message:
        """For the thread, as things stand now."""
        connections = self._reception.connections
        plugin = connections.plugins.get(wanted.plugin)
        title = wanted.plugin if plugin is None else plugin.title
        return sign_in.asking(wanted, title, connections.of(team, wanted.owner, wanted.plugin))

    def link(self, person: Person, wanted: Wanted, *, is_admin: bool) -> Message:
        """For whoever pressed, and them alone. Raises `NotAllowed` for who cannot, and `NotConfigured`."""
        plugin = self._reception.connections.plugin(wanted.plugin)
        if wanted.owner not in (TEAM, person.user):
            raise NotAllowed(
                "This takes the account of whoever asked for the task. "
                f"Connect your own {plugin.title} on the Home tab."
            )
        per = self.per(wanted)
        url = self._reception.linking.link_for(
            person,
            plugin.name,
            self._page(plugin.name, plugin.title, per),
            per,
            writes=wanted.writes,
            is_admin=is_admin,
            workspace=self._identity.workspace,
        )
        return sign_in.link(url, plugin.title, per)

    def per(self, wanted: Wanted) -> Per:
        """Where people have no way of their own, it is the team's."""
        is_own = wanted.owner != TEAM and bool(self._reception.connections.ways(wanted.plugin, Per.PERSON))
        return Per.PERSON if is_own else Per.TEAM

    def _page(self, name: str, title: str, per: Per) -> str:
        """The way by the service's own page."""
        ways = self._reception.connections.ways(name, per)
        if not ways:
            raise NotAllowed(_NONE.format(title=title, name=name.upper()))
        by_page = next((way for way in ways if isinstance(way, OAuth)), None)
        if by_page is None:
            raise ByForm(_IN_HOME.format(title=title))
        return by_page.way
