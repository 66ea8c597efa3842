"""Overhead per durable step, against the bare SDK loop that commits once per step."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

import anthropic

from bot.agent import prompt
from bot.agent.toolbox import Toolbox
from bot.domain.call import Call
from bot.domain.clock import system_clock
from bot.domain.task import TaskState
from bot.registry.tools import BUILT_IN
from tests.bench import double
from tests.bench.engine import MODEL, Engine, engine
from tests.bench.figure import Figure, of_runs

AIM = 2.0
NOTES = "# Notes\n\nAna orders the paper. Ben writes the report.\n"


def measure(*, quick: bool) -> list[Figure]:
    """Each step is one turn of the model and one small read; both sides do the same steps, one after the other."""
    steps, pairs = (20, 3) if quick else (60, 9)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "granted")
        folder.mkdir()
        notes = folder / "notes.md"
        notes.write_text(NOTES)
        with double.serving("reading", path=str(notes), turns=steps) as url:
            ours = engine(Path(place, "home"), folder=folder, url=url)
            timed = [_pair(number, ours, Path(place), url, steps) for number in range(pairs + 1)][1:]
            ours.close()
    return _figures(timed, steps)


def _figures(timed: list[tuple[float, float]], steps: int) -> list[Figure]:
    ratios = [durable / bare for durable, bare in timed]
    extra = {"steps": steps, "first pair": "warm-up, not counted"}
    return [
        of_runs(
            "step.ratio", "Durable step, as a ratio to the bare loop", ratios, unit="×", aim=AIM, detail=extra
        ),
        of_runs("step.durable", "One durable step", [durable for durable, _ in timed], unit="ms"),
        of_runs("step.bare", "One step of the bare loop", [bare for _, bare in timed], unit="ms"),
    ]


def _pair(number: int, ours: Engine, place: Path, url: str, steps: int) -> tuple[float, float]:
    """Milliseconds per step: the engine's, the bare loop's."""
    return _durable(ours, f"key-{number}") / steps * 1000, _bare(ours, place, url, number) / steps * 1000


def _durable(ours: Engine, key: str) -> float:
    task = ours.claim(ours.start(key))
    began = time.perf_counter()
    ours.executor.advance(task)
    took = time.perf_counter() - began
    state = ours.record.snapshot(task.id).task
    assert state.state is TaskState.DONE, state.note
    return took


def _bare(ours: Engine, place: Path, url: str, number: int) -> float:
    """The loop as anyone would write it first: the SDK, the tool, one row and one commit per step."""
    own = place / f"bare-{number}"
    own.mkdir()
    task = ours.start(f"bare-{number}")
    tools = ours.workshop.bench(task).toolbox
    opening = prompt.opening(task, now=system_clock(), own_folder=str(own))
    client = anthropic.Anthropic(api_key="bench", base_url=url, max_retries=0)
    table = _table(own / "steps.sqlite")
    began = time.perf_counter()
    _loop(client, table, tools, [{"role": "user", "content": opening}])
    took = time.perf_counter() - began
    client.close()
    table.close()
    return took


def _loop(
    client: anthropic.Anthropic, table: sqlite3.Connection, toolbox: Toolbox, messages: list[Any]
) -> None:
    tools: Any = sorted((tool.definition for tool in BUILT_IN), key=lambda tool: str(tool["name"]))
    while True:
        with client.beta.messages.stream(
            model=MODEL, max_tokens=32_000, system=prompt.system_prompt(), tools=tools, messages=messages
        ) as stream:
            answer = stream.get_final_message()
        messages.append({"role": "assistant", "content": [block.to_dict() for block in answer.content]})
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": _called(toolbox, block)}
            for block in answer.content
            if block.type == "tool_use"
        ]
        step = json.dumps([messages[-1]["content"], results])
        table.execute("BEGIN IMMEDIATE")
        table.execute("INSERT INTO step (content) VALUES (?)", (step,))
        table.execute("COMMIT")
        if answer.stop_reason != "tool_use":
            return
        messages.append({"role": "user", "content": results})


def _called(toolbox: Toolbox, block: Any) -> list[dict[str, str]]:
    """The tool alone: no policy, no record."""
    call = Call(id=block.id, tool=block.name, input=block.input)
    return [{"type": "text", "text": toolbox.run(call).text}]


def _table(path: Path) -> sqlite3.Connection:
    table = sqlite3.connect(path, isolation_level=None)
    table.execute("PRAGMA journal_mode=WAL")
    table.execute("PRAGMA synchronous=FULL")
    table.execute("CREATE TABLE step (id INTEGER PRIMARY KEY, content TEXT NOT NULL)")
    return table
