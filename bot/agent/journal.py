"""What the loop needs of the record. The engine keeps it in the database; the loop never sees how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from bot.domain.approval import Draft
from bot.domain.budget import SpentOut
from bot.domain.call import Result
from bot.domain.pin import Pin
from bot.domain.turn import Summary, Turn
from bot.domain.verdict import Ask, Verdict
from bot.model.errors import ContextFull
from bot.store.calls import Entry


class Journal(Protocol):
    """Every method that writes is one transaction, and fails with `LeaseLost` when the task is another's."""

    def stopped_by(self) -> str:
        """Who asked to stop, by name; "" when nobody did."""

    def is_parking(self) -> bool:
        """The process is shutting down."""

    def unanswered(self) -> list[Entry]:
        """The calls of the last turn that have no answer yet, in the model's order."""

    def batch(self, entry: Entry) -> list[Entry]:
        """The calls that an approved checkpoint prepared, in order."""

    def is_settled(self) -> bool:
        """The model has said its last word, and nobody has spoken since."""

    def last_words(self) -> str: ...

    def spent_out(self) -> SpentOut | None:
        """Which budget is used up; None when the next call to the model may be made."""

    def window(self) -> list[dict[str, Any]]:
        """The messages for the model: the history as stored, and what is new for it."""

    def is_full(self, limit: Callable[[], int]) -> bool:
        """The conversation nears `limit` (in tokens; asked only once the model has said something)."""

    def chapter(self) -> list[dict[str, Any]]:
        """The messages to be summed up, no call in them open; what people said since is for the next chapter."""

    def turn_page(self, summary: Summary) -> None:
        """Begin a new chapter, in one transaction; with an empty summary only if the old one cannot go on."""

    def outgrown(self, full: ContextFull) -> None:
        """The model does not take the conversation any more; raises `full` when a new chapter would be no shorter."""

    def record(self, turn: Turn) -> None:
        """The turn, its calls, and what was new for the model, in one transaction."""

    def begin(self, entry: Entry, verdict: Verdict, pin: Pin | None = None) -> None:
        """The intent of a call that changes something: on disk before the call is made, with as what it is made."""

    def take_back(self, entry: Entry) -> None:
        """A call that was begun and certainly did nothing: as if it had not been begun."""

    def answer(self, answers: Sequence[tuple[Entry, Result, Verdict | None]]) -> None:
        """What came back; `verdict` where the call was not begun by `begin`."""

    def note(self, answers: Sequence[tuple[Entry, Result, Verdict | None]]) -> None:
        """What came back from calls that changed nothing: on disk with the next write, or by `write_down`.

        Should the process die before that, such a call is made again; the model has not heard of it.
        """

    def write_down(self) -> None:
        """What was noted, and no write has come since."""

    def refuse(self, entry: Entry, verdict: Verdict) -> None:
        """Policy said no: the reason goes back to the model."""

    def hold(self, draft: Draft, held: Sequence[tuple[Entry, Ask]]) -> None:
        """Put an approval before a person; the held calls wait for it."""

    def close(self, text: str) -> None:
        """Answer every open call with `text`: nothing more is run."""
