"""What became of a connection, for whoever records it and lets go on what waited for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.connected import Connected
from bot.domain.person import Person
from bot.store.database import Session


class Change(StrEnum):
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    DIED = "sign_in_needed"
    REVOKED = "revoked"
    """Taken back at its server, once it was forgotten here."""
    NOT_REVOKED = "not_revoked"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """`by` is who did it; None where it was found by a call. `why` is why it was not revoked."""

    change: Change
    connected: Connected
    by: Person | None = None
    why: str = ""


Told = Callable[[Session, Happened], None]
"""Hears of it in the transaction that makes it so."""


def nobody(session: Session, happened: Happened) -> None:
    """Hears nothing."""
