"""What makes a plugin good, as a table of rules that ours and those of others are held to."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.domain.effect import Effect
from bot.errors import SignInNeeded, ToolError, Unavailable
from bot.sdk.action import Action
from bot.sdk.connect import Connection, Form, OAuth, Per
from bot.sdk.plugin import Plugin
from bot.sdk.refusing import ANSWERS, refusing
from bot.sdk.trial import Trial

MOST_PARAMETERS = 6
MOST_CHARACTERS = 1_600
"""Of one definition as the model gets it: about 400 tokens."""

_PUT_DOWN = (Effect.CREATE, Effect.CHANGE, Effect.SEND, Effect.PUBLISH)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Where a rule is broken, and how it is kept."""

    rule: str
    where: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`asks` gives what breaks it, place by place."""

    name: str
    meaning: str
    asks: Callable[[Plugin], Iterable[tuple[str, str]]]


def faults(plugin: Plugin) -> list[Fault]:
    """All that is wrong; none for a good plugin. Makes no call to the service itself."""
    return [
        Fault(rule=rule.name, where=where, what=what) for rule in RULES for where, what in rule.asks(plugin)
    ]


def _introduced(plugin: Plugin) -> Iterator[tuple[str, str]]:
    if not 20 <= len(plugin.description) <= 160:
        yield plugin.name, "the description needs 20 to 160 characters"
    if not re.fullmatch(r":[a-z0-9_+-]+:", plugin.icon):
        yield plugin.name, "the icon is not the name of an emoji, like :books:"
    if not plugin.ways:
        yield plugin.name, "there is no way to connect it"
    if not plugin.actions:
        yield plugin.name, "it has no action"


def _named(plugin: Plugin) -> Iterator[tuple[str, str]]:
    for one in plugin.actions:
        if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", one.name):
            yield one.name, "the name is not <verb>_<object>, such as list_issues"


def _described(plugin: Plugin) -> Iterator[tuple[str, str]]:
    for one in plugin.actions:
        if not 10 <= len(one.summary) <= 120:
            yield one.name, "the first line of the docstring needs 10 to 120 characters"
        if len(one.schema.get("properties", {})) > MOST_PARAMETERS:
            yield one.name, f"it has more than {MOST_PARAMETERS} parameters"
        if (size := len(json.dumps([one.name, one.description, one.schema]))) > MOST_CHARACTERS:
            yield one.name, f"its definition has {size:,} characters, more than {MOST_CHARACTERS:,}"


def _exemplified(plugin: Plugin) -> Iterator[tuple[str, str]]:
    for one in plugin.actions:
        try:
            one.arguments.model_validate(dict(one.example))
        except ValueError as error:
            yield one.name, f"its example is not a valid call: {error}"


def _previewed(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """In a line, without asking the service: it is made for every call, also where the network is gone."""
    with _trial(plugin, "http://127.0.0.1:9") as trial:
        for one in plugin.actions:
            try:
                line = one.preview(trial.context(), **trial.arguments(one.name, **one.example))
            except Exception as error:  # noqa: BLE001 (code of others may fail in any way)
                yield one.name, f"its preview needs more than the arguments ({type(error).__name__}: {error})"
                continue
            if not line.strip() or "\n" in line or len(line) > 300:
                yield one.name, "its preview is not one line of up to 300 characters"


def _shown_whole(plugin: Plugin) -> Iterator[tuple[str, str]]:
    for one in plugin.actions:
        if one.effect in _PUT_DOWN and one.detail is None and _has_text(one):
            yield one.name, "it writes a text that the card does not show: give it a detail"


def _translated(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """Whatever the service answers, the errors are ours."""
    for answer in ANSWERS:
        with refusing(answer) as address, _trial(plugin, address) as trial:
            for one in plugin.actions:
                if unknown := _unknown_error(trial, one):
                    yield one.name, f"with {answer.name} it raises {unknown}"


def _documented(plugin: Plugin) -> Iterator[tuple[str, str]]:
    text = _readme(plugin)
    if not text:
        yield plugin.name, "there is no README.md beside its declaration"
    elif plugin.title not in text or "connect" not in text.lower():
        yield plugin.name, "its README.md does not say how to connect it"


RULES = (
    Rule(
        name="introduced",
        meaning="It has a description, an icon, an action and a way to connect.",
        asks=_introduced,
    ),
    Rule(name="named", meaning="Each action is called <verb>_<object>.", asks=_named),
    Rule(
        name="described",
        meaning="Each action has a docstring for the model, few parameters and a small definition.",
        asks=_described,
    ),
    Rule(name="exemplified", meaning="Each action has an example that is a valid call.", asks=_exemplified),
    Rule(
        name="previewed",
        meaning="Each action is put into one line for people without asking the service.",
        asks=_previewed,
    ),
    Rule(
        name="shown whole",
        meaning="An action that writes a text shows all of it before a person says yes.",
        asks=_shown_whole,
    ),
    Rule(
        name="errors translated",
        meaning="Whatever the service answers, an action raises only SignInNeeded, ToolError or Unavailable.",
        asks=_translated,
    ),
    Rule(
        name="documented",
        meaning="A README.md beside the declaration says what it can and how to connect it.",
        asks=_documented,
    ),
)


def _has_text(action: Action) -> bool:
    return any(name in action.schema.get("properties", {}) for name in ("body", "text", "content", "message"))


def _unknown_error(trial: Trial, action: Action) -> str:
    try:
        trial.run(action.name, effect_id="quality", **action.example)
    except (SignInNeeded, ToolError, Unavailable):
        return ""
    except Exception as error:  # noqa: BLE001 (code of others may fail in any way)
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _readme(plugin: Plugin) -> str:
    package = sys.modules[plugin.client.__module__].__package__
    found = resources.files(package).joinpath("README.md") if package else None
    return found.read_text("utf-8") if found is not None and found.is_file() else ""


class _trial:
    """A trial of a plugin whose every address is the given one, with made-up secrets."""

    def __init__(self, plugin: Plugin, address: str) -> None:
        self._plugin = plugin
        self._address = address
        self._folder = TemporaryDirectory()

    def __enter__(self) -> Trial:
        folder = Path(self._folder.name)
        for name in {str(value) for one in self._plugin.actions for value in _local(one)}:
            (folder / name).write_bytes(b"text")
        return Trial(plugin=self._plugin, connection=_connection(self._plugin, self._address), folder=folder)

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _local(action: Action) -> Iterator[Any]:
    return (action.example[name] for name in action.local_files if name in action.example)


def _connection(plugin: Plugin, address: str) -> Connection:
    way = next((one for one in plugin.ways if isinstance(one, OAuth)), next(iter(plugin.ways), None))
    secrets = {"token": "made-up"}
    if isinstance(way, Form):
        secrets |= {one.name: address if "http" in one.hint else "made-up" for one in way.blanks}
    return Connection(
        plugin=plugin.name,
        way=way.way if way else "",
        per=Per.PERSON,
        account="somebody",
        secrets=secrets,
        endpoints={one.name: address for one in plugin.endpoints},
    )
