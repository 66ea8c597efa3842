"""What one check found, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`remedy` is what the operator can do; "" when all is well."""

    name: str
    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing to look at. `unanswered` is the remedy when the look takes too long."""

    name: str
    look: Callable[[], Iterable[Finding]]
    unanswered: str = "Run `cowork doctor` again; if it stays so, look at the disk and the network."


def fine(name: str, found: str) -> Finding:
    return Finding(name=name, state=State.OK, found=found)


def warning(name: str, found: str, remedy: str) -> Finding:
    return Finding(name=name, state=State.WARNING, found=found, remedy=remedy)


def failed(name: str, found: str, remedy: str) -> Finding:
    return Finding(name=name, state=State.FAILED, found=found, remedy=remedy)
