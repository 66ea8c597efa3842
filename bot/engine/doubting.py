"""What a reader would stumble over in the documents that a task wrote: faults, and figures from nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.documents import apart, inspecting
from bot.documents.inspected import without_quotes
from bot.domain.task import Task
from bot.engine import authored, gleaned
from bot.engine.authored import Written
from bot.engine.gleaned import Said
from bot.engine.grounds import Grounds
from bot.engine.running import Running
from bot.engine.wording import NOTE_BY
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.store import calls, words
from bot.store.calls import Entry
from bot.store.database import Database, Session
from bot.tools import documents
from bot.tools.desk import Desk
from bot.tools.workspace import Workspace

_QUOTED = re.compile(r"“(.*)” stands in it")
_SECONDS = 60
_LARGEST_READ = 20_000_000
_MOST_OPENED = 5
_MOST_LISTED = 20
_MADE_UP = re.compile(
    r"\b(?:example|sample|dummy|mock|fake|fictional|fictitious|invented?|made[- ]up|test data|placeholders?)\b",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Of one file: nothing of it stands in the words of the file itself."""

    name: str
    faults: tuple[str, ...]
    untraced: tuple[str, ...]

    @property
    def note(self) -> str:
        """For the model, which is to mend it."""
        faults = (
            f"`{self.name}` has faults (read it: what it says itself is not repeated here): "
            f"{_listed(self.faults, '; ')}. Mend them, or say what is left and why."
        )
        figures = (
            f"These figures in `{self.name}` are in no result of this task, and cannot be reckoned from one: "
            f"{_listed(self.untraced)}. Correct those that are wrong; where one is an estimate or rests on something "
            "else, the document has to say so. Hand it over again if you change it. You are told this once."
        )
        return "\n".join([*([faults] if self.faults else []), *([figures] if self.untraced else [])])

    @property
    def told(self) -> str:
        """For people, where it stayed so."""
        figures = f"figures that are in no result: {_listed(self.untraced)}" if self.untraced else ""
        return f"{self.name}: {'; '.join(filter(None, [_listed(self.faults, '; '), figures]))}"


class Doubting:
    """Of one task, whose own folder is `own`."""

    def __init__(self, task: Task, database: Database, desk: Desk, running: Running, *, own: Path) -> None:
        self._task = task
        self._database = database
        self._desk = desk
        self._running = running
        self._own = own

    def doubts(self, entries: list[Entry]) -> Iterator[Doubt]:
        """What a reader would stumble over in the documents that it wrote: a line for each of them."""
        files = authored.written(entries, self._task, self._own)
        if not files:
            return
        with self._database.read() as session:
            asked = "\n".join(_asked(session, self._task))
            made = calls.of_task(session, self._task.id)
        others = [str(root.path) for root in self._desk.workspace.ground.roots if not root.own]
        read, said = gleaned.results(made, self._own, others), gleaned.said(made)
        grounds = None if _MADE_UP.search(asked) else Grounds([*read, asked, self._task.context])
        for number, file in enumerate(files):
            is_opened = number < _MOST_OPENED
            one = self._as_read(file, said) if is_opened and file.is_by_command else file
            faults = self._faults(one, asked) if is_opened else []
            untraced = [] if grounds is None else one.untraced(grounds)
            if faults or untraced:
                yield Doubt(
                    name=one.file.name, faults=tuple(_without_its_words(faults)), untraced=tuple(untraced)
                )

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


def _listed(found: Sequence[str], mark: str = ", ") -> str:
    more = f" and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    return mark.join(found[:_MOST_LISTED]) + more
