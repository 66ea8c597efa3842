"""Before "done": whether every file asked for is there, opens, is of its format, and is finished in what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.domain.brief import Brief, Format, Wanted
from bot.domain.clock import Clock
from bot.domain.effect import Effect
from bot.domain.task import Task
from bot.engine import leftover
from bot.engine.doubting import Doubting
from bot.engine.running import Running
from bot.engine.wording import NOTE_BY
from bot.errors import Halted
from bot.policy.briefly import FORMATS
from bot.store import briefs, calls, fences, words
from bot.store.calls import Entry
from bot.store.database import Database
from bot.tools.desk import Desk
from bot.tools.documents import checking
from bot.tools.handing_over import kept_at

_ENDINGS = {Format.HTML: (".html", ".htm"), Format.MARKDOWN: (".md", ".markdown")}


class Inspection:
    """Of one task. The model is sent back once a round; then what is missing, or doubtful, is reported as that."""

    def __init__(
        self, task: Task, database: Database, desk: Desk, running: Running, *, home: Path, clock: Clock
    ) -> None:
        self._task = task
        self._doubting = Doubting(task, database, desk, running, own=home / "tasks" / str(task.id))
        self._home = home
        self._database = database
        self._clock = clock

    def is_passed(self) -> bool:
        """False when the model was sent back, or the look was halted: the journal knows why.

        The files are looked at between transactions.
        """
        try:
            return self._is_passed()
        except Halted:
            return False

    def _is_passed(self) -> bool:
        with self._database.read() as session:
            brief = briefs.of(session, self._task.id)
            entries = calls.with_receipts(session, self._task.id)
        lacking = tuple(self._lacking(brief, entries))
        is_first = brief.sent_back != self._task.round
        doubts = list(self._doubting.doubts(entries))
        notes = [*_missed(lacking), *(one.note for one in doubts)] if is_first else []
        found = replace(brief, missing=lacking, doubts=tuple(one.told for one in doubts))
        if not notes and found == brief:
            return True
        with self._database.write("brief.inspected") as session:
            fences.fence(session, self._task)
            known = briefs.of(session, self._task.id)
            if notes:
                text = "\n".join(notes)
                words.add(session, self._task.id, author=NOTE_BY, text=text, now=self._clock())
                known = replace(known, sent_back=self._task.round)
            else:
                known = replace(known, missing=found.missing, doubts=found.doubts)
            briefs.put(session, self._task.id, known)
        return not notes

    def _lacking(self, brief: Brief, entries: list[Entry]) -> Iterator[str]:
        files = list(_files(entries, self._home))
        for wish in brief.wanted:
            called = [path for path in files if _is_called(path, wish)]
            faults = [checking.fault(path, wish.format) for path in called]
            if all(faults):
                what = wish.name or f"a {FORMATS[wish.format]} file"
                yield f"{what} ({called[-1].name}: {faults[-1]})" if called else what
        yield from self._broken(entries)

    def _broken(self, entries: list[Entry]) -> Iterator[str]:
        """Of what was handed over this round; what was handed over again since counts as it is now."""
        handed = {
            entry.call.input.get("path"): kept_at(self._home, entry.deliverable.path)
            for entry in entries
            if entry.deliverable is not None and leftover.is_of_round(entry, self._task)
        }
        for path in handed.values():
            form = next((one for one in Format if path.suffix.lower() in _endings(one)), None)
            if form is not None and (fault := checking.fault(path, form)):
                yield f"{path.name} ({fault})"


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
    return path.suffix.lower() in _endings(wish.format)


def _endings(form: Format) -> tuple[str, ...]:
    return _ENDINGS.get(form, (f".{form}",))


def _missed(lacking: tuple[str, ...]) -> Iterator[str]:
    if lacking:
        yield (
            f"Not done yet: the requester asked for this, and it is not there: {'; '.join(lacking)}. "
            "Make it and hand it over. If it cannot be made, say so and why."
        )
