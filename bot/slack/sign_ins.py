"""What a thread says of the sign-in that its task needs, as things stand at the moment it is drawn."""

from __future__ import annotations

from bot.domain.connected import Wanted
from bot.services.connections import Connections
from bot.slack.views import sign_in
from bot.slack.views.message import Message


class SignIns:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def asking(self, team: str, wanted: Wanted) -> Message:
        plugin = self._connections.plugins.get(wanted.plugin)
        title = wanted.plugin if plugin is None else plugin.title
        return sign_in.asking(wanted, title, self._connections.of(team, wanted.owner, wanted.plugin))
