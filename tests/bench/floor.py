"""The durable floor: the loop as anyone would write it first. The SDK, the tool, one row and one commit per step."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.bench import work
from tests.bench.resident import resident
from tests.bench.shelf import Shelf


class Floor:
    """`store` is a path or a `postgresql://` address."""

    def __init__(self, folder: Path, place: Path, url: str, store: str) -> None:
        self._shelf = Shelf(store)
        self._client = work.client(url)
        self._opening = work.opening(folder, place / "own")
        self._tools = work.Tools(folder, place / "own")
        self._turn_began = 0.0

    def run(self, task: str) -> float:
        """Seconds to the end of the task, from wherever it is."""
        began = time.perf_counter()
        messages = self._messages(task)
        while not self._step(task, messages):
            pass
        return time.perf_counter() - began

    def run_all(self, tasks: list[str]) -> None:
        for task in tasks:
            self.run(task)

    def park(self, tasks: list[str]) -> None:
        """One turn each, which puts something before a person: there they wait, as rows."""
        for task in tasks:
            blocks = work.content(work.turn(self._client, [self._opening]))
            self._shelf.put(task, json.dumps([{"role": "assistant", "content": blocks}]))

    def click(self, task: str) -> float:
        """Milliseconds from the yes, which is written down, to the first call that was approved."""
        began = time.perf_counter()
        messages = self._messages(task)
        first = work.prepared(messages[-1]["content"])[0]
        self._shelf.put(task, json.dumps([]))
        took = time.perf_counter() - began
        self._tools.text(first)
        return took * 1000

    def first_turn(self, task: str) -> float:
        """Go on with a task; the moment (`time.monotonic`) at which its next turn was asked for."""
        self._step(task, self._messages(task))
        return self._turn_began

    def resident(self) -> float:
        return resident()

    def _messages(self, task: str) -> list[Any]:
        kept = [message for content in self._shelf.of(task) for message in json.loads(content)]
        return [self._opening, *kept]

    def _step(self, task: str, messages: list[Any]) -> bool:
        """One turn and its calls, in one commit. Whether the task is over."""
        self._turn_began = time.monotonic()
        answer = work.turn(self._client, messages)
        blocks = work.content(answer)
        step: list[Any] = [{"role": "assistant", "content": blocks}]
        if results := self._tools.results(blocks):
            step.append({"role": "user", "content": results})
        self._shelf.put(task, json.dumps(step))
        messages += step
        return answer.stop_reason != "tool_use"
