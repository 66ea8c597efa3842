"""The model double in a process of its own, so that its work is not counted as the colleague's."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from bot.rehearsal.answer import Answer, Mind, calls, text
from bot.rehearsal.server import ModelDouble

PREPARED = 3


@contextmanager
def serving(kind: str, *, path: str, turns: int = 0, delay: float = 0.0) -> Iterator[str]:
    """The base URL of a double whose mind is of this `kind` in `MINDS`. `delay` is in seconds per answer."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, kind, path, turns, delay), daemon=True
    )
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(10)


def reading(path: str, turns: int) -> Mind:
    """Every turn reads the file once; after so many turns it says it is done. 0 turns: for ever."""
    look, done = calls(("read_file", {"path": path}), say="Next I read the file."), text("All is read.")

    def mind(request: dict[str, Any]) -> Answer:
        said = sum(1 for message in request["messages"] if message["role"] == "assistant")
        return done if turns and said >= turns else look

    return mind


def asking(path: str, turns: int) -> Mind:
    """The first turn puts three new folders before a person, of each task its own; the next says that it is done."""
    tasks, done = itertools.count(), text("They are made.")

    def answer(request: dict[str, Any]) -> Answer:
        return done if any(one["role"] == "assistant" for one in request["messages"]) else ask(next(tasks))

    def ask(task: int) -> Answer:
        names = [f"{path}/{task}-{number}" for number in range(PREPARED)]
        moves = [{"tool": "make_folder", "input": {"path": name}} for name in names]
        put = {"title": "Make three folders", "summary": "One for each department.", "actions": moves}
        return calls(("checkpoint", put))

    return answer


MINDS = {"reading": reading, "asking": asking}


def _serve(line: Connection, kind: str, path: str, turns: int, delay: float) -> None:
    with ModelDouble(MINDS[kind](path, turns), strict=False, record=False, delay=delay) as double:
        line.send(double.url)
        line.recv()
