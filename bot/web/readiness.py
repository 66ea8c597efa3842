"""Whether work can be done now: each part is looked at seldom, beside the request, and the last answer is kept."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

PATIENCE = 2.0
_AFTER_TROUBLE = 5.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Part:
    """`look` returns why it is not ready, "" when it is. An answer is kept for `keep` seconds, trouble for five."""

    name: str
    look: Callable[[], str]
    keep: float = 30.0


class Readiness:
    """However often it is asked, and however slow a part is: one look at a time, and an answer within `patience`."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        patience: float = PATIENCE,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._looks = [_Look(part, elapsed) for part in parts]
        self._patience = patience

    def report(self) -> dict[str, Any]:
        """`{"status": "ready", "parts": {"model": {"ready": true, "why": ""}}}`; may take `patience` seconds."""
        begun = [(look.part.name, look.answer()) for look in self._looks]
        deadline = time.monotonic() + self._patience
        parts = {name: self._said(answer, deadline) for name, answer in begun}
        is_ready = all(part["ready"] for part in parts.values())
        return {"status": "ready" if is_ready else "not ready", "parts": parts}

    def _said(self, answer: Future[str], deadline: float) -> dict[str, Any]:
        try:
            why = answer.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            why = f"no answer within {self._patience:g} seconds"
        return {"ready": not why, "why": why}


class _Look:
    def __init__(self, part: Part, elapsed: Callable[[], float]) -> None:
        self.part = part
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._answer: Future[str] | None = None
        self._until = 0.0

    def answer(self) -> Future[str]:
        with self._lock:
            is_old = self._answer is None or (self._answer.done() and self._elapsed() >= self._until)
            if self._answer is None or is_old:
                self._answer = Future()
                threading.Thread(
                    target=self._give, args=(self._answer,), name=f"look-{self.part.name}", daemon=True
                ).start()
            return self._answer

    def _give(self, answer: Future[str]) -> None:
        try:
            why = self.part.look()
        except Exception:
            logger.exception("the look at %s went wrong", self.part.name)
            why = "the look itself went wrong; the log says how"
        self._until = self._elapsed() + (min(self.part.keep, _AFTER_TROUBLE) if why else self.part.keep)
        answer.set_result(why)
