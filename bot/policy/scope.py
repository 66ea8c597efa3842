"""Whether a resource lies in a place: text only, and what reads two ways lies nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.domain.effect import Realm, Resource
from bot.domain.grant import FolderGrant
from bot.sdk.scope import plain

SHORT = 3
_JOINTS = re.compile(r"[\s_-]+")


def is_inside(path: str, folder: str) -> bool:
    """Both absolute, compared name by name. A path with ".." is inside nothing: links make it mean two things."""
    inner, outer = _names(path), _names(folder)
    return inner is not None and outer is not None and inner[: len(outer)] == outer


def innermost(path: str, folders: Iterable[FolderGrant]) -> list[FolderGrant]:
    """Of the granted folders around a path the deepest (several, when one folder was granted twice)."""
    around = [folder for folder in folders if is_inside(path, folder.path)]
    deepest = max((_depth(folder) for folder in around), default=0)
    return [folder for folder in around if _depth(folder) == deepest]


def place_of(resource: Resource) -> str:
    """The one way to write where a resource is: "/a/b", "github/acme/api", "example.com"."""
    return f"{resource.name}/{resource.item}" if resource.item else resource.name


def is_within(resource: Resource, place: str) -> bool:
    """Whether it is the place or lies below it: a folder, a service, an item with or without its service, a host."""
    match resource.realm:
        case Realm.FOLDER:
            return is_inside(resource.name, place)
        case Realm.ADDRESS:
            return bool(_host(place)) and _host(resource.name) == _host(place)
        case Realm.SERVICE | Realm.CONNECTOR | Realm.SANDBOX:
            above = plain(place)
            written = (plain(resource.item), plain(place_of(resource)))
            return bool(above) and any(f"{text}/".startswith(f"{above}/") for text in written)


def is_within_any(resource: Resource, places: Iterable[str]) -> bool:
    return any(is_within(resource, place) for place in places)


def is_named(path: str, named: Iterable[str], folders: Iterable[str]) -> bool:
    """Whether a path lies in a place that was named: by its whole path, or by what it is called in a granted folder.

    "drafts" is /srv/reports/drafts where /srv/reports was granted, and "srv" is nothing. Case does not count.
    """
    inside = [parts for folder in folders if (parts := _parts_below(path, folder))]
    return any(
        is_inside(_loosely(path), _loosely(place))
        if place.startswith("/")
        else any(_holds(parts, _split_loosely(place)) for parts in inside)
        for place in named
    )


def contains(resource: Resource, words: str) -> bool:
    """Whether the words occur anywhere in the name or item, however they are written; "" always does.

    Short ones count as whole words only: "HR" is not in /home/chris.
    """
    wanted, there = _loose(words), _loose(place_of(resource))
    if not wanted or len(wanted) > SHORT or not wanted.isascii():
        return wanted in there
    before = r"(?<![^\W_])" if wanted[0].isalnum() else ""
    after = r"(?![^\W_])" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, there) is not None


def has_part(resource: Resource, words: str) -> bool:
    """Whether the words are whole parts of the place: "payments" of "acme/payments", not of "acme/payments-old"."""
    place, wanted = plain(place_of(resource)), plain(words)
    return bool(wanted) and ".." not in place.split("/") and f"/{wanted}/" in f"/{place}/"


def _names(path: str) -> tuple[str, ...] | None:
    names = tuple(name for name in path.split("/") if name not in ("", "."))
    return names if path.startswith("/") and ".." not in names and "\0" not in path else None


def _parts_below(path: str, folder: str) -> tuple[str, ...]:
    return _split_loosely(path)[len(_names(folder) or ()) :] if is_inside(path, folder) else ()


def _holds(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether these names stand in a row among the parts."""
    size = len(wanted)
    return bool(wanted) and any(parts[at : at + size] == wanted for at in range(len(parts) - size + 1))


def _split_loosely(path: str) -> tuple[str, ...]:
    return tuple(name for name in _loosely(path).removeprefix("~").split("/") if name not in ("", "."))


def _loosely(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _depth(folder: FolderGrant) -> int:
    return len(_names(folder.path) or ())


def _host(name: str) -> str:
    return name.strip().lower().rstrip(".")


def _loose(text: str) -> str:
    """However its words are joined: "Client files" is client-files and client_files."""
    return _JOINTS.sub(" ", unicodedata.normalize("NFKC", plain(text)).casefold())
