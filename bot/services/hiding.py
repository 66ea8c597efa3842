"""A veil that learns: a token is hidden everywhere from the moment that this process has it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from bot.domain.veil import Hidden, Veil

_LASTING = 8
"""So many secrets of one connection stay hidden: what was renewed a moment ago may be in an answer still."""


class LearningVeil(Veil):
    """Whoever was given it hides what it learns later, too."""

    _lock: threading.Lock
    _learnt: dict[str, tuple[tuple[str, str], ...]]
    _now: Veil

    def __init__(self, values: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(tuple(values))
        self._set(_lock=threading.Lock(), _learnt={}, _now=Veil(self.values))

    def learn(self, connection: str, secrets: Mapping[str, str]) -> None:
        """`secrets` by what people are told that they are."""
        with self._lock:
            known = self._learnt.get(connection, ())
            new = tuple(
                (name, value) for name, value in secrets.items() if value and (name, value) not in known
            )
            if new:
                self._learnt[connection] = (*known, *new)[-_LASTING:]
                learnt = (one for of_one in self._learnt.values() for one in of_one)
                self._set(_now=Veil((*self.values, *learnt)))

    def found(self, text: str) -> tuple[Hidden, ...]:
        return self._now.found(text)

    def _set(self, **parts: object) -> None:
        """Its kind is frozen: what it was given never changes."""
        for name, part in parts.items():
            object.__setattr__(self, name, part)
