"""The brief of a task: drawn up from the goal alone, and changed by later words of the requester. In a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from bot.domain.brief import Amendment, Brief, Reading, Wanted
from bot.domain.event import News
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import news
from bot.policy import amending, briefly
from bot.policy.reader import formats, places
from bot.policy.reader.reading import read
from bot.policy.reader.said import own
from bot.store import briefs
from bot.store.database import Session

_MOST_AMENDMENTS = 20


def drawn_up(
    goal: str, *, folders: tuple[FolderGrant, ...], output: str = "", chosen: Iterable[str] = ()
) -> Brief:
    """From the requester's words, and what they chose in the form: the format, and the folders in `chosen`."""
    brief = placed(amending.tightened(Brief(), read(goal)), folders, goal)
    form = formats.format_called(output) if output else None
    if form is not None and all(one.format is not form for one in brief.wanted):
        brief = replace(brief, wanted=(*brief.wanted, Wanted(format=form, quote=output)))
    return replace(brief, named=brief.named | frozenset(chosen))


def heard(session: Session, person: Person, task: Task, text: str, now: datetime) -> None:
    """Words in the thread, an answer or a redirection: the owner's change the brief, a helper's only tighten it."""
    if not task.is_steered_by(person) or not text.strip():
        return
    before = briefs.of(session, task.id)
    if not task.person.is_same(person):
        after = amending.tightened(before, read(text))
        after = replace(after, named=before.named, recipients=before.recipients)
        _changed(session, task, before, after, person, now)
        return
    after = placed(amending.amended(before, read(text)), task.folders, text)
    briefs.add_unread(session, task.id, text)
    _changed(session, task, before, after, person, now)


def loosened_by(session: Session, task: Task, text: str) -> str:
    """What these words would loosen if they were the owner's own, in words for people; "" for nothing."""
    before, reading = briefs.of(session, task.id), read(text)
    loosened, limits_only = amending.amended(before, reading), amending.tightened(before, reading)
    if loosened == limits_only:
        return ""
    return " · ".join(briefly.change(limits_only, loosened)) or "what was fixed before"


def plan_approved(session: Session, task: Task) -> None:
    """A person said yes to a plan, or to a whole batch: what it needs may be done now."""
    before = briefs.of(session, task.id)
    if before.plan_first and not before.plan_approved:
        briefs.put(session, task.id, replace(before, plan_approved=True))


def read_again(
    session: Session,
    task: Task,
    said: Sequence[str],
    readings: Sequence[Reading],
    told: dict[str, Any],
    now: datetime,
) -> None:
    """What a model found in these words besides is added; then what was said after them holds again.

    A limit that was lifted by later words stays lifted, though the model has only now found it in the earlier ones.
    """
    before = after = briefs.of(session, task.id)
    for number, (words, reading) in enumerate(zip(said, readings, strict=True)):
        if number:
            after = amending.amended(after, read(words))
        after = amending.tightened(after, reading)
    after = placed(after, task.folders)
    briefs.take_unread(session, task.id, list(said))
    if after != before:
        briefs.put(session, task.id, after)
    data = told | {"brief": list(briefly.in_full(after)), "changes": list(briefly.change(before, after))}
    news.tell(session, task.id, task.place, News.BRIEFED, now=now, data=data)


def placed(brief: Brief, folders: tuple[FolderGrant, ...], words: str = "") -> Brief:
    """With the granted folders that the requester named, in `words` too, by their own paths: as calls name them."""
    named = set(brief.named)
    own_words = own(words)
    named.update(one.path for one in folders if places.is_spoken_of(PurePath(one.path).name, own_words))
    for name in brief.named:
        named.update(_paths(name, folders))
    return replace(brief, named=frozenset(named))


def _changed(session: Session, task: Task, before: Brief, after: Brief, by: Person, now: datetime) -> None:
    said = briefly.change(before, after)
    amendments = [Amendment(said=" · ".join(said), by=by.name, at=now)] if said else []
    after = replace(after, amendments=(*before.amendments, *amendments)[-_MOST_AMENDMENTS:])
    if after == before:
        return
    briefs.put(session, task.id, after)
    if said:
        data = {"changes": list(said), "brief": list(briefly.in_full(after))}
        news.tell(session, task.id, task.place, News.BRIEFED, now=now, by=by, data=data)


def _paths(name: str, folders: tuple[FolderGrant, ...]) -> Iterable[str]:
    """ "reports", "~/reports" and "reports/2024" are the granted /srv/reports, and what lies in it."""
    parts = PurePath(name.removeprefix("~").strip("/").casefold()).parts
    for folder in folders:
        path = PurePath(folder.path)
        own = tuple(part.casefold() for part in path.parts)
        for length in range(len(parts), 0, -1):
            if parts[:length] == own[-length:]:
                inside = PurePath(name.removeprefix("~").strip("/")).parts[length:]
                yield str(path.joinpath(*inside))
                break
