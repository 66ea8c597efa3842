"""Who reads what is posted in a place, as Slack tells it: asked every few minutes; what it does not tell is anyone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Container
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from slack_sdk.web import SlackResponse

from bot.domain.clock import Clock
from bot.domain.label import Audience
from bot.slack import outcomes
from bot.slack.limits import LOOK
from bot.slack.outcomes import Outcome, Throttled, Unauthorised, Unknown
from bot.slack.web import FAILURES, Web, error_code

_FRESH = timedelta(minutes=5)
_PAGE = 1000
_PAGES = 20
_MOST = 2000
_NO_GUESTS = "unknown_method"
"""Slack never says this of these calls; what stands in for it and knows no guests does."""
_SHARED = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared")
_GUESTS = ("is_restricted", "is_ultra_restricted", "is_stranger")

logger = logging.getLogger(__name__)


class Readers:
    def __init__(self, web: Web, *, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._known: dict[str, tuple[Audience, datetime]] = {}
        self._guests: tuple[Container[str], datetime] | None = None
        self._lock = threading.Lock()

    def of(self, channel: str) -> Audience | Outcome:
        """An `Outcome` where Slack cannot be asked now. Direct messages with us are their person's alone."""
        if channel.startswith("D"):
            return Audience.REQUESTER
        with self._lock:
            known = self._known.get(channel)
        if known is not None and self._clock() - known[1] < _FRESH:
            return known[0]
        try:
            found = Audience.ANYONE if self._has_others(channel) else Audience.WORKSPACE
        except FAILURES as error:
            if error_code(error) == _NO_GUESTS:
                return Audience.WORKSPACE
            outcome = outcomes.of_failure(error, LOOK)
            if isinstance(outcome, Throttled | Unknown | Unauthorised):
                return outcome
            logger.warning("who reads in %s is not known (%s): it counts as anyone", channel, outcome)
            found = Audience.ANYONE
        self._remember(channel, found)
        return found

    def _has_others(self, channel: str) -> bool:
        """Guests, or people of other workspaces. More than we can look through count as such."""
        info = self._web.reads.conversations_info(channel=channel).get("channel") or {}
        if any(info.get(kind) for kind in _SHARED):
            return True
        guests = self._all_guests()
        if guests == frozenset():
            return False
        here = _looked_through(self._web.reads.conversations_members(channel=channel, limit=_PAGE))
        return here is None or any(one in guests for one in here)

    def _all_guests(self) -> Container[str]:
        """Of the workspace, which are few."""
        if self._guests is None or self._clock() - self._guests[1] >= _FRESH:
            people = _looked_through(self._web.reads.users_list(limit=_PAGE))
            found = (str(one["id"]) for one in people or () if any(one.get(kind) for kind in _GUESTS))
            self._guests = (_Everyone() if people is None else frozenset(found)), self._clock()
        return self._guests[0]

    def _remember(self, channel: str, found: Audience) -> None:
        with self._lock:
            self._known.pop(channel, None)
            self._known[channel] = (found, self._clock())
            while len(self._known) > _MOST:
                self._known.pop(next(iter(self._known)))


class _Everyone(Container[str]):
    """As it cannot be told who is a guest."""

    def __contains__(self, user: object) -> bool:
        return True


def _looked_through(answer: SlackResponse) -> list[Any] | None:
    """All of a list that Slack gives in pages; None where it goes on for too long."""
    pages = list(islice(answer, _PAGES + 1))
    if len(pages) > _PAGES:
        return None
    return [one for page in pages for one in page.get("members") or []]
