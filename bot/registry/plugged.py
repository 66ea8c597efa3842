"""An action of a plugin as a tool: what it touches is in a service, and what it gives back came from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.domain.approval import Detail
from bot.domain.call import Call, Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.label import Audience, Source
from bot.domain.receipt import Receipt
from bot.errors import ToolError
from bot.sdk.action import Action, taken_back
from bot.sdk.connect import Per
from bot.sdk.context import Context
from bot.sdk.plugin import Plugin
from bot.sdk.tool import Tool, parsed, schema_of
from bot.sdk.trial import touched
from bot.tools.abroad import TaskFiles
from bot.tools.desk import Desk

MOST_TEXT = 60_000
"""Characters of a result that the model is given; the rest is in a file."""

T = TypeVar("T")

UNDO = "undo_"
_SHOWN = 20_000


class UndoArguments(BaseModel):
    """Of the call that is taken back: its effect id, what it was given, and what its receipt says."""

    model_config = ConfigDict(extra="forbid")

    change: str
    given: dict[str, Any]
    receipt: dict[str, str]


def tools_of(plugin: Plugin) -> dict[str, Tool]:
    """By name: every action, and nothing of what was chosen for them, which is policy's matter."""
    return {name: _tool(Plugged(plugin=plugin, action=action)) for name, action in plugin.tools.items()}


def undo_tools_of(plugin: Plugin) -> dict[str, Tool]:
    """What takes a call back, for each action that can be. People ask for it; the model is never given it."""
    return {
        f"{UNDO}{name}": _undo_tool(Plugged(plugin=plugin, action=action))
        for name, action in plugin.tools.items()
        if action.inverse is not None
    }


@dataclass(frozen=True, kw_only=True)
class Plugged:
    """One action, asked in the ways in which tools are asked."""

    plugin: Plugin
    action: Action

    @property
    def name(self) -> str:
        return self.plugin.tool_name(self.action)

    def asked(self, desk: Desk, act: Callable[[Context], T]) -> T:
        action = self.action
        writes = action.effect is not Effect.READ
        return desk.abroad.asked(desk, self.plugin, self._heard(act), writes=writes, needs=action.needs)

    def accesses(self, desk: Desk, **arguments: Any) -> tuple[Access, ...]:
        """Of what touches nothing that can be named, the whole of the service: never nothing at all."""
        items = self._items(desk, arguments) or ("",)
        sent = (desk.reading(arguments[name]) for name in self.action.local_files if arguments.get(name))
        found = tuple(
            self._access(item, effect) for effect in self._effects(desk, arguments) for item in items
        )
        return (*found, *(access for read in sent for access in read))

    def sources(self, desk: Desk, **arguments: Any) -> tuple[Source, ...]:
        """What a call that makes something gives back is our own words on it."""
        if self.action.effect not in (Effect.READ, Effect.CHANGE, Effect.DELETE):
            return (Source(name=self.plugin.title, audience=Audience.ANYONE, is_trusted=True),)
        items = self._items(desk, arguments)
        is_one = len(items) == 1 and items[0] not in ("", "*")
        name = f"{self.plugin.title} {items[0]}" if is_one else self.plugin.title
        audience = self.asked(desk, lambda context: self._audience(context, arguments))
        return (Source(name=name, audience=audience),)

    def preview(self, desk: Desk, **arguments: Any) -> str:
        return self.asked(desk, lambda context: self.action.preview(context, **arguments))

    def detail(self, desk: Desk, **arguments: Any) -> Detail:
        return self.asked(desk, lambda context: self._detailed(context, arguments))

    def call(self, desk: Desk, **arguments: Any) -> Result:
        made = self.asked(desk, lambda context: self.action.function(context, **arguments))
        return bounded(made, self.name, desk)

    def settled(self, desk: Desk, **arguments: Any) -> Result | None:
        settled = self.action.settled
        assert settled is not None
        return self.asked(desk, lambda context: settled(context, **arguments))

    def undo(self, desk: Desk, change: str, given: Mapping[str, Any], receipt: Mapping[str, Any]) -> Result:
        """Take back the call whose effect id is `change`, with the arguments that it was `given`."""
        inverse, arguments = self.action.inverse, self._arguments(given)
        assert inverse is not None
        proof = Receipt(effect=self.action.effect, **receipt)
        result = self.asked(desk, lambda context: taken_back(inverse, context, proof, arguments))
        told = result.receipt or Receipt(effect=Effect.CHANGE, what=result.text, where=proof.where)
        return replace(result, receipt=replace(told, takes_back=change, undo=""))

    def undo_accesses(self, desk: Desk, given: Mapping[str, Any], **_: Any) -> tuple[Access, ...]:
        """Those of the call that is taken back: what allowed it then, or forbids it since, holds for this too."""
        return self.accesses(desk, **self._arguments(given))

    def _detailed(self, context: Context, arguments: dict[str, Any]) -> Detail:
        """Of what the service was asked for, those may read it who may use the account."""
        text = "" if self.action.detail is None else self.action.detail(context, **arguments)
        if not context.is_connected:
            return Detail(text=text)
        return Detail(text=text, audience=self._audience(context, arguments))

    def _heard(self, act: Callable[[Context], T]) -> Callable[[Context], T]:
        """Once the service was asked, its words may be in whatever is complained of."""

        def hearing(context: Context) -> T:
            try:
                return act(context)
            except ToolError as error:
                if context.is_connected:
                    error.sources = (Source(name=self.plugin.title, audience=_of_account(context)),)
                raise

        return hearing

    def _items(self, desk: Desk, arguments: dict[str, Any]) -> tuple[str, ...]:
        return self.asked(desk, lambda context: touched(self.action.items, context, arguments))

    def _arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return parsed(self.action.arguments, Call(id="", tool=self.name, input=given))

    def _effects(self, desk: Desk, arguments: dict[str, Any]) -> tuple[Effect, ...]:
        besides = self.action.besides
        more = None if besides is None else self.asked(desk, lambda context: besides(context, **arguments))
        return (self.action.effect,) if more is None else (self.action.effect, more)

    def _access(self, item: str, effect: Effect) -> Access:
        resource = Resource(
            realm=Realm.SERVICE, name=self.plugin.name, item=item, existed=self.action.existed
        )
        return Access(effect=effect, resource=resource)

    def _audience(self, context: Context, arguments: dict[str, Any]) -> Audience:
        audience = self.action.audience
        if isinstance(audience, Audience):
            return audience
        if audience is not None:
            return audience(context, **arguments)
        return _of_account(context)


