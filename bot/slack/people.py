"""Who people are, as Slack tells it: asked once an hour, in the background, and waited for only a moment."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.clock import Clock
from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.slack.errands import Errands
from bot.slack.waits import Waits
from bot.slack.web import FAILURES, Web

_FRESH = timedelta(hours=1)
_FRESH_TO_DECIDE = timedelta(seconds=30)
_MOST = 2000


@dataclass(frozen=True, kw_only=True)
class Profile:
    name: str
    is_guest: bool
    is_admin: bool
    is_gone: bool
    at: datetime


class Silent(NotAllowed):
    """Slack did not say in time: the same a moment later may do."""


class People:
    def __init__(self, web: Web, errands: Errands, *, clock: Clock, waits: Waits) -> None:
        self._web = web
        self._errands = errands
        self._clock = clock
        self._waits = waits
        self._known: OrderedDict[str, Profile] = OrderedDict()
        self._asked: dict[str, Future[Profile | None]] = {}
        self._lock = threading.Lock()

    def person(self, team: str, user: str, name: str = "") -> Person:
        """By their real name if it is known by now, else by `name`, else by their id."""
        asked = self._profile(user)
        profile = _within(asked, 0 if name else self._waits.name)
        return Person(team=team, user=user, name=profile.name if profile else name or user)

    def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Real names by id, waited for together; an id stands for itself where Slack does not answer."""
        asked = {user: self._profile(user) for user in set(users)}
        wait(asked.values(), self._waits.name)
        found = {user: _within(future, 0) for user, future in asked.items()}
        return {user: profile.name if profile else user for user, profile in found.items()}

    def now(self, person: Person) -> Profile:
        """As of a moment ago. Raises `NotAllowed` when Slack does not say in time: nobody decides unrecognised."""
        profile = _within(self._profile(person.user, _FRESH_TO_DECIDE), self._waits.who)
        if profile is None:
            raise Silent("Slack did not tell me in time who you are. Please press again.")
        if profile.is_gone:
            raise NotAllowed(f"{profile.name} is not here any more: the account was deactivated.")
        return profile

    def _profile(self, user: str, fresh: timedelta = _FRESH) -> Future[Profile | None]:
        with self._lock:
            known = self._known.get(user)
            if known is not None and self._clock() - known.at < fresh:
                self._known.move_to_end(user)
                done: Future[Profile | None] = Future()
                done.set_result(known)
                return done
            if user not in self._asked:
                self._asked[user] = self._errands.ask(lambda: self._ask(user))
            return self._asked[user]

    def _ask(self, user: str) -> Profile | None:
        profile = None
        try:
            profile = _profile_of(self._web.quick.users_info(user=user)["user"], self._clock())
        except FAILURES:
            return None
        finally:
            with self._lock:
                self._asked.pop(user, None)
                if profile is not None:
                    self._known[user] = profile
                    while len(self._known) > _MOST:
                        self._known.popitem(last=False)
        return profile


def _within(future: Future[Profile | None], seconds: float) -> Profile | None:
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        return None


def _profile_of(user: Mapping[str, Any], now: datetime) -> Profile:
    shown = user.get("profile") or {}
    name = shown.get("display_name") if not user.get("real_name") else user["real_name"]
    kinds = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
    return Profile(
        name=str(name or user.get("name") or user["id"]),
        is_guest=any(user.get(kind) for kind in kinds),
        is_admin=any(user.get(kind) for kind in ("is_admin", "is_owner", "is_primary_owner")),
        is_gone=bool(user.get("deleted")),
        at=now,
    )
