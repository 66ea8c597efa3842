"""Before "done": whether every file that the requester asked for is there, opens, and is of its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.domain.brief import Brief, Format, Wanted
from bot.domain.clock import Clock
from bot.domain.effect import Effect
from bot.domain.task import Task
from bot.engine.wording import NOTE_BY
from bot.policy.briefly import FORMATS
from bot.store import briefs, calls, fences, words
from bot.store.calls import Entry
from bot.store.database import Database
from bot.tools.documents import checking
from bot.tools.handing_over import kept_at

_ENDINGS = {Format.HTML: (".html", ".htm"), Format.MARKDOWN: (".md", ".markdown")}


class Inspection:
    """Of one task. The model is sent back once a round; then what is missing is reported as missing."""

    def __init__(self, task: Task, database: Database, *, home: Path, clock: Clock) -> None:
        self._task = task
        self._home = home
        self._database = database
        self._clock = clock

    def is_passed(self) -> bool:
        """False when the model was sent back. The files are looked at between transactions."""
        with self._database.read() as session:
            brief = briefs.of(session, self._task.id)
            entries = calls.with_receipts(session, self._task.id) if brief.wanted else []
        lacking = tuple(self._lacking(brief, entries))
        if lacking == brief.missing and (not lacking or brief.sent_back == self._task.round):
            return True
        sends_back = bool(lacking) and brief.sent_back != self._task.round
        with self._database.write("brief.inspected") as session:
            fences.fence(session, self._task)
            known = briefs.of(session, self._task.id)
            if sends_back:
                words.add(session, self._task.id, author=NOTE_BY, text=_note(lacking), now=self._clock())
                known = replace(known, sent_back=self._task.round)
            else:
                known = replace(known, missing=lacking)
            briefs.put(session, self._task.id, known)
        return not sends_back

    def _lacking(self, brief: Brief, entries: list[Entry]) -> Iterator[str]:
        files = list(_files(entries, self._home))
        for wish in brief.wanted:
            called = [path for path in files if _is_called(path, wish)]
            faults = [checking.fault(path, wish.format) for path in called]
            if all(faults):
                what = wish.name or f"a {FORMATS[wish.format]} file"
                yield f"{what} ({called[-1].name}: {faults[-1]})" if called else what


def _files(entries: list[Entry], home: Path) -> Iterator[Path]:
    """What the task made, changed or handed over, as it is now."""
    for entry in entries:
        if entry.deliverable is not None:
            yield kept_at(home, entry.deliverable.path)
        if entry.receipt is not None and entry.receipt.effect in (Effect.CREATE, Effect.CHANGE):
            yield Path(entry.receipt.where)


def _is_called(path: Path, wish: Wanted) -> bool:
    if wish.name:
        return path.name.casefold() == wish.name.casefold()
    return path.suffix.lower() in _ENDINGS.get(wish.format, (f".{wish.format}",))


def _note(lacking: tuple[str, ...]) -> str:
    return (
        f"Not done yet: the requester asked for this, and it is not there: {'; '.join(lacking)}. "
        "Make it and hand it over. If it cannot be made, say so and why."
    )
