"""User groups: who is in them now, asked at the click and kept for half a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.slack.errands import Errands
from bot.slack.waits import Waits
from bot.slack.web import FAILURES, Web, error_code

_FRESH = timedelta(seconds=30)

_NO_SCOPE = "I may not see who is in {name}: Slack did not give me usergroups:read. An admin installs me again with it."
_NO_GROUP = (
    "{name} is no user group here, so I cannot tell who may decide. Ask whoever set up COWORK_APPROVALS."
)
_SILENT = "Slack did not tell me in time who is in {name}. Please press again."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """By name what Slack says, and until when it is waited for (of the monotonic clock)."""

    answers: Mapping[str, Future[frozenset[str] | str]]
    until: float


class Groups:
    """A group is named by its id or its "@handle"."""

    def __init__(self, web: Web, errands: Errands, *, clock: Clock, waits: Waits) -> None:
        self._web = web
        self._errands = errands
        self._clock = clock
        self._waits = waits
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._ids: dict[str, tuple[datetime, str]] = {}
        self._lock = threading.Lock()

    def ask(self, names: Iterable[str]) -> Asked:
        """Begins to ask, beside whatever else is asked about whoever clicked."""
        answers = {name: self._errands.ask(self._asking(name)) for name in names}
        return Asked(answers=answers, until=time.monotonic() + self._waits.who)

    def members(self, asked: Asked) -> dict[str, frozenset[str] | str]:
        """By name the ids of who is in the group, or in words why that is not known."""
        wait(asked.answers.values(), max(0.0, asked.until - time.monotonic()))
        return {
            name: future.result() if future.done() else _SILENT.format(name=name)
            for name, future in asked.answers.items()
        }

    def mention(self, name: str) -> str:
        """In mrkdwn, so that Slack notifies its members; its name where Slack does not answer."""
        try:
            group = self._id(name)
        except FAILURES:
            return name
        label = f"|{name}" if name.startswith("@") else ""
        return f"<!subteam^{group}{label}>" if group else name

    def _asking(self, name: str) -> Callable[[], frozenset[str] | str]:
        def ask() -> frozenset[str] | str:
            try:
                return self._members(name)
            except FAILURES as error:
                why = {"missing_scope": _NO_SCOPE, "no_such_subteam": _NO_GROUP}
                return why.get(error_code(error), _SILENT).format(name=name)

        return ask

    def _members(self, name: str) -> frozenset[str] | str:
        with self._lock:
            at, known = self._known.get(name, (None, frozenset[str]()))
        if at is not None and self._clock() - at < _FRESH:
            return known
        group = self._id(name)
        if not group:
            return _NO_GROUP.format(name=name)
        found = frozenset(map(str, self._web.quick.usergroups_users_list(usergroup=group)["users"]))
        with self._lock:
            self._known[name] = self._clock(), found
        return found

    def _id(self, name: str) -> str:
        """ "" for a handle that no group has."""
        if not name.startswith("@"):
            return name
        with self._lock:
            at, known = self._ids.get(name, (None, ""))
        if at is not None and self._clock() - at < _FRESH:
            return known
        listed = self._web.quick.usergroups_list()["usergroups"]
        found = next((str(one["id"]) for one in listed if f"@{one['handle']}" == name), "")
        with self._lock:
            self._ids[name] = self._clock(), found
        return found
