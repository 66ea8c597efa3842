"""What looks like a secret where a connector is written down: by the name it stands under, or by its own shape."""

from __future__ import annotations

import re

from bot.domain.veil import Veil
from bot.policy.serving import REFERENCE

_NAMES = re.compile(
    r"token|secret|passw(?:or)?d|passphrase|pwd|api[-_]?key|(?:access|private|auth|service|client)[-_]?key|credential"
    r"|authorization|cookie|dsn|(?:database|db|connection|postgres|redis|mongo\w*)[-_]?(?:url|uri|string)|^key$|_key$",
    re.I,
)
_NOT_NAMES = re.compile(r"(?:_|^)(?:max|min|count|limit|path|file|dir|name|id|enabled|type)$|_tokens$", re.I)
_PLAIN = re.compile(r"true|false|yes|no|on|off|none|null|\d{0,6}", re.I)
_SCHEME = re.compile(r"^\s*(?:bearer|basic|token|apikey)?\s*$", re.I)
_SHAPES = Veil()


def is_secret(name: str, value: str) -> bool:
    """Whether the value, as far as it is written out, should not stand in the clear."""
    rest = REFERENCE.sub("", value)
    if _SHAPES.found(rest):
        return True
    is_named = _NAMES.search(name) and not _NOT_NAMES.search(name)
    is_empty = not rest.strip() or (rest != value and _SCHEME.match(rest))
    return bool(is_named and not is_empty and not _PLAIN.fullmatch(rest.strip()))


def is_shown(text: str) -> bool:
    """Whether a secret stands in an argument or an address, where others can read it."""
    named = re.search(r"[?&;\s-]([\w-]+)[=\s]([^&;\s]{6,})", f" {text}")
    return bool(_SHAPES.found(text) or (named and is_secret(named[1], named[2])))
