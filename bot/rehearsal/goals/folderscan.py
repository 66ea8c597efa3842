"""A folder listed whole and its files read, ten calls a turn: what is known and what to call next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.rehearsal.goals import results
from bot.rehearsal.goals.moves import READS_A_TURN, Call
from bot.rehearsal.goals.results import Entry
from bot.rehearsal.goals.transcript import Transcript

_SENTENCE = re.compile(r"(?:'.*?' )?.*?\.(?=\s+[A-Z]|$)")


@dataclass(frozen=True, kw_only=True)
class Tree:
    """All that was listed in a folder. `next` are the listings still to ask for; `problem` why it failed."""

    root: str = ""
    files: tuple[Entry, ...] = ()
    folders: tuple[Entry, ...] = ()
    next: tuple[Call, ...] = ()
    problem: str = ""
    left_out: int = 0
    hidden: int = 0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The text of every file read so far, why others could not be, and the reads still to ask for."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    next: tuple[Call, ...] = ()

    @property
    def done(self) -> int:
        """How many files are behind us."""
        return len(self.texts) + len(self.problems)


def tree_of(story: Transcript, path: str, skip: frozenset[str] = frozenset()) -> Tree:
    """A folder's whole tree but for folders of the names to skip.

    One with more entries than a listing shows is listed subfolder by subfolder.
    """
    whole = _listed(story, path, recursive=True)
    if isinstance(whole, Tree):
        return whole
    if not whole.left_out:
        return _tree([whole], skip)
    top = _listed(story, path, recursive=False)
    if isinstance(top, Tree):
        return top
    parts = [
        (entry.path, _listed(story, entry.path, recursive=True))
        for entry in top.entries
        if entry.folder and entry.inside not in skip
    ]
    wanted = tuple(call for _, part in parts if isinstance(part, Tree) for call in part.next)
    if wanted:
        return Tree(root=path, next=wanted[:READS_A_TURN])
    return _tree([top, *(part for _, part in parts if isinstance(part, results.Listing))], skip)


def reading_of(story: Transcript, paths: list[str], limit: int = 0) -> Reading:
    """What reading these files gave; with a limit only their first lines, else whatever their length."""
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    offsets = dict.fromkeys(paths, 1)
    for step in story.steps("read_file"):
        path = str(step.given.get("path"))
        if path not in offsets:
            continue
        if step.failed or results.not_run(step.result):
            problems[path] = _why(step.result)
            continue
        part = results.document(step.result)
        texts[path] = f"{texts[path]}\n{part.text}" if part.first > 1 and path in texts else part.text
        offsets[path] = part.more if not limit else 0
    unread = [path for path in paths if path not in problems and (path not in texts or offsets[path])]
    wanted = [_read(path, offsets[path], limit) for path in unread[:READS_A_TURN]]
    finished = {path: text for path, text in texts.items() if path not in unread and path not in problems}
    return Reading(texts=finished, problems=problems, next=tuple(wanted))


def _listed(story: Transcript, path: str, *, recursive: bool) -> results.Listing | Tree:
    for step in story.steps("list_folder"):
        if step.given.get("path") == path and bool(step.given.get("recursive")) == recursive:
            if step.failed or results.not_run(step.result):
                return Tree(root=path, problem=step.result.strip())
            return results.listing(step.result)
    given = {"path": path, "recursive": True} if recursive else {"path": path}
    return Tree(root=path, next=(("list_folder", given),))


def _tree(listings: list[results.Listing], skip: frozenset[str]) -> Tree:
    root = listings[0].path
    entries = {entry.path: _within(root, entry) for listing in listings for entry in listing.entries}
    shown = [
        entry
        for entry in entries.values()
        if not _hidden(entry.inside) and skip.isdisjoint(entry.inside.split("/"))
    ]
    return Tree(
        root=root,
        files=tuple(entry for entry in shown if not entry.folder),
        folders=tuple(entry for entry in shown if entry.folder),
        hidden=sum(listing.hidden for listing in listings),
        left_out=sum(listing.left_out for listing in listings),
    )


def _within(root: str, entry: Entry) -> Entry:
    return Entry(path=entry.path, inside=entry.path.removeprefix(root.rstrip("/") + "/"), folder=entry.folder)


def _hidden(inside: str) -> bool:
    return any(
        part.startswith((".", "~$")) or part in ("Thumbs.db", "desktop.ini") for part in inside.split("/")
    )


def _read(path: str, offset: int, limit: int) -> Call:
    given: dict[str, object] = {"path": path}
    if offset > 1:
        given["offset"] = offset
    if limit:
        given["limit"] = limit
    return ("read_file", given)


def _why(result: str) -> str:
    """The first sentence of a refusal: what follows is advice to a model."""
    line = result.strip().split("\n")[0]
    sentence = _SENTENCE.match(line)
    return (sentence[0] if sentence else line)[:200]
