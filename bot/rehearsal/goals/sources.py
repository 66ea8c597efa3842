"""Which files hold the notes that a goal means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from bot.rehearsal.goals import places
from bot.rehearsal.goals.folderscan import Tree
from bot.rehearsal.goals.results import Entry
from bot.rehearsal.goals.transcript import Transcript
from bot.rehearsal.goals.words import key, tokens

_READABLE = (".md", ".markdown", ".txt", ".docx", ".rst", ".html", ".pdf", ".rtf", ".odt")
_NOTES = re.compile(
    r"(?<![^\W\d_])(?:notes?|minutes|meetings?|stand-?ups?|retros?|retrospectives?|sync|protokoll)(?![^\W\d_])",
    re.I,
)
_FILE = re.compile(r"(?P<name>[\w./-]*\w\.(?:md|markdown|txt|docx|rst|html|pdf|rtf|odt))\b", re.I)
_COMMON = frozenset(
    tokens(
        "process digest summarise summarize extract the a an of from in on at for and to with my our this that these "
        "meeting meetings notes note minutes folder file files directory decisions decision made action actions item "
        "items item assignees assignee open questions question follow up ups follows needs need post summary slack "
        "channel create jira tickets report write into as last yesterday s today week markdown format all me please "
        "then it them their every each save md txt named called what who"
    )
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """File names that a goal mentions: what to read, and what to write."""

    inputs: tuple[Entry, ...]
    output: str


def named(goal: str, trees: list[Tree]) -> Named:
    """A file that is there is read; a `.md` or `.txt` that is not is what to write."""
    there = [
        each for tree in trees for each in tree.files if key(PurePosixPath(each.inside).name) in key(goal)
    ]
    names = {key(PurePosixPath(each.inside).name) for each in there}
    written = [PurePosixPath(found["name"]).name for found in _FILE.finditer(goal)]
    fresh = [name for name in written if key(name) not in names and name.casefold().endswith((".md", ".txt"))]
    return Named(inputs=tuple(there), output=fresh[-1] if fresh else "")


def notes_among(story: Transcript, trees: list[Tree], *, whole_folder: bool) -> list[Entry]:
    """The files that look like notes, and of those the ones whose names fit the goal best.

    In a folder that the goal names, every readable file counts when none looks like notes by name.
    """
    readable = readable_in(trees)
    looking = [each for each in readable if _NOTES.search(each.path if whole_folder else each.inside)]
    pool = looking or (readable if whole_folder else [])
    folder_words = {word for tree in trees for word in tokens(PurePosixPath(tree.root).name)}
    wanted = set(tokens(f"{story.goal} {_yesterday(story)}")) - _COMMON - folder_words
    scores = {each.path: len(wanted & set(tokens(PurePosixPath(each.inside).stem))) for each in pool}
    best = max(scores.values(), default=0)
    return [each for each in pool if scores[each.path] == best]


def readable_in(trees: list[Tree]) -> list[Entry]:
    """Every file that could hold notes at all."""
    return [each for tree in trees for each in tree.files if each.path.casefold().endswith(_READABLE)]


def folders_to_search(story: Transcript) -> tuple[list[str], bool]:
    """Where to look, and whether the goal itself names that folder."""
    found = places.folder_for(story)
    if not isinstance(found, places.Found):
        return [grant.path for grant in story.grants], False
    path = (
        found.path if not found.path.casefold().endswith(_READABLE) else str(PurePosixPath(found.path).parent)
    )
    return [path], places.is_named(story, path)


def _yesterday(story: Transcript) -> str:
    if not re.search(r"\byesterday", story.goal, re.I) or not re.match(r"\d{4}-\d\d-\d\d", story.now):
        return ""
    return (date.fromisoformat(story.now[:10]) - timedelta(days=1)).isoformat()
