"""The table "action → counterpart": what the actions of each plugin are tested against, and whether that is so."""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROWS = Path(__file__).parent / "rows"
TESTS = Path(__file__).parents[1] / "plugins"

FIXTURES = {
    "emulate": "emulate",
    "prism": "prism",
    "radicale": "radicale",
    "linear-schema": "_official",
    "slack-answers": "prism",
}
"""What a row may name, and the fixture that starts it."""

WORDS = {
    "emulate": "emulate",
    "prism": "prism on the official specification",
    "radicale": "Radicale",
    "linear-schema": "Linear's schema",
    "slack-answers": "Slack's recorded answers",
}

_ALL = (".actions", ".tools")

Table = Mapping[str, tuple[str, ...]]


def table() -> Table:
    """The rows of all plugins, by the names that the model calls their actions by."""
    files = [tomllib.loads(file.read_text("utf-8")) for file in sorted(ROWS.glob("*.toml"))]
    return {tool: tuple(named) for rows in files for tool, named in rows.items()}


def as_markdown(titles: Mapping[str, str], rows: Table) -> str:
    """A line for each plugin: how many of its actions meet which counterpart. `titles` are by the plugins' names."""
    lines = ["| plugin | actions | tested against |", "|---|---|---|"]
    for plugin, title in titles.items():
        own = [named for tool, named in rows.items() if tool.startswith(f"{plugin}_")]
        met = [f"{WORDS[one]} ({_number(one, own)})" for one in WORDS if _number(one, own)]
        lines.append(f"| {title} | {len(own)} | {', '.join(met)} |")
    return "\n".join(lines)


def _number(counterpart: str, rows: Iterable[tuple[str, ...]]) -> int:
    return sum(counterpart in named for named in rows)


def is_run_against(plugin: str, action: str, counterpart: str) -> bool:
    """Whether a file of the plugin's tests both names the action and, by its fixtures, starts the counterpart."""
    named = {action, f"{plugin}_{action}", *_ALL}
    return any(named & said and FIXTURES[counterpart] in asked for said, asked in _files(plugin))


@functools.cache
def _files(plugin: str) -> list[tuple[set[object], set[str]]]:
    """What each file of tests names, and the fixtures that it starts."""
    folder = TESTS / plugin
    shared = _functions(folder / "conftest.py")
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted(folder.glob("test_*.py"))]
    return [(set(_said(tree)), _asked_for(tree, shared)) for tree in trees]


def _said(tree: ast.Module) -> Iterator[object]:
    """Strings, and `plugin.actions` where a test goes through all of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Attribute) and node.attr in ("actions", "tools"):
            yield f".{node.attr}"


def _asked_for(tree: ast.Module, shared: Mapping[str, set[str]]) -> set[str]:
    """All fixtures that the tests of a module ask for, and those that these ask for."""
    own = shared | dict(_defined(tree))
    todo = [one for name, asked in _defined(tree) if name.startswith("test_") for one in asked]
    found: set[str] = set()
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += own.get(one, ())
    return found


def _functions(file: Path) -> dict[str, set[str]]:
    return dict(_defined(ast.parse(file.read_text("utf-8")))) if file.exists() else {}


def _defined(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
