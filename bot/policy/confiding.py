"""What looks like a secret where a connector is written down: by the name it stands under, or by its own shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from bot.domain.connector import Connector
from bot.domain.veil import Veil
from bot.policy.serving import REFERENCE

_NAMES = re.compile(
    r"token|secret|passw(?:or)?d|passphrase|pwd|api[-_]?key|(?:access|private|auth|service|client)[-_]?key|credential"
    r"|authorization|cookie|dsn|(?:database|db|connection|postgres|redis|mongo\w*)[-_]?(?:url|uri|string)|^key$|_key$"
    r"|bearer|(?:^|[-_])(?:auth|pw|jwt)$|(?<!by)(?<!com)pass$",
    re.I,
)
_NOT_NAMES = re.compile(
    r"(?:[-_]|^)(?:max|min|count|limit|path|file|dir|name|id|enabled|type)$|_tokens$", re.I
)
_PLAIN = re.compile(r"true|false|yes|no|on|off|none|null|basic|bearer|digest|oauth2?|\d{0,6}", re.I)
_SCHEME = re.compile(r"^\s*(?:bearer|basic|token|apikey)?\s*$", re.I)
_NAMED = re.compile(r"(?:^|[?&;\s-])([\w-]+)[=\s]([^&;\s]{6,})")
_GLUED = re.compile(r"-p(?=[a-z\W_]*\d)(?=[\W\d_]*[a-z])[^\s/=:.,-]{6,}", re.I)
"""`-phunter22`, as clients of databases take it: letters and digits, and no path, port or word."""
_KEY = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{24,}={0,2}", re.I)
"""A part of a path that nobody thought up."""
_NOT_VALUES = ("-", "/", "./", "~")
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
    return bool(
        _SHAPES.found(text)
        or _GLUED.fullmatch(text)
        or any(is_secret(name, value) for name, value in _NAMED.findall(text))
        or ("://" in text and _KEY.search(unquote(urlsplit(text).path)))
    )


def is_shown_in(command: Sequence[str]) -> bool:
    """The same of a command, where the value of `--password` is the next argument."""
    program, arguments = " ".join(command[:1]), command[1:]
    following = ((name.lstrip("-"), value) for name, value in pairwise(arguments) if name.startswith("-"))
    return bool(
        _SHAPES.found(program)
        or any(map(is_shown, arguments))
        or any(is_secret(name, value) for name, value in following if not value.startswith(_NOT_VALUES))
    )


def exposed(connector: Connector) -> str:
    """Why not, where a secret is written out, as it is said wherever a connector is set up; "" where none is."""
    if is_shown_in(connector.command) or is_shown(connector.url):
        return "There is a secret in the command or the address, where others can read it. Nothing was kept."
    secret = {"client_secret": connector.client_secret} if connector.client_secret else {}
    for name, value in (*connector.environment.items(), *connector.headers.items(), *secret.items()):
        if is_secret(name, value):
            return (
                f"{name} looks like a secret. Keep it with `cowork secrets set NAME`, and write ${{NAME}} here. "
                "Nothing was kept."
            )
    return ""
