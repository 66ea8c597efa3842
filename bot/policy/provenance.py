"""Who named the place that a call goes to: the requester, an admin, or the service itself; or nobody who may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bot.domain.destination import Aim, Issued, Origins, Target
from bot.domain.effect import Access, services_of
from bot.domain.grant import Grants
from bot.policy.reader.said import own
from bot.policy.words import shown

MOST_SHOWN = 3
LONGEST_SHOWN = 80
_ANYTHING = frozenset("*?[")
_WEB = {"http": 80, "https": 443}
_LINK = re.compile(r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?[^\s<>|\"'`()\[\]{},;]+", re.IGNORECASE)
_LAST = ".,;:!?'’\"”*_~"
_BEFORE = r"(?<![\w./\\%+~=&?$-])(?<![\w.+-]@)(?<!\w['’:#])"
_AFTER = r"(?![\w/\\@%+~=&$-])(?![.:?#!][\w/\\@-])(?!['’](?!s\b)\w)"


@dataclass(frozen=True, kw_only=True)
class _Page:
    """An address of the web, read in one way only. `names` are the parts of its path."""

    host: str
    port: int | None
    names: tuple[str, ...]
    rest: str


def strangers(
    targets: Iterable[Target], *, origins: Origins, grants: Grants, accesses: Sequence[Access]
) -> tuple[str, ...]:
    """Those that nobody who may has named, as people are shown them. Looked at one by one, exactly and as a whole."""
    services = services_of(accesses)
    said = [own(words) for words in origins.said]
    listed = _listed(grants, accesses)
    return tuple(
        dict.fromkeys(
            target.shown
            for target in targets
            if not (
                any(Issued(by=by, id=target.text) in origins.issued for by in services)
                or any(_is_on(target, one) for one in listed)
                or any(_is_said(target, words) for words in said)
            )
        )
    )


def told(strange: Sequence[str], accesses: Sequence[Access]) -> str:
    """For people: which those are."""
    asked = {shown(one.partition(":")[2]) for one in services_of(accesses)}
    own_services = f" nor {' or '.join(sorted(asked))} itself" if asked else ""
    named = [f'"{_cut(shown(one))}"' for one in strange[:MOST_SHOWN]]
    more = len(strange) - len(named)
    return f"Neither you nor an admin{own_services} named {', '.join(named)}{f' and {more} more' if more else ''}."


def _listed(grants: Grants, accesses: Sequence[Access]) -> frozenset[str]:
    """What an admin wrote out; a pattern names nobody."""
    services = (
        granted.scope
        for one in accesses
        for held in (grants.services, grants.connectors)
        if (granted := held.get(one.resource.name)) is not None
    )
    named = grants.addresses.union(*services)
    return frozenset(one for one in named if not _ANYTHING.intersection(one))


def _is_on(target: Target, listed: str) -> bool:
    if target.aim is Aim.ADDRESS:
        return _leads_into(target.text, listed)
    return _plain(target.text, target.aim) == _plain(listed, target.aim)


def _is_said(target: Target, words: str) -> bool:
    match target.aim:
        case Aim.ADDRESS:
            return any(_leads_into(target.text, link) for link in _links(words))
        case Aim.COMMAND:
            return _stands_in(target, words)
        case Aim.NAME:
            return _stands_in(target, words) or any(_is_path_of(target, link) for link in _links(words))


def _stands_in(target: Target, words: str) -> bool:
    """As a whole: "acme.com" is not in "evil-acme.com", nor in "bob@acme.com"."""
    wanted = _plain(target.text, target.aim)
    if not wanted or _has_hidden(target.text):
        return False
    return re.search(_BEFORE + re.escape(wanted) + _AFTER, _plain(words, target.aim)) is not None


def _is_path_of(target: Target, link: str) -> bool:
    """ "acme/api" of https://github.com/acme/api/issues: a repository is often named by its address."""
    page = _page(link) if "//" in link else None
    wanted = tuple(_plain(target.text, Aim.NAME).split("/"))
    if page is None or len(wanted) != 2 or _has_hidden(target.text):
        return False
    return tuple(_plain(name, Aim.NAME) for name in page.names[:2]) == wanted


def _leads_into(address: str, known: str) -> bool:
    """Whether it is that page, or lies below it: all of a host whose name was given, one page where that was."""
    if address == known:
        return True
    page, root = _page(address), _page(known)
    if page is None or root is None or (page.host, page.port) != (root.host, root.port):
        return False
    if root.rest:
        return (page.names, page.rest) == (root.names, root.rest)
    return page.names[: len(root.names)] == root.names


def _page(address: str) -> _Page | None:
    """None for what is no address of the web, or what two readers could read in two ways."""
    if _has_hidden(address) or any(letter in "\\ @" for letter in address):
        return None
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        port = parts.port or _WEB.get(parts.scheme)
    except ValueError:
        return None
    host = _plain(parts.hostname or "", Aim.ADDRESS).rstrip(".")
    if parts.scheme not in _WEB or "%" in host or "." not in host or "//" in parts.path:
        return None
    names = tuple(name for name in parts.path.split("/") if name)
    if any(unquote(name) in (".", "..") or "/" in unquote(name) or "\\" in unquote(name) for name in names):
        return None
    standard = None if port in _WEB.values() else port
    return _Page(host=host, port=standard, names=names, rest=f"{parts.query}#{parts.fragment}".strip("#"))


def _links(words: str) -> Iterator[str]:
    """Without the stop or comma that belongs to the sentence."""
    for found in _LINK.finditer(words):
        link = found[0].rstrip(_LAST).lstrip(_LAST)
        if "." in link:
            yield link


def _plain(text: str, aim: Aim) -> str:
    """As it reads, with one kind of space: of a command the very letters, of any other name their kind alone."""
    if aim is Aim.COMMAND:
        return unicodedata.normalize("NFC", text).strip()
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return plain.lstrip("#@") if aim is Aim.NAME else plain


def _has_hidden(text: str) -> bool:
    """Something in it does not show, or turns the rest round."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"
