"""The same loop on LangGraph: a model node, a tools node, its checkpointer behind them, durability="sync".

Written as its documentation does: the messages are a list that a reducer adds to. The nodes call the SDK themselves,
and a message is a plain (role, content) pair, which costs less than LangChain's own model and message classes. `delta`
keeps them in its `DeltaChannel` (beta), which writes what is new instead of the whole list at every checkpoint.
"""

from __future__ import annotations

import contextlib
import importlib.util
import operator
import sqlite3
import time
from pathlib import Path
from typing import Annotated, Any, TypedDict

from tests.bench import work
from tests.bench.resident import resident
from tests.bench.shelf import POSTGRES

HOW_TO = "LangGraph is not installed; with it: uv run --group bench python -m tests.bench"
MANY = 100_000

Said = tuple[str, list[dict[str, Any]]]


def is_installed() -> bool:
    names = ("langgraph", "langgraph.checkpoint.sqlite", "langgraph.checkpoint.postgres")
    with contextlib.suppress(ModuleNotFoundError):
        return all(importlib.util.find_spec(name) is not None for name in names)
    return False


class Graph:
    """`store` is a path or a `postgresql://` address. `marks` asks for caching as LangChain's middleware does."""

    def __init__(
        self, folder: Path, place: Path, url: str, store: str, delta: bool = False, marks: bool = False
    ) -> None:
        self._client = work.client(url)
        self._opening: Said = ("user", work.opening(folder, place / "own")["content"])
        self._tools = work.Tools(folder, place / "own")
        self._marks: dict[str, Any] = {"cache_control": work.MARK} if marks else {}
        self._turn_began = self._resumed = 0.0
        self._graph = self._built(_checkpointer(store), delta)

    def run(self, task: str) -> float:
        """Seconds to the end of a new task."""
        began = time.perf_counter()
        self._invoke(task, {"messages": [self._opening]})
        return time.perf_counter() - began

    def run_all(self, tasks: list[str]) -> None:
        for task in tasks:
            self.run(task)

    def park(self, tasks: list[str]) -> None:
        """Each runs into its `interrupt` and waits there."""
        for task in tasks:
            self._invoke(task, {"messages": [self._opening]})

    def click(self, task: str) -> float:
        """Milliseconds from `Command(resume=…)` to the first call that was approved."""
        from langgraph.types import Command

        began = time.perf_counter()
        self._invoke(task, Command(resume="approved"))
        return (self._resumed - began) * 1000

    def first_turn(self, task: str) -> float:
        """Go on with a task; the moment (`time.monotonic`) at which its next turn was asked for."""
        self._turn_began = 0.0
        for _ in self._graph.stream(None, _config(task), durability="sync"):
            if self._turn_began:
                break
        return self._turn_began

    def resident(self) -> float:
        return resident()

    def _invoke(self, task: str, given: Any) -> None:
        self._graph.invoke(given, _config(task), durability="sync")

    def _built(self, checkpointer: Any, delta: bool) -> Any:
        from langgraph.graph import END, START, StateGraph

        graph = StateGraph(_delta_state() if delta else _State)
        graph.add_node("model", self._model)
        graph.add_node("tools", self._call)
        graph.add_edge(START, "model")
        graph.add_conditional_edges("model", _has_calls, {True: "tools", False: END})
        graph.add_edge("tools", "model")
        return graph.compile(checkpointer=checkpointer)

    def _model(self, state: dict[str, Any]) -> dict[str, Any]:
        self._turn_began = time.monotonic()
        messages = [{"role": role, "content": content} for role, content in state["messages"]]
        return {"messages": [("assistant", work.content(work.turn(self._client, messages, **self._marks)))]}

    def _call(self, state: dict[str, Any]) -> dict[str, Any]:
        from langgraph.types import interrupt

        _, blocks = state["messages"][-1]
        held = work.prepared(blocks)
        if not held:
            return {"messages": [("user", self._tools.results(blocks))]}
        interrupt({"actions": [block["input"] for block in held]})
        self._resumed = time.perf_counter()
        said = "\n".join(self._tools.text(block) for block in held)
        results = [work.result(block, said) for block in work.calls(blocks)]
        return {"messages": [("user", results)]}


class _State(TypedDict):
    messages: Annotated[list[Said], operator.add]


def _delta_state() -> type:
    from langgraph.channels import DeltaChannel

    return TypedDict("DeltaState", {"messages": Annotated[list[Said], DeltaChannel(_added)]})  # type: ignore[operator,return-value]


def _added(held: list[Any], writes: Any) -> list[Any]:
    return [*held, *(message for write in writes for message in write)]


def _has_calls(state: dict[str, Any]) -> bool:
    _, blocks = state["messages"][-1]
    return bool(work.calls(blocks))


def _config(task: str) -> Any:
    return {"configurable": {"thread_id": task}, "recursion_limit": MANY}


def _checkpointer(store: str) -> Any:
    """As `from_conn_string` makes it: SQLite in WAL with synchronous=FULL; PostgreSQL prepared and in pipelines."""
    if store.startswith(POSTGRES):
        import psycopg
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg.rows import dict_row

        connection = psycopg.Connection.connect(
            store, autocommit=True, prepare_threshold=0, row_factory=dict_row
        )
        saver: Any = PostgresSaver(connection)  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(2)")
            saver.setup()
            cursor.execute("SELECT pg_advisory_unlock(2)")
        return saver
    from langgraph.checkpoint.sqlite import SqliteSaver

    return SqliteSaver(sqlite3.connect(store, check_same_thread=False))
