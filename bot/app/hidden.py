"""What is told to nobody from the start: the secrets that the operator gave us, and those kept in the vault."""

from __future__ import annotations

from bot.services.hiding import LearningVeil
from bot.settings import Settings
from bot.store import vault
from bot.store.database import Database
from bot.store.sealing import Seal


def veil(database: Database, settings: Settings) -> LearningVeil:
    """Hides what the operator gave us and what is kept in the vault. Raises `NotConfigured` for what we cannot open."""
    with database.read() as session:
        kept = vault.values(session, Seal(settings.secret_keys))
    return LearningVeil((*settings.veil.values, *kept))
