"""Encryption at rest: what one of the operator's keys sealed is opened by it, and by no one without."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import NotConfigured

SHORTEST = 32
NO_KEY = (
    "COWORK_SECRET_KEY is not set, and nothing is kept secret without it. Make one where Cowork's .env is, keep a copy "
    'elsewhere, and try again:\necho "COWORK_SECRET_KEY=$(openssl rand -base64 32)" >> .env'
)
_PURPOSE = b"cowork vault v1"


@dataclass(frozen=True)
class Seal:
    """`keys` are those of COWORK_SECRET_KEY: the first seals, any of them opens. All raise `NotConfigured`."""

    keys: tuple[str, ...] = ()

    def sealed(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str:
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise _wrong() from None

    def again(self, sealed: str) -> str:
        """The same, sealed with the first key."""
        try:
            return self._fernet().rotate(sealed.encode()).decode()
        except InvalidToken:
            raise _wrong() from None

    def _fernet(self) -> MultiFernet:
        if not self.keys:
            raise NotConfigured(NO_KEY)
        return MultiFernet([_of(key) for key in self.keys])


def _of(secret: str) -> Fernet:
    if len(secret) < SHORTEST:
        raise NotConfigured(
            f"COWORK_SECRET_KEY is too short: each key needs {SHORTEST} characters or more. "
            "`openssl rand -base64 32` gives one."
        )
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _wrong() -> NotConfigured:
    return NotConfigured(
        "A secret in the database was sealed with another key than COWORK_SECRET_KEY has, or was altered. Add the key "
        "of then to COWORK_SECRET_KEY, after a space. Nothing was changed."
    )
