"""The agent loop: answer what is unanswered, else ask the model, and write it down.

The next move is derived from the journal alone, so going on after a crash, a click or a week is the same
call as a start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.agent import answers
from bot.agent.endings import Ending, Finished, Parked, Paused, Stopped, Waiting
from bot.agent.journal import Journal
from bot.agent.toolbox import Toolbox
from bot.domain.turn import Summary, Turn
from bot.errors import Drifted, Halted, LeftRunning
from bot.model.errors import ContextFull, Cut
from bot.store.calls import Entry

Window = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Model:
    """The model as one task asks it. `limit` is how long a conversation with it may be, in tokens.

    `listen` reads for the brief what the requester said and no model has read yet; True when there was something.
    """

    turn: Callable[[Window], Turn]
    summary: Callable[[Window], Summary]
    limit: Callable[[], int]
    listen: Callable[[], bool] = lambda: False


def advance(journal: Journal, model: Model, toolbox: Toolbox) -> Ending:
    """Work until the task finishes, waits for a person, pauses, is stopped, or the process must go."""
    while True:
        if by := journal.stopped_by():
            journal.close(f"Not executed: stopped by {by}.")
            return Stopped(by=by)
        if journal.is_parking():
            journal.write_down()
            return Parked()
        if unanswered := journal.unanswered():
            if _waits(unanswered, journal, toolbox):
                return Waiting()
        elif journal.is_settled():
            return Finished(text=journal.last_words())
        elif spent := journal.spent_out():
            journal.write_down()
            return Paused(spent=spent)
        else:
            _ask(journal, model)


def _waits(unanswered: Sequence[Entry], journal: Journal, toolbox: Toolbox) -> bool:
    try:
        return answers.give(unanswered, journal, toolbox)
    except (Drifted, Halted, LeftRunning):  # the journal, or the next look at the files, knows why
        return False


def _ask(journal: Journal, model: Model) -> None:
    try:
        said = _said(journal, model)
    except Cut:
        return
    except ContextFull as full:
        journal.outgrown(full)
        return
    match said:
        case Summary():
            journal.turn_page(said)
        case Turn():
            journal.record(said)
        case None:
            pass
        case _:
            assert_never(said)


def _said(journal: Journal, model: Model) -> Turn | Summary | None:
    """None when the requester had said something that was to be read for the brief first."""
    try:
        if model.listen():
            return None
        if journal.is_full(model.limit):
            return model.summary(journal.chapter())
        return model.turn(journal.window())
    except Exception:
        journal.write_down()
        raise
