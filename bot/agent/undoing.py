"""An Undo that a person asked for: every earlier call of a round is taken back, the last one first.

It is a batch like that of an approved checkpoint, drawn up by us and not by the model, which is not asked. What
cannot be taken back stays as it is, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.agent import batches
from bot.agent.endings import Ending, Finished, Parked, Stopped, Waiting
from bot.agent.journal import Journal
from bot.agent.toolbox import Toolbox
from bot.domain.call import Result
from bot.errors import Halted, LeftRunning
from bot.store.calls import Entry
from bot.tools.undoing import STAYS

UNDO = "undo"
PREVIEW = "Undo: "
_CHANGED = "it was changed since"
_LATER = "Where this task changed it in a later round, undo that round first."
_MOST_LINES = 100


def advance(
    undo: Entry, journal: Journal, toolbox: Toolbox, shown: Callable[[str], str] = lambda text: text
) -> Ending:
    """Work on it until all of it was tried. The report says what stayed, and why: `shown` is how paths stand there."""
    while True:
        if by := journal.stopped_by():
            journal.close(f"Not undone: stopped by {by}.")
            return Stopped(by=by)
        if journal.is_parking():
            return Parked()
        if undo.state.has_answer:
            return Finished(text=undo.text)
        steps = journal.batch(undo)
        at = next((at for at, one in enumerate(steps) if not one.state.has_answer), None)
        if at is None:
            report = Result(text=_report(steps, shown))
            journal.answer([(undo, report, None)])
            return Finished(text=report.text)
        if _waits(steps, at, journal, toolbox):
            return Waiting()


def _waits(steps: Sequence[Entry], at: int, journal: Journal, toolbox: Toolbox) -> bool:
    try:
        return batches.answered(steps, at, journal, toolbox) is None
    except (Halted, LeftRunning):  # the journal knows why
        return False


def _report(steps: Sequence[Entry], shown: Callable[[str], str]) -> str:
    left = [step for step in steps if step.is_error]
    notes = [step.text for step in steps if not step.is_error and step.text.endswith(STAYS)]
    done = len(steps) - len(left)
    if not left and not notes:
        return f"Undone: {_changes(done)}. Everything is as it was before."
    said = f"Undone: {done:,} of {_changes(len(steps))}." if left else f"Undone: {_changes(done)}."
    lines = _lines([shown(text) for text in (*map(_why, left), *notes)])
    later = ["", _LATER] if any(_CHANGED in step.text for step in left) else []
    return "\n".join([said if done else "Nothing was undone.", "", "Left as it is:", *lines, *later])


def _why(step: Entry) -> str:
    return f"{step.preview.removeprefix(PREVIEW)}: {step.text}"


def _changes(number: int) -> str:
    return f"{number:,} change" if number == 1 else f"{number:,} changes"


def _lines(texts: Sequence[str]) -> list[str]:
    shown = [f"- {_literal(text)}" for text in texts[:_MOST_LINES]]
    more = len(texts) - len(shown)
    return [*shown, f"- and {more:,} more"] if more else shown


def _literal(text: str) -> str:
    """Names of files are nobody's markup."""
    line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|~" else letter for letter in line)
