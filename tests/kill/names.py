"""The names that the product gives to its writes and to its calls outside, read off its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import bot

_PREFIXES = {"write": "", "outside": "", "_writing": "journal.", "_spend": "journal."}
"""How the functions that take a name put it: those of a journal begin with its name."""

_NAME = re.compile(r"[a-z*][\w*]*(\.[\w*]+)+")


def in_source() -> set[str]:
    """What is filled in only as it runs is a star: `slack.*`."""
    found: set[str] = set()
    for file in sorted(Path(bot.__path__[0]).rglob("*.py")):
        found.update(_named(ast.parse(file.read_text("utf-8"))))
    return {name for name in found if name != "journal.*"}  # their functions are asked for each


def without(names: Iterable[str], reached: Iterable[str]) -> set[str]:
    """Those that no point has: a point is a name, or a name and `.done`."""
    points = {point.removesuffix(".done") for point in reached}
    return {name for name in names if not any(_fits(name, point) for point in points)}


def _fits(name: str, point: str) -> bool:
    return re.fullmatch(re.escape(name).replace(r"\*", ".+"), point) is not None


def _named(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args and (called := _called(node)) in _PREFIXES:
            name = f"{_PREFIXES[called]}{_text(node.args[0])}"
            if _NAME.fullmatch(name):
                yield name


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""
