"""A kept connection opened: whatever it holds is hidden from everybody from then on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.connected import Connected
from bot.errors import SignInNeeded
from bot.sdk.connect import Connection, Form, Per
from bot.sdk.plugin import Plugin
from bot.services import addresses
from bot.services.addresses import Given
from bot.services.authorization import REFRESH
from bot.services.hiding import LearningVeil
from bot.store import connections
from bot.store.connections import Secrets
from bot.store.database import Database
from bot.store.sealing import Seal


class Opening:
    def __init__(self, database: Database, *, seal: Seal, given: Given, veil: LearningVeil) -> None:
        self._database = database
        self._seal = seal
        self._given = given
        self._veil = veil

    def as_kept(self, plugin: Plugin, one: Connected) -> tuple[Connected, Secrets]:
        """As it stands now. Raises `SignInNeeded` where there is none, or it is dead."""
        with self._database.read() as session:
            found = connections.whole(session, self._seal, one.team, one.owner, one.plugin)
        kept, secrets = found or (None, None)
        if kept is None or secrets is None:
            raise needed(plugin, one.owner, kept)
        self.hide(plugin, kept, secrets)
        return kept, secrets

    def connection(self, plugin: Plugin, one: Connected, secrets: Mapping[str, str]) -> Connection:
        """As the plugin is given it: without what only renews it."""
        self.hide(plugin, one, secrets)
        return Connection(
            plugin=plugin.name,
            way=one.way,
            per=Per.TEAM if one.is_team else Per.PERSON,
            account=one.account,
            secrets={name: value for name, value in secrets.items() if name != REFRESH},
            endpoints=addresses.endpoints(plugin, self._given),
            facts=one.facts,
        )

    def hide(self, plugin: Plugin | None, one: Connected, secrets: Mapping[str, str]) -> None:
        """But not what was typed into a form and may be seen, such as the name of a user."""
        title = one.plugin if plugin is None else plugin.title
        seen = set() if plugin is None else set(_seen(plugin, one.way))
        hidden = {name: value for name, value in secrets.items() if name not in seen}
        self._veil.learn(
            one.id, {f"{title} {name.replace('_', ' ')}": value for name, value in hidden.items()}
        )

    def hide_client(self, plugin: Plugin) -> None:
        """What the operator's app is known by."""
        app = addresses.client(plugin, self._given)
        if app is not None:
            self._veil.learn(plugin.name, {f"secret of the {plugin.title} app": app.secret})


def needed(
    plugin: Plugin, owner: str, found: Connected | None, why: str = "", *, writes: bool = False
) -> SignInNeeded:
    """To be raised: what is missing, in words for whoever can do something about it."""
    why = why or (found.trouble if found is not None else "")
    if found is None:
        said = f"{plugin.title} is not connected."
    else:
        said = f"{plugin.title} needs a new sign-in{f': {why}' if why else '.'}"
    seen = found.state if found is not None else ""
    return SignInNeeded(said, plugin=plugin.name, owner=owner, writes=writes, seen=seen)


def _seen(plugin: Plugin, way: str) -> Iterator[str]:
    form = plugin.way(way)
    if isinstance(form, Form):
        yield from (blank.name for blank in form.blanks if not blank.is_secret)
