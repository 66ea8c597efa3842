"""What a connector may be called: nothing that people or the model would take for something else."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.connector import SLUG

OURS = ("cowork", "system", "assistant", "user", "admin", "slack", "anthropic", "claude", "mcp")
_ALIKE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "$": "s", "@": "a", "|": "l", "8": "b"}
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Letters of other alphabets that look like Latin ones: Cyrillic and Greek.
_FOREIGN = str.maketrans("авекмнорстухіјѕԁԛԝαβεικνορτυχ", "abekmhopctyxljsdqwabelkvoptux")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Names that no connector may look like: of tools that are there already, and of plugins, each with its title."""

    tools: Collection[str] = ()
    plugins: Mapping[str, str] = field(default_factory=dict)


def trouble(slug: str, title: str, taken: Taken, *, others: Iterable[tuple[str, str]] = ()) -> str:
    """Why this cannot be the name of a connector, with what to do about it; "" when it can.

    `others` are the slug and title of each other connector.
    """
    if not SLUG.fullmatch(slug):
        return (
            f"“{slug}” cannot be the short name of a connector: it begins with a letter, and has at most 24 small "
            "letters, digits and hyphens."
        )
    if not title.strip():
        return "A connector needs a title that people know it by."
    others = tuple(others)
    return _of_slug(slug, taken, others) or _of_title(title, taken.plugins, others)


def _of_slug(slug: str, taken: Taken, others: Iterable[tuple[str, str]]) -> str:
    looks = alike(slug)
    if looks in map(alike, OURS):
        return f"“{slug}” would be taken for Cowork itself. Choose another short name."
    for plugin, title in taken.plugins.items():
        if looks == alike(plugin):
            return f"“{slug}” would be taken for the plugin {title}. Choose another, like “{plugin}-mcp”."
    for tool in taken.tools:
        if looks == alike(tool):
            return f"“{slug}” would be taken for {tool}, a tool that is there already. Choose another short name."
    for other, title in others:
        if looks == alike(other):
            return f"“{slug}” would be taken for the connector {title} ({other}). Choose another short name."
    return ""


def _of_title(title: str, plugins: Mapping[str, str], others: Iterable[tuple[str, str]]) -> str:
    looks = alike(title)
    taken = [*OURS, *plugins.values(), *(other for _, other in others)]
    for one in taken:
        if looks == alike(one):
            return f"“{title}” would be taken for {one}. Choose a title that says what is different."
    return ""


def alike(name: str) -> str:
    """The same for names that look the same: whatever the case, the joints, and letters that pass for others."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = plain.translate(_FOREIGN).translate(_ALIKE)
    plain = "".join(letter for letter in plain if letter.isalnum())
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain
