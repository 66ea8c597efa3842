"""Who the admins of the workspace are: whoever cannot do something is told whom to ask. Looked up once an hour."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.clock import Clock
from bot.slack.web import FAILURES, Web

_FRESH = timedelta(hours=1)
_PAGES = 5
_PAGE = 200
_NAMED = 3
_ADMIN = ("is_admin", "is_owner", "is_primary_owner")

UNKNOWN = "an admin of this workspace"


class Admins:
    def __init__(self, web: Web, *, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._known: tuple[datetime, tuple[str, ...]] | None = None
        self._lock = threading.Lock()

    def named(self) -> str:
        """In mrkdwn: "@mia or @ana"; only that they are admins where Slack does not say. May ask Slack."""
        with self._lock:
            if self._known is None or self._clock() - self._known[0] >= _FRESH:
                try:
                    self._known = (self._clock(), self._asked())
                except FAILURES:
                    return UNKNOWN
            users = self._known[1]
        return " or ".join(f"<@{user}>" for user in users[:_NAMED]) or UNKNOWN

    def _asked(self) -> tuple[str, ...]:
        """The first few, in Slack's order."""
        found: list[str] = []
        cursor = ""
        for _ in range(_PAGES):
            page = self._web.reads.users_list(limit=_PAGE, cursor=cursor)
            found += [str(user["id"]) for user in page["members"] if _is_admin(user)]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor or len(found) >= _NAMED:
                break
        return tuple(found)


def _is_admin(user: Mapping[str, Any]) -> bool:
    return any(user.get(kind) for kind in _ADMIN) and not user.get("deleted")
