"""A task that gets nowhere: the same failure three times in a row, or many turns in which nothing new came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.budget import SpentOut
from bot.store.calls import Entry

SAME_FAILURES = 3
_SHOWN = 300


class Ruts:
    """Of one stretch: once a person has spoken, it may try again.

    After `turns` without anything new it stops; with 0 it never does. New is a call that succeeded as none did
    before: another call, or another answer to it. A plan that moved is one.
    """

    def __init__(self, turns: int = 0) -> None:
        self._most = turns
        self._known: set[tuple[str, str]] = set()
        self._failed: tuple[str, str] | None = None
        self._failures = 0
        self._idle = 0
        self._seen = 0
        self._is_begun = False

    def begin(self) -> None:
        """A turn was made in this stretch: what was made before it does not count."""
        self._is_begun = True

    def after(self, made: Sequence[Entry]) -> SpentOut | None:
        """Why it stops after a turn with these calls, all of them answered; None to go on."""
        if not made or made[0].seq <= self._seen:
            return None
        self._seen = made[0].seq
        if not self._is_begun:
            return None
        before = len(self._known)
        stuck = next((one for one in made if self._is_third(one)), None)
        self._idle = 0 if len(self._known) > before else self._idle + 1
        if stuck is not None:
            return SpentOut(why=_failed(stuck), is_stuck=True)
        if self._most and self._idle >= self._most:
            return SpentOut(why=f"In {self._idle} turns nothing new came of it.", is_stuck=True)
        return None

    def _is_third(self, entry: Entry) -> bool:
        what = (entry.digest, entry.text)
        if not entry.is_error:
            self._known.add(what)
            self._failed, self._failures = None, 0
            return False
        self._failures = self._failures + 1 if what == self._failed else 1
        self._failed = what
        return self._failures >= SAME_FAILURES


def _failed(entry: Entry) -> str:
    said = " ".join(entry.text.split())
    said = said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
    return f"The same step failed three times in a row: {entry.preview}. {said}"