def bounded(result: Result, name: str, desk: Desk) -> Result:
    """What is too long for the model is kept whole in the task's own folder, and its beginning shown."""
    text = desk.veil.masked(result.text)
    if len(text) <= MOST_TEXT:
        return result
    path = TaskFiles(desk).keep(f"{name}.md", text.encode())
    shown = f"{text[:_SHOWN]}\n\n… {len(text) - _SHOWN:,} more characters: all of it is in {path}."
    return replace(result, text=shown)


def _of_account(context: Context) -> Audience:
    return Audience.WORKSPACE if context.connection.per is Per.TEAM else Audience.REQUESTER


def _tool(plugged: Plugged) -> Tool:
    action = plugged.action
    inverse = action.inverse
    return Tool(
        name=plugged.name,
        description=action.description,
        schema=action.schema,
        arguments=action.arguments,
        function=plugged.call,
        accesses=plugged.accesses,
        sources=plugged.sources,
        preview=plugged.preview,
        detail=None if action.detail is None else plugged.detail,
        inverse=None if inverse is None else lambda *_, **__: inverse.words,
        settled=None if action.settled is None else plugged.settled,
        service=plugged.plugin.title,
        is_keyed=action.is_keyed,
        destinations=action.destinations,
    )


def _undo_tool(plugged: Plugged) -> Tool:
    return Tool(
        name=f"{UNDO}{plugged.name}",
        description=f"Take back a call of {plugged.name}.",
        schema=schema_of(UndoArguments),
        arguments=UndoArguments,
        function=plugged.undo,
        accesses=plugged.undo_accesses,
        preview=lambda desk, **_: f"Take back: {plugged.name}",
        service=plugged.plugin.title,
        is_keyed=True,
    )
