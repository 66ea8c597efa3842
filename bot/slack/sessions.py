"""Slack's own sign of a thread's work, with its Stop button: it follows the task's state as well as Slack lets it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from bot.domain.task import Task, TaskState
from bot.slack import escape, fit
from bot.slack.web import FAILURES, Web, error_code

_STATUSES: Final = {
    TaskState.QUEUED: "processing",
    TaskState.WORKING: "processing",
    TaskState.WAITING: "suspended",
    TaskState.PAUSED: "suspended",
    TaskState.DONE: "active",
    TaskState.FAILED: "active",
    TaskState.STOPPED: "active",
}
_AGAIN = timedelta(minutes=30)
_PAUSE = timedelta(minutes=1)
_NEVER = frozenset(
    {"unknown_method", "missing_scope", "not_authorized", "not_allowed_token_type", "feature_not_enabled"}
)
_MOST = 5000

logger = logging.getLogger(__name__)


class Sessions:
    def __init__(self, web: Web) -> None:
        self._web = web
        self._told: dict[str, tuple[str, datetime]] = {}
        self._not_before: datetime | None = None
        self._is_off = False
        self._lock = threading.Lock()

    def follow(self, task: Task, thread: str, *, now: datetime) -> None:
        """Best effort: what Slack does not offer here is not asked for again."""
        status = _STATUSES[task.state]
        key = f"{task.place.channel}/{thread}"
        if not self._is_due(key, status, now):
            return
        try:
            self._web.posts.agents_sessions_setStatus(
                channel_id=task.place.channel,
                thread_ts=thread,
                status=status,
                title=fit.clip(escape.line(task.goal), 200),
                initiator_user_id=task.person.user,
            )
        except FAILURES as error:
            self._failed(error, now)
        else:
            self._remember(key, status, now)

    def left(self, task: Task, thread: str) -> None:
        """The task went on elsewhere, and nothing is at work in this thread. Best effort, and only once."""
        with self._lock:
            is_off = self._is_off
            self._told.pop(f"{task.place.channel}/{thread}", None)
        if is_off:
            return
        try:
            self._web.posts.agents_sessions_setStatus(
                channel_id=task.place.channel, thread_ts=thread, status=_STATUSES[TaskState.DONE]
            )
        except FAILURES as error:
            logger.info(
                "a thread that was left still shows work: %s", error_code(error) or type(error).__name__
            )

    def _is_due(self, key: str, status: str, now: datetime) -> bool:
        with self._lock:
            if self._is_off or (self._not_before is not None and now < self._not_before):
                return False
            told, at = self._told.get(key, ("", now))
            return told != status or (status == "processing" and now - at >= _AGAIN)

    def _remember(self, key: str, status: str, now: datetime) -> None:
        with self._lock:
            self._told.pop(key, None)
            self._told[key] = (status, now)
            while len(self._told) > _MOST:
                self._told.pop(next(iter(self._told)))

    def _failed(self, error: Exception, now: datetime) -> None:
        code = error_code(error) or type(error).__name__
        with self._lock:
            self._is_off = code in _NEVER
            self._not_before = now + _PAUSE
        logger.warning(
            "the session's status could not be set (%s)%s", code, "; not tried again" if self._is_off else ""
        )
