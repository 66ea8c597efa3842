"""What people point at: a path, a folder, a channel, a service; or nothing in particular."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

SERVICES = (
    r"jira|github|gitlab|bitbucket|linear|confluence|slack|notion|gmail|outlook|google\s+drive|google\s+docs"
    r"|google\s+calendar|sharepoint|onedrive|dropbox|asana|trello|hubspot|salesforce|stripe|zendesk|figma"
    r"|postgres(?:ql)?|snowflake|bigquery|airtable|teams|wiki"
)
_KINDS = (
    r"folders?|director(?:y|ies)|repos?|repositor(?:y|ies)|channels?|projects?|boards?|wikis?|spaces?|file"
    r"|document|doc|sheets?|spreadsheets?|calendars?|databases?|tables?|branch(?:es)?|drives?|inbox"
)
_ARTICLES = (
    r"(?:(?:the|my|our|your|any|all|of|its|their|this|that|these|those|a|an|existing|entire|whole|new|more|further"
    r"|other)\s+)*"
)
_THINGS = (
    r"(?:(?:anything|everything|something|stuff|things?|files?|documents?|contents?|changes?|data|e-?mails?|messages?"
    r"|it|them|tickets?|issues?|pages?|comments?|folders?|events?|posts?)\s+)?"
)
_INTO = (
    r"(?:(?:that\s+is\s+|that's\s+|which\s+is\s+)?(?:in|inside|within|under|from|of|into|to|on|at|with)\s+)?"
)
_QUOTED = r"[`\"'“‘](?P<quoted>[^`\"'”’\s][^`\"'”’]*)[`\"'”’]"
_PATH = r"(?P<path>(?:~|\.{1,2})?/?(?:[\w.@+-]+/)+[\w.@*+-]*|~?/[\w.@+-]+|\*\.\w{1,6}|[\w-]+\.[a-z][a-z0-9]{1,4}(?!\w))"
_HANDLE = r"(?P<handle>[#@][\w.-]+|<[#@][A-Z0-9]+(?:\|[^>]*)?>|[\w.+-]+@[\w-]+\.[\w.]+)"
_KIND = rf"(?P<named>[\w&.-]+(?:\s+[\w&.-]+){{0,2}}?)\s+(?:{_KINDS})\b"
_SERVICE = rf"(?P<service>{SERVICES})\b"
_PLACE = re.compile(
    rf"\s*{_INTO}{_ARTICLES}{_THINGS}{_INTO}{_ARTICLES}(?:{_QUOTED}|{_HANDLE}|{_PATH}|{_SERVICE}|{_KIND})",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"(?:(?:a|an|every|each|some|another|either|both|new|existing|other|any|more|old|original|current|source|single|extra|additional|word|excel|pdf|csv|html"
    r"|markdown|json|text|output|input|the|these|those|files?|documents?|anything|outside|in|to|of|or|and|for|from"
    r"|relevant|right|same|different|following|attached|necessary|my|our|your|first|last|two|three|one)\b\s*)+",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,\s*(?:and\s+|or\s+)?|\band\b|\bor\b|&)\s*", re.IGNORECASE)
_CALLED = re.compile(
    rf"\b(?:{_KINDS})\s+(?:called\s+|named\s+)?(?P<called>\w[\w.]*[-_\d][\w.-]*)", re.IGNORECASE
)
_URL = re.compile(r"(?:https?://|(?<![\w@./-])www\.)[^\s<>|)\"'`]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Places in a row, and where the words about them end."""

    names: tuple[str, ...]
    end: int


def places(text: str) -> Found | None:
    """The places that the text begins with: "drafts/ and the archive folder"; None where it begins with none."""
    names: list[str] = []
    end = 0
    while found := _PLACE.match(text, end if not names else _after_and(text, end)):
        said = [name for name in _names(found) if name]
        if not said or found.end() <= end:
            break
        names += said
        end = found.end()
        if _after_and(text, end) == end:
            break
    return Found(names=tuple(names), end=end) if names else None


def named(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Every place and address in some words, and the people and channels among them."""
    found: set[str] = set()
    people: dict[str, None] = {}
    for url in _URL.findall(text):
        if host := _host(url):
            found.add(host)
    rest = _URL.sub(" ", text)
    for match in re.finditer(rf"(?<![\w/]){_HANDLE}", rest):
        people[match["handle"]] = None
        found.add(_bare(match["handle"]))
    for pattern in (rf"(?<![\w/@.]){_PATH}", rf"\b{_SERVICE}", _QUOTED):
        for match in re.finditer(pattern, rest, re.IGNORECASE):
            found.add(" ".join(match[match.lastgroup or 0].split()))
    for match in re.finditer(rf"\b(?:the|my|our)\s+{_KIND}", rest, re.IGNORECASE):
        found.add(_bare(match["named"]))
    for match in _CALLED.finditer(rest):
        found.add(_bare(match["called"]).rstrip("."))
    return frozenset(name for name in found if name.strip(" /.")), tuple(people)


def is_spoken_of(name: str, words: str) -> bool:
    """Whether the words hold this name by itself: "meeting notes" is the folder meeting-notes. A path is no name."""
    parts = [re.escape(part) for part in re.split(r"[\s_-]+", name.casefold()) if part]
    called = r"[\s_-]+".join(parts)
    return bool(parts) and re.search(rf"(?<![\w/]){called}(?![\w/])", words.casefold()) is not None


def _host(url: str) -> str:
    """Without the stop or comma that belongs to the sentence; "" where there is none to be read."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return ""
    return (host or "").rstrip(".,;:!?")


def _after_and(text: str, at: int) -> int:
    found = _AND.match(text, at)
    return found.end() if found else at


def _names(found: re.Match[str]) -> list[str]:
    """One, or several of a kind: "the payments and billing repos"."""
    said = next((found[name] for name in ("quoted", "handle", "path", "service") if found[name]), "")
    if said:
        return [_bare(said)]
    return [_bare(_NOT_A_NAME.sub("", one, count=1)) for one in _AND.split(found["named"] or "")]


def _bare(said: str) -> str:
    """As policy looks for it in a name: without what only marks it as a place."""
    said = said.strip().strip("<>").split("|")[0].lstrip("#@").removeprefix("*").removeprefix("~")
    while said.startswith(("./", "../")):
        said = said.split("/", 1)[1]
    return said.strip("/ ")
