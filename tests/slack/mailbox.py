"""What Slack would deliver, caught at the wire: a test hands it to the real listeners when it likes."""

from __future__ import annotations

import threading
from typing import Any

from slack_bolt import BoltRequest

from bot.emulator.outcome import Acked, Outcome
from bot.slack.edge import SlackEdge


class Mailbox:
    """Stands where Slack's deliveries leave: keeps what people did, and acknowledges everything for Slack."""

    def __init__(self, bot_user: str) -> None:
        self.bot_user = bot_user
        self.came: list[dict[str, Any]] = []
        self._lock = threading.Condition()

    def post(self, envelope: dict[str, Any], timeout: float) -> Outcome:
        payload = envelope["payload"]
        event = payload.get("event") or {}
        if self.bot_user not in (event.get("user"), (event.get("message") or {}).get("user")):
            with self._lock:
                self.came.append(payload)
                self._lock.notify_all()
        return Acked()

    def taken(self, count: int) -> list[dict[str, Any]]:
        """These many deliveries, in an order that does not depend on threads."""
        with self._lock:
            assert self._lock.wait_for(lambda: len(self.came) >= count, 20)
            came, self.came = self.came, []
        return sorted(came, key=lambda payload: str(payload.get("event", {}).get("type", "")))


def deliver(edge: SlackEdge, payload: dict[str, Any]) -> int:
    """The status that Slack sees."""
    return int(edge.app.dispatch(BoltRequest(body=payload, mode="socket_mode")).status)
