"""Before "done": whether every file asked for is there, opens, is of its format, and is finished in what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.documents import apart, inspecting
from bot.documents.inspected import without_quotes
from bot.domain.brief import Brief, Format, Wanted
from bot.domain.clock import Clock
from bot.domain.effect import Effect
from bot.domain.task import Task
from bot.engine import authored, gleaned, leftover
from bot.engine.authored import Written
from bot.engine.gleaned import Said
from bot.engine.grounds import Grounds
from bot.engine.running import Running
from bot.engine.wording import NOTE_BY
from bot.errors import Halted, ToolError
from bot.policy.briefly import FORMATS
from bot.sdk.halt import Halt
from bot.store import briefs, calls, fences, words
from bot.store.calls import Entry
from bot.store.database import Database, Session
from bot.tools import documents
from bot.tools.desk import Desk
from bot.tools.documents import checking
from bot.tools.handing_over import kept_at
from bot.tools.workspace import Workspace

_ENDINGS = {Format.HTML: (".html", ".htm"), Format.MARKDOWN: (".md", ".markdown")}
_QUOTED = re.compile(r"“(.*)” stands in it")
_SECONDS = 60
_LARGEST_READ = 20_000_000
_MOST_OPENED = 5
_MOST_LISTED = 20
_MADE_UP = re.compile(
    r"\b(?:example|sample|dummy|mock|fake|fictional|fictitious|invented?|made[- ]up|test data|placeholders?)\b",
    re.I,
)


class Inspection:
    """Of one task. The model is sent back once a round; then what is missing is reported as missing."""

    def __init__(
        self, task: Task, database: Database, desk: Desk, running: Running, *, home: Path, clock: Clock
    ) -> None:
        self._task = task
        self._desk = desk
        self._running = running
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
        notes = [*_missed(lacking), *self._doubts(entries)] if is_first else []
        if not notes and lacking == brief.missing:
            return True
        with self._database.write("brief.inspected") as session:
            fences.fence(session, self._task)
            known = briefs.of(session, self._task.id)
            if notes:
                text = "\n".join(notes)
                words.add(session, self._task.id, author=NOTE_BY, text=text, now=self._clock())
                known = replace(known, sent_back=self._task.round)
            else:
                known = replace(known, missing=lacking)
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

    def _doubts(self, entries: list[Entry]) -> Iterator[str]:
        """What a reader would stumble over in the documents that it wrote: a line for each of them."""
        own = self._home / "tasks" / str(self._task.id)
        files = authored.written(entries, self._task, own)
        if not files:
            return
        with self._database.read() as session:
            asked = "\n".join(_asked(session, self._task))
            made = calls.of_task(session, self._task.id)
        others = [str(root.path) for root in self._desk.workspace.ground.roots if not root.own]
        read, said = gleaned.results(made, own, others), gleaned.said(made)
        grounds = None if _MADE_UP.search(asked) else Grounds([*read, asked, self._task.context])
        for number, file in enumerate(files):
            is_opened = number < _MOST_OPENED
            one = self._as_read(file, said) if is_opened and file.is_by_command else file
            faults = self._faults(one, asked) if is_opened else []
            if faults:
                yield (
                    f"`{one.file.name}` has faults (read it: what it says itself is not repeated here): "
                    f"{_listed(_without_its_words(faults), '; ')}. Mend them, or say what is left and why."
                )
            if grounds is not None and (untraced := one.untraced(grounds)):
                yield _untraced(one, untraced)

    def _as_read(self, one: Written, its_own: Said) -> Written:
        with self._running.halt(self._task.id, is_read=True) as halt:
            return one.as_read(_words(one.file, self._desk.under(halt).workspace, halt), its_own)

    def _faults(self, one: Written, asked: str) -> list[str]:
        """What a reader of the file would stumble over as it is now, but for what the requester speaks of."""
        with self._running.halt(self._task.id, is_read=True) as halt:
            files = self._desk.under(halt).workspace
            if one.file.suffix.lower() not in authored.DOCUMENTS:
                left = authored.placeholders([_text(one.file, files) or "\n".join(one.words)], asked)
                return [
                    f"“{each}” stands in it: a placeholder that is still to be filled in" for each in left
                ]
            found = _seen(one.file, files, halt)
        return [fault for fault in found if not _is_spoken_of(fault, asked.casefold())]


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


def _asked(session: Session, task: Task) -> list[str]:
    """All that people said to it."""
    said = [one.text for one in words.taken(session, task.id) if one.author != NOTE_BY]
    return [task.goal, task.output, *said]


def _seen(path: Path, files: Workspace, halt: Halt) -> list[str]:
    """Nothing of one that cannot be opened where it was written, or takes too long."""
    form = path.suffix.lower().lstrip(".")
    try:
        with files.open_read(str(path)) as file:
            given = {"format": form, "file": file.fileno(), "picture": False}
            order = inspecting.Order.model_validate(given)
            return apart.done(
                "inspecting", order, inspecting.Seen, halt, seconds=_SECONDS, files=(file.fileno(),)
            ).faults
    except (OSError, ToolError):
        return []


def _words(path: Path, files: Workspace, halt: Halt) -> str:
    """As `read_file` gives them."""
    try:
        size = files.stat(str(path)).size
        with files.open_read(str(path)) as file:
            return documents.read(file, path.name, size=size, halt=halt).text if size <= _LARGEST_READ else ""
    except (OSError, ToolError):
        return ""


def _without_its_words(faults: list[str]) -> list[str]:
    """Others may have written them, and the note is ours. Those that are then the same are counted."""
    counted = Counter(map(without_quotes, faults))
    return [fault + (f" ({number} times)" if number > 1 else "") for fault, number in counted.items()]


def _is_spoken_of(fault: str, asked: str) -> bool:
    quoted = _QUOTED.match(fault)
    return quoted is not None and quoted[1].casefold() in asked


def _text(path: Path, files: Workspace) -> str:
    try:
        with files.open_read(str(path)) as file:
            content = file.read(_LARGEST_READ + 1)
        return content.decode("utf-8") if len(content) <= _LARGEST_READ else ""
    except (OSError, ValueError, ToolError):
        return ""


def _missed(lacking: tuple[str, ...]) -> Iterator[str]:
    if lacking:
        yield (
            f"Not done yet: the requester asked for this, and it is not there: {'; '.join(lacking)}. "
            "Make it and hand it over. If it cannot be made, say so and why."
        )


def _untraced(one: Written, figures: list[str]) -> str:
    return (
        f"These figures in `{one.file.name}` are in no result of this task, and cannot be reckoned from one: "
        f"{_listed(figures)}. Correct those that are wrong; where one is an estimate or rests on something else, the "
        "document has to say so. Hand it over again if you change it. You are told this once."
    )


def _listed(found: list[str], mark: str = ", ") -> str:
    more = f" and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    return mark.join(found[:_MOST_LISTED]) + more
