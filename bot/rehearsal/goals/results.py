"""What the tools' results say: the one place that knows how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD = re.compile(
    r"^\[(?P<path>.*) · (?P<format>[^·]*) · lines (?P<first>\d+)[–-](?P<last>\d+) of (?P<total>\d+)\]$"
)
_MORE_ENTRIES = re.compile(r"^… ([\d,]+) more\b")
_HIDDEN = re.compile(r"^\(([\d,]+) hidden entr\w+ not shown\)")
_MORE_LINES = re.compile(r"\n\[more: read_file with offset (\d+)\]\s*$")
_RAN = re.compile(r"^Approved by (?P<by>.*?)\.(?: Ran (?P<ran>\d+) of (?P<all>\d+) actions)?")
_LINE = re.compile(r"^(?P<number>\d+)\. (?P<state>ok|failed)\s+(?P<words>.*)$", re.M)
_REDIRECTED = re.compile(r"^Not executed: redirected by (?P<by>.*?): (?P<words>.*)$", re.S)
_ANSWERED = re.compile(r"^.*? answered: (?P<words>.*)$", re.S)
_SIZE = re.compile(r"[\d,]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file or folder in a listing; `inside` is its path within the listed folder."""

    path: str
    inside: str
    folder: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A folder's entries; `left_out` counts those beyond what the tool shows."""

    path: str
    entries: tuple[Entry, ...]
    left_out: int = 0
    hidden: int = 0

    @property
    def files(self) -> list[Entry]:
        """Its files, as listed."""
        return [entry for entry in self.entries if not entry.folder]


@dataclass(frozen=True, kw_only=True)
class Document:
    """Lines `first` to `last` of a file as Markdown; `more` is the next offset, or 0 at the end."""

    format: str
    first: int
    text: str
    more: int


@dataclass(frozen=True, kw_only=True)
class Approved:
    """A person agreed; `ran` actions were carried out, and `failure` says why the next was not."""

    by: str
    ran: tuple[str, ...] = ()
    failure: str = ""
    planned: int = 0


@dataclass(frozen=True, kw_only=True)
class Redirected:
    """A person wants it otherwise."""

    by: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """It was not done, and nobody said what else to do."""

    reason: str


def listing(result: str) -> Listing:
    """What `list_folder` listed, but for links: they are nobody's files."""
    head, *lines = result.splitlines() or [""]
    root = re.sub(r": (?:empty|[\d,]+ \w+(?:, [\d,]+ \w+)*)\s*$", "", head)
    entries = [_entry(root, line) for line in lines if "\t" in line and "\t→ " not in line]
    more = _MORE_ENTRIES.match(lines[-1]) if lines else None
    more = more or (_MORE_ENTRIES.match(lines[-2]) if len(lines) > 1 else None)
    unseen = _HIDDEN.match(lines[-1]) if lines else None
    return Listing(
        path=root,
        entries=tuple(entries),
        left_out=int(more[1].replace(",", "")) if more else 0,
        hidden=int(unseen[1].replace(",", "")) if unseen else 0,
    )


def document(result: str) -> Document:
    """What `read_file` read."""
    head, _, rest = result.partition("\n")
    said = _HEAD.match(head.strip())
    more = _MORE_LINES.search(rest)
    body = rest[: more.start()] if more else rest
    if body.startswith("Note: "):
        body = body.partition("\n")[2]
    return Document(
        format=said["format"] if said else "",
        first=int(said["first"]) if said else 1,
        text=body.removeprefix("\n"),
        more=int(more[1]) if more else 0,
    )


def decision(result: str) -> Approved | Redirected | Refused:
    """What became of a checkpoint."""
    if redirected := _REDIRECTED.match(result):
        return Redirected(by=redirected["by"], words=redirected["words"].strip())
    if approved := _RAN.match(result):
        lines = [(found["state"], found["words"].strip()) for found in _LINE.finditer(result)]
        return Approved(
            by=approved["by"],
            ran=tuple(words for state, words in lines if state == "ok"),
            failure=next((words for state, words in lines if state == "failed"), ""),
            planned=int(approved["all"] or 0),
        )
    return Refused(reason=result.strip())


def answer(result: str) -> str:
    """The words of a person's answer."""
    found = _ANSWERED.match(result) or _REDIRECTED.match(result)
    return (found["words"] if found else result).strip()


def answered(result: str) -> bool:
    """Whether a person answered at all."""
    return bool(_ANSWERED.match(result) or _REDIRECTED.match(result))


def not_run(result: str) -> bool:
    """Whether a call was held back by a rule or a person instead of being carried out."""
    return result.startswith(("Not executed", "Not allowed"))


def stopped(result: str) -> bool:
    """Whether a person stopped the work here."""
    return result.startswith("Not executed: stopped")


def _entry(root: str, line: str) -> Entry:
    name = line.split("\t")[0]
    inside = name.removesuffix("/")
    return Entry(path=f"{root.rstrip('/')}/{inside}", inside=inside, folder=name.endswith("/"))
