"""A mind made of a list: the model says these things, in this order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from bot.rehearsal import prompt
from bot.rehearsal.answer import Answer, Mind

Predicate = Callable[[dict[str, Any]], bool]
Item = Answer | tuple[Predicate, Answer | Mind] | Mind

LASTING = frozenset({"end_turn", "tool_use", "pause_turn", "stop_sequence"})


class ScriptExhausted(Exception):
    """The script has nothing left to say to this request: add an answer, or look why it was asked again."""


class Script:
    """Each new request takes the first unused item that fits: an answer, `(predicate, answer)`, or a callable.

    A request that tells the same story again, after a fault or a restart, gets the same answer again and uses
    nothing up; only an answer that leaves no trace in the story (cut off, refused, empty) is given once.
    `when` limits the script to conversations it is true of; `otherwise` answers all others, and whatever comes
    after the end.
    """

    def __init__(
        self, items: Sequence[Item], *, when: Predicate | None = None, otherwise: Mind | None = None
    ) -> None:
        self._items = list(items)
        self._when = when
        self._otherwise = otherwise
        self._given: dict[str, Answer] = {}
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """How many items are unused."""
        return len(self._items)

    def __call__(self, request: dict[str, Any]) -> Answer:
        if self._when is not None and not self._when(request):
            return self._beyond(request)
        story = prompt.transcript(request)
        with self._lock:
            if story in self._given:
                return self._given[story]
            item = self._taken(request)
        if item is None:
            return self._beyond(request)
        answer = item if isinstance(item, Answer) else item(request)
        if answer.content and answer.ending in LASTING:
            self._given[story] = answer
        return answer

    def _taken(self, request: dict[str, Any]) -> Answer | Mind | None:
        for at, item in enumerate(self._items):
            fits, says = item if isinstance(item, tuple) else (_always, item)
            if fits(request):
                del self._items[at]
                return says
        return None

    def _beyond(self, request: dict[str, Any]) -> Answer:
        if self._otherwise is not None:
            return self._otherwise(request)
        raise ScriptExhausted(
            f"no answer fits request with {len(request['messages'])} messages ending in "
            f"{prompt.as_blocks(request['messages'][-1]['content'])[-1:]}; {self.left} items are unused"
        )


def turns(*answers: Answer) -> Mind:
    """The n-th turn of every conversation is the n-th answer: for many conversations at once."""

    def mind(request: dict[str, Any]) -> Answer:
        at = sum(1 for message in request["messages"] if message["role"] == "assistant")
        if at >= len(answers):
            raise ScriptExhausted(f"turn {at + 1} was asked for, the script has {len(answers)}")
        return answers[at]

    return mind


def _always(request: dict[str, Any]) -> bool:
    return True
