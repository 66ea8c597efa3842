"""What goes wrong with a call: refused outright, answered badly, or delivered badly.

Every fault is a value made by a function of `bot.rehearsal.trouble`; `Faults` says which call meets which.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.rehearsal.gate import Gate
from bot.rehearsal.refusal import Refusal

Ending = Literal["reset", "drop", "clean", "error"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    `refusal` is answered before the mind is asked (or, with the ending "error", as an event in the stream).
    `change` alters the message. The rest is about delivery: `before` holds back the headers, `hold` waits
    after `after` events, `ending` breaks off after `after` events (before the headers if that is None), and
    `piece` cuts what is written into so many bytes.
    """

    name: str
    refusal: Refusal | None = None
    change: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    before: Gate | None = None
    hold: Gate | None = None
    after: int | None = None
    ending: Ending | None = None
    piece: int | None = None


class Faults:
    """Which call meets which fault.

    `at` names calls by number, the first `POST /v1/messages` being 1. With `seed`, every other call meets one of
    `among` with probability `share`, the same ones for the same seed. `next` adds one for the coming call, and
    `always`, while it is set, is met by every call.
    """

    def __init__(
        self,
        at: Mapping[int, Fault] | None = None,
        *,
        seed: int | None = None,
        share: float = 0.0,
        among: Sequence[Fault] = (),
    ) -> None:
        self.always: Fault | None = None
        self.met: list[tuple[int, str]] = []
        self._at = dict(at or {})
        self._chance = random.Random(seed)
        self._share = share
        self._among = among
        self._coming: list[Fault] = []
        self._lock = threading.Lock()

    def next(self, *faults: Fault) -> None:
        """The coming calls meet these, one each."""
        with self._lock:
            self._coming.extend(faults)

    def of_call(self, number: int) -> Fault | None:
        """What this call meets; ask once a call."""
        with self._lock:
            fault = self._chosen(number)
            if fault is not None:
                self.met.append((number, fault.name))
            return fault

    def _chosen(self, number: int) -> Fault | None:
        lot = self._chance.random()
        if self.always is not None:
            return self.always
        if number in self._at:
            return self._at[number]
        if self._coming:
            return self._coming.pop(0)
        return self._chance.choice(self._among) if self._among and lot < self._share else None
