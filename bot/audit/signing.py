"""Signed statements about the log: a head to keep elsewhere, a beginning that was pruned. Ed25519, after RFC 8032."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.call import canonical
from bot.errors import NotConfigured

SHORTEST = 32
_PURPOSE = b"cowork audit signature v1"

NO_KEY = (
    "COWORK_SECRET_KEY is not set, and nothing can be signed without it. Set it to a long random text, such as "
    "`openssl rand -base64 32` gives, keep a copy elsewhere, and try again."
)


@dataclass(frozen=True)
class Signer:
    """`keys` are those of COWORK_SECRET_KEY: the first signs, and what any of them signed is ours."""

    keys: tuple[str, ...] = ()

    @property
    def trusted(self) -> frozenset[str]:
        """The public keys, as statements name them."""
        return frozenset(_public(_private(key)) for key in self.keys)

    def signed(self, statement: Mapping[str, Any]) -> dict[str, Any]:
        """The statement with our public key and the signature. Raises `NotConfigured` without a key."""
        if not self.keys:
            raise NotConfigured(NO_KEY)
        key = _private(self.keys[0])
        stated = {**statement, "key": _public(key)}
        return {**stated, "signature": _text(key.sign(_content(stated)))}


def is_signed(statement: Mapping[str, Any]) -> bool:
    """The signature is of the key that the statement names; whose key that is it does not tell."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(str(statement["key"]), validate=True))
        key.verify(base64.b64decode(str(statement["signature"]), validate=True), _content(statement))
    except (KeyError, ValueError, InvalidSignature):
        return False
    return True


def _private(secret: str) -> Ed25519PrivateKey:
    if len(secret) < SHORTEST:
        raise NotConfigured(
            f"COWORK_SECRET_KEY is too short: each key needs {SHORTEST} characters or more. "
            "`openssl rand -base64 32` gives one."
        )
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public(key: Ed25519PrivateKey) -> str:
    return _text(key.public_key().public_bytes_raw())


def _content(statement: Mapping[str, Any]) -> bytes:
    return canonical({name: value for name, value in statement.items() if name != "signature"}).encode()


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
