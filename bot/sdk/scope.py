"""Which items of a service a grant covers: patterns like "acme/*", compared as a service might read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote

MOST_DECODINGS = 4


@dataclass(frozen=True)
class Scope:
    """`patterns` as granted; none covers nothing."""

    patterns: tuple[str, ...] = ("*",)

    @property
    def is_all(self) -> bool:
        return "*" in self.patterns

    def covers(self, item: str) -> bool:
        return in_scope(item, self.patterns)


def in_scope(item: str, patterns: Iterable[str]) -> bool:
    """Whether an item of a service matches a pattern; case does not count, and an item with a path trick never does."""
    wanted = plain(item)
    if ".." in wanted.split("/") or unquote(wanted) != wanted:
        return False
    return any(fnmatchcase(wanted, plain(pattern)) for pattern in patterns)


def plain(item: str) -> str:
    """An item as a service might read it: percent-decoded, with single forward slashes, in lower case."""
    for _ in range(MOST_DECODINGS):
        item = unquote(item)
    parts = item.lower().replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))
