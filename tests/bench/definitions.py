"""What the definitions of tools cost a prompt: outright, and with all but a few found by name."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.registry.finding import Reach, finders, shown
from bot.registry.plugins import found
from bot.registry.tools import Toolset
from bot.sdk.tool import Tool
from tests.bench.figure import Figure, of_runs

CHARACTERS_A_TOKEN = 3.9
"""Of JSON Schema, as measured for notes/plugins.md §4: 430 characters were 110 tokens."""

AIM = 8_000.0


def measure(*, quick: bool) -> list[Figure]:
    """Of all plugins that come with Cowork, everything switched on."""
    tools = Toolset(found().there)
    reach = Reach(tools=lambda: tools.actions, examples=tools.examples(), unconnected=list)
    with_finding = shown(tools.built_in, tools.actions, finders(reach))
    outright = [*tools.built_in.values(), *tools.actions.values()]
    return [
        _figure("definitions.built_in", "built-in tools alone", tools.built_in.values()),
        _figure("definitions.found", "all plugins, most actions found by name", with_finding, AIM),
        _figure("definitions.outright", "all plugins, every action outright", outright),
    ]


def _figure(name: str, what: str, tools: Iterable[Tool], aim: float | None = None) -> Figure:
    defined = [tool.definition for tool in tools]
    characters = len(json.dumps(defined, ensure_ascii=False, separators=(",", ":")))
    detail = {"tools": len(defined), "characters": characters}
    tokens = characters / CHARACTERS_A_TOKEN
    return of_runs(name, f"Tokens of definitions: {what}", [tokens], unit="tokens", aim=aim, detail=detail)
