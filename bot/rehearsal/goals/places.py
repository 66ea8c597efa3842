"""The folder that a goal names, among those that were granted and what lies in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.rehearsal.goals import results
from bot.rehearsal.goals.transcript import Grant, Transcript
from bot.rehearsal.goals.words import key, listed, says, tokens

_ABSOLUTE = re.compile(r"(?<![\w.:/])(?P<path>/[^\s,;:'\"`()<>]+)")
_QUOTED = re.compile(r"[`'\"“”‘’](?P<path>[^`'\"“”‘’\n]+)[`'\"“”‘’]")
_RELATIVE = re.compile(r"(?<![\w/])(?P<path>[\w.-]+(?:/[\w.-]+)+/?|[\w.-]+/)(?![\w/])")
_NAMED = re.compile(
    r"\b(?:the|my|our|this|that)\s+(?P<name>[\w\s.&-]{1,60}?)\s+(?:sub)?(?:folder|directory)\b"
    r"|\b(?:folder|directory)\s+(?:called\s+|named\s+)?(?P<after>[\w.-]+)",
    re.I,
)
_NO_NAME = frozenset(
    tokens(
        "this these that the my our whole granted code codebase project repo repository source current of and in to"
    )
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The folder meant, and the grant it lies in."""

    path: str
    grant: Grant


@dataclass(frozen=True, kw_only=True)
class Look:
    """Not known yet: these folders must be listed first."""

    paths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unsure:
    """A person must say which."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Nowhere:
    """There is no such folder, and why."""

    reason: str


def folder_for(story: Transcript) -> Found | Look | Unsure | Nowhere:
    """The folder that the goal means."""
    if not story.grants:
        return Nowhere(reason="No folder was granted to me, so there is nothing I can work on.")
    answers = [step for step in story.steps("ask_person") if results.answered(step.result)]
    goal = results.answer(answers[-1].result) if answers else story.goal
    written = _written(story, goal)
    if written is not None:
        return written
    named = [grant for grant in story.grants if says(goal, PurePosixPath(grant.path).name)]
    listings = _listings(story)
    inner = [path for listing in listings for path in _folders_named(listing, goal)]
    if named or inner:
        return _closest(story, goal, [grant.path for grant in named], inner)
    unlisted = tuple(g.path for g in story.grants if not _was_listed(story, g.path))
    if unlisted and not (len(story.grants) == 1 and not name_of_folder(goal)):
        return Look(paths=unlisted)
    return _undecided(story, goal)


def granted(story: Transcript) -> str:
    """What was granted, for a person to read."""
    return listed([f"`{grant.path}`{'' if grant.writable else ' (read only)'}" for grant in story.grants])


def name_of_folder(goal: str) -> str:
    """The name in `the … folder`, if the goal has one."""
    found = _NAMED.search(goal)
    words = tokens((found["name"] or found["after"]) if found else "")
    return " ".join(word for word in words if word not in _NO_NAME)


def is_named(story: Transcript, path: str) -> bool:
    """Whether the goal itself names the folder at this path."""
    return path in story.goal or says(story.goal, PurePosixPath(path).name)


def grant_of(story: Transcript, path: str) -> Grant | None:
    """The grant that covers a path."""
    inside = [g for g in story.grants if path == g.path or path.startswith(g.path.rstrip("/") + "/")]
    return max(inside, key=lambda grant: len(grant.path), default=None)


def _written(story: Transcript, goal: str) -> Found | Nowhere | None:
    """A path that stands in the goal: absolute, or relative to a grant. Longest grants first: they may hold spaces."""
    for grant in sorted(story.grants, key=lambda each: -len(each.path)):
        at = goal.find(grant.path)
        if at >= 0 and not re.match(r"[\w-]", goal[at + len(grant.path) :]):
            rest = re.match(r"[^\s,;:'\"`()<>]*", goal[at + len(grant.path) :])
            return Found(path=(grant.path + (rest[0] if rest else "")).rstrip("/."), grant=grant)
    if outside := _ABSOLUTE.search(goal):
        path = outside["path"].rstrip("/.")
        return Nowhere(reason=f"`{path}` was not granted to me. Granted: {granted(story)}.")
    return _relative(story, goal)


def _relative(story: Transcript, goal: str) -> Found | None:
    for found in (*_QUOTED.finditer(goal), *_RELATIVE.finditer(goal)):
        path = PurePosixPath(found["path"].strip("/"))
        for grant in story.grants:
            if path.parts and key(path.parts[0]) == key(PurePosixPath(grant.path).name):
                return Found(path=str(PurePosixPath(grant.path, *path.parts[1:])), grant=grant)
    return None


def _folders_named(listing: results.Listing, goal: str) -> list[str]:
    """Folders in a listing that the goal names, by path (`team/notes`) or by name; hidden ones never."""
    folders = [entry for entry in listing.entries if entry.folder and "/." not in f"/{entry.inside}"]
    by_path = [e.path for e in folders if "/" in e.inside and key(e.inside) in key(goal)]
    return by_path or [e.path for e in folders if says(goal, PurePosixPath(e.inside).name)]


def _closest(story: Transcript, goal: str, named: list[str], inner: list[str]) -> Found | Unsure:
    """What `the … folder` calls exactly; else a granted folder, the longest name first; else one inside."""
    asked = tokens(name_of_folder(goal))
    exact = [path for path in (*named, *inner) if asked and _name(path) == asked]
    pool = [path for path in exact if path in named] or exact or named or inner
    longest = max(len(_name(path)) for path in pool)
    best = sorted({path for path in pool if len(_name(path)) == longest})
    grant = grant_of(story, best[0])
    if len(best) == 1 and grant is not None:
        return Found(path=best[0], grant=grant)
    return Unsure(
        question="More than one folder fits what you wrote. Which one do you mean?", options=tuple(best[:8])
    )


def _name(path: str) -> list[str]:
    return tokens(PurePosixPath(path).name)


def _undecided(story: Transcript, goal: str) -> Found | Unsure | Nowhere:
    asked = name_of_folder(goal)
    if len(story.steps("ask_person")) >= 2:
        return Nowhere(reason=f"I still do not know which folder you mean. Granted: {granted(story)}.")
    if len(story.grants) == 1 and not asked:
        return Found(path=story.grants[0].path, grant=story.grants[0])
    missing = (
        f"I find no folder called “{asked}” in what was granted to me: {granted(story)}. " if asked else ""
    )
    return Unsure(
        question=f"{missing}Which folder do you mean?",
        options=tuple(grant.path for grant in story.grants[:8]),
    )


def _listings(story: Transcript) -> list[results.Listing]:
    return [results.listing(step.result) for step in story.steps("list_folder") if not step.failed]


def _was_listed(story: Transcript, path: str) -> bool:
    return any(step.given.get("path") == path for step in story.steps("list_folder"))
