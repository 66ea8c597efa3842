"""The agent loop: answer what is unanswered, else ask the model, and write it down.

The next move is derived from the journal alone, so going on after a crash, a click or a week is the same
call as a start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.agent import answers
from bot.agent.endings import Ending, Finished, Parked, Paused, Stopped, Waiting
from bot.agent.journal import Journal
from bot.agent.toolbox import Toolbox
from bot.domain.turn import Turn
from bot.model.errors import Cut

Model = Callable[[list[dict[str, Any]]], Turn]


def advance(journal: Journal, model: Model, toolbox: Toolbox) -> Ending:
    """Work until the task finishes, waits for a person, pauses, is stopped, or the process must go."""
    while True:
        if by := journal.stopped_by():
            journal.close(f"Not executed: stopped by {by}.")
            return Stopped(by=by)
        if journal.is_parking():
            return Parked()
        if unanswered := journal.unanswered():
            if answers.give(unanswered, journal, toolbox):
                return Waiting()
        elif journal.is_settled():
            return Finished(text=journal.last_words())
        elif why := journal.spent_out():
            return Paused(why=why)
        else:
            _ask(journal, model)


def _ask(journal: Journal, model: Model) -> None:
    try:
        turn = model(journal.window())
    except Cut:
        return
    journal.record(turn)
