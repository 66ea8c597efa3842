"""The faults a test or the page's inspector has ordered, each used up as it happens."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass

from bot.emulator.wire import Json


@dataclass(kw_only=True)
class Fault:
    kind: str  # fail | lose_answer | drop_call | slow | duplicate_event | delay_event | drop_ack
    times: int = 1
    method: str | None = None
    status: int = 429
    error: str | None = None
    retry_after: float | None = None
    seconds: float = 0.0


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._ordered.append(fault)

    def take(self, kind: str, method: str | None = None) -> Fault | None:
        """Use up one of the faults ordered for this, if there is one."""
        with self._lock:
            for fault in self._ordered:
                if fault.kind == kind and fault.method in (None, method):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._ordered.remove(fault)
                    return fault
        return None

    def active(self) -> list[Json]:
        with self._lock:
            return [asdict(fault) for fault in self._ordered]

    def clear(self) -> None:
        with self._lock:
            self._ordered.clear()
