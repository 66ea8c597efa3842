"""What Slack says of the person whose program asks: who they are now, and in which channels they may begin a task."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.domain.deciders import Facts
from bot.domain.person import Person
from bot.errors import NotAllowed, Unavailable
from bot.slack.desk import STRANGER, Desk
from bot.slack.people import Silent
from bot.slack.web import FAILURES

_PAGE = 1000
_PAGES = 20


class Entry:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def facts(self, person: Person, groups: frozenset[str] = frozenset()) -> Facts:
        """Raises `Unavailable` when Slack does not say, `NotAllowed` for who is not here (any more)."""
        if not self._desk.identity.is_ours(person.team):
            raise NotAllowed(STRANGER)
        try:
            return self._desk.facts(person, groups)
        except Silent as silent:
            raise Unavailable(
                "it did not say who you are", retry_after=2, service="Slack", nothing_done=True
            ) from silent

    def may_begin(self, person: Person, channel: str = "") -> None:
        """In a public channel any member may, as each can join it; elsewhere who is in it. Raises as `facts`."""
        facts = self.facts(person)
        if not channel:
            return
        try:
            is_theirs = self._is_theirs(person, channel, is_guest=facts.is_guest)
        except FAILURES as error:
            raise NotAllowed(
                f"I cannot look into the channel {channel}. Invite me there, or leave the place out."
            ) from error
        if not is_theirs:
            raise NotAllowed(f"{person.name} is not in the channel {channel}, so no task begins there.")

    def _is_theirs(self, person: Person, channel: str, *, is_guest: bool) -> bool:
        info: Mapping[str, Any] = self._desk.web.reads.conversations_info(channel=channel)["channel"]
        if info.get("is_im"):
            return info.get("user") == person.user
        if not (is_guest or info.get("is_private") or info.get("is_mpim")):
            return True
        pages = islice(self._desk.web.reads.conversations_members(channel=channel, limit=_PAGE), _PAGES)
        return any(person.user in (page.get("members") or []) for page in pages)
