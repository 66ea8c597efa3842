"""What a thread says of the sign-in that its task needs, as things stand at the moment it is drawn."""

from __future__ import annotations

from bot.domain.connected import Wanted, slug_of
from bot.services.reception import Reception
from bot.slack.views import sign_in
from bot.slack.views.message import Message


class SignIns:
    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    def asking(self, team: str, wanted: Wanted) -> Message:
        found = self._reception.connections.of(team, wanted.owner, wanted.plugin)
        return sign_in.asking(wanted, self._title(team, wanted.plugin), found)

    def _title(self, team: str, name: str) -> str:
        if slug_of(name):
            return self._reception.linking.servers.title(team, name)
        plugin = self._reception.connections.plugins.get(name)
        return name if plugin is None else plugin.title
