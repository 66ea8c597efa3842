"""A tool is a typed function with a docstring for the model, and what policy and people need to know of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from bot.domain.approval import Detail, Draft
from bot.domain.call import Call, Result, canonical
from bot.domain.destination import Aim
from bot.domain.effect import Access
from bot.domain.label import Source
from bot.domain.pin import Pin
from bot.errors import ToolError
from bot.sdk.destination import destinations_of
from bot.sdk.sources import sources_of

Accesses = Callable[..., tuple[Access, ...]]
Sources = Callable[..., tuple[Source, ...]]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One thing the model may ask for.

    `accesses` says what a call would do, for policy; none means that it stays inside the task.
    `destinations` are the arguments that say where something goes; `named` finds such places in arguments that nobody
    has marked.
    `sources` says where what comes back is from: who could have written it, and who may read it. Without it all
    that the call reads, and whatever a service answers, counts as written by others and read by the requester alone.
    `preview` is the call in words for people, `detail` what a line of words cannot show; where that is not the call's
    own words alone, it says who may read it.
    `put` makes a tool that only ever asks a person.
    `inverse` says in words how a call, if it were made now, would be undone ("Move it back"), "" where it could not be;
    without it none can, and people are told.
    `settled` looks at the world after a crash: the result when the call happened, None when it did not;
    it raises `ToolError` when that cannot be told.
    `is_keyed`: the service takes `desk.effect_id` as an idempotency key, so the call may simply be made again.
    `service` is what it calls, as people know it ("GitHub"); "" for nothing outside. One that does not answer raises
    `Unavailable`, and the task goes on when it does. A call ends when its desk's `halt` says so.
    `pinned` says at which server a call of a connector is made, and in which words of it the tool was accepted.
    """

    name: str
    description: str
    schema: dict[str, Any]
    arguments: type[BaseModel]
    function: Callable[..., Result]
    accesses: Accesses
    preview: Callable[..., str]
    sources: Sources | None = None
    detail: Callable[..., str | Detail] | None = None
    put: Callable[..., Draft] | None = None
    inverse: Callable[..., str] | None = None
    settled: Callable[..., Result | None] | None = None
    service: str = ""
    is_keyed: bool = False
    destinations: Mapping[str, Aim] = field(default_factory=dict)
    named: Callable[..., Iterable[tuple[str, Aim]]] | None = None
    pinned: Callable[..., Pin | None] = lambda **_: None

    @property
    def definition(self) -> dict[str, Any]:
        """The tool as the model's API takes it."""
        return {"name": self.name, "description": self.description, "input_schema": self.schema}

    def detailed(self, desk: Any, **arguments: Any) -> Detail:
        """What a line cannot show of this call, and who may read it."""
        shown = "" if self.detail is None else self.detail(desk, **arguments)
        return Detail(text=shown) if isinstance(shown, str) else shown

    def comes_from(self, desk: Any, **arguments: Any) -> tuple[Source, ...]:
        """Where what this call gives back is from. Raises `ToolError` where it cannot be made."""
        if self.sources is not None:
            return self.sources(desk, **arguments)
        return sources_of(self.accesses(desk, **arguments))

    def parsed(self, call: Call) -> dict[str, Any]:
        """The call's arguments, checked. Raises `ToolError` naming what is wrong with which argument."""
        return parsed(self.arguments, call)

    def faults(self, call: Call) -> list[tuple[str, str]]:
        """What is wrong with which argument ("content", "steps.0.title"); none for a call that can be made."""
        try:
            self.arguments.model_validate(dict(call.input))
        except ValidationError as error:
            return _faults(error)
        return []


def tool(
    *,
    accesses: Accesses = lambda *_, **__: (),
    preview: Callable[..., str],
    sources: Sources | None = None,
    detail: Callable[..., str | Detail] | None = None,
    put: Callable[..., Draft] | None = None,
    inverse: Callable[..., str] | None = None,
    settled: Callable[..., Result | None] | None = None,
    service: str = "",
    is_keyed: bool = False,
) -> Callable[[Callable[..., Result]], Tool]:
    """Make a tool of a function `(desk, arguments…) -> Result`. Its docstring is written for the model.

    The desk of a call has its `effect_id`: the same whenever this call is made or looked up, and no other call's.
    An argument noted as a `Destination` says where something goes.
    `accesses`, `sources`, `preview`, `detail`, `inverse` and `settled` take the desk and the same arguments, `put`
    those alone.
    """

    def made(function: Callable[..., Result]) -> Tool:
        arguments = arguments_of(function)
        return Tool(
            name=function.__name__,
            description=inspect.getdoc(function) or "",
            schema=schema_of(arguments),
            arguments=arguments,
            function=function,
            accesses=accesses,
            preview=preview,
            sources=sources,
            detail=detail,
            put=put,
            inverse=inverse,
            settled=settled,
            service=service,
            is_keyed=is_keyed,
            destinations=destinations_of(function),
        )

    return made


def parsed(arguments: type[BaseModel], call: Call) -> dict[str, Any]:
    """The call's arguments, checked. Raises `ToolError` naming what is wrong with which argument."""
    if not _is_whole(call):
        raise ToolError(
            f"{call.tool} was called wrongly: in a text stands half a character (a lone surrogate, such as half an "
            "emoji). Write it in full, or leave it out, and try again."
        )
    try:
        checked = arguments.model_validate(dict(call.input))
    except ValidationError as error:
        faults = "; ".join(f"{place}: {what}" for place, what in _faults(error)[:5])
        raise ToolError(
            f"{call.tool} was called wrongly: {faults}. Correct the call and try again."
        ) from None
    return {name: getattr(checked, name) for name in type(checked).model_fields}


def _is_whole(call: Call) -> bool:
    """No file, no process and no service takes a text with half a character."""
    try:
        canonical(call.input).encode()
    except UnicodeEncodeError:
        return False
    return True


def schema_of(arguments: type[BaseModel]) -> dict[str, Any]:
    """As the model's API takes it, and as short as it can be."""
    schema: dict[str, Any] = _slim(arguments.model_json_schema())
    return schema


def arguments_of(function: Callable[..., Result]) -> type[BaseModel]:
    """The parameters of a function but for the first, each with its type, notes and default; no others are taken."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        required = parameter.default is inspect.Parameter.empty
        fields[name] = (_described(hints[name]), ... if required else parameter.default)
    return create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)


def _described(hint: Any) -> Any:
    """`Annotated[str, "what it is"]` becomes a field with that description."""
    notes = getattr(hint, "__metadata__", ())
    if notes and isinstance(notes[0], str):
        return Annotated[hint.__origin__, Field(description=notes[0])]
    return hint


def _slim(schema: Any) -> Any:
    """The JSON schema without what only costs tokens: titles, null defaults, "or null" (notes/plugins.md §4)."""
    if isinstance(schema, list):
        return [_slim(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    options = schema.get("anyOf", ())
    if len(options) == 2 and {"type": "null"} in options:
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
        schema = rest | next(option for option in options if option != {"type": "null"})
    parts = {name: _lean(_slim(part)) for name, part in schema.get("$defs", {}).items()}
    return ({"$defs": parts} if parts else {}) | {
        key: {name: _slim(value) for name, value in part.items()} if key == "properties" else _slim(part)
        for key, part in schema.items()
        if key not in ("$defs", "discriminator")
        and not (key == "title" and isinstance(part, str))
        and not (key == "default" and part is None)
    }


_CHECKED = ("additionalProperties", "maxItems", "maxLength", "minItems", "minLength", "pattern")


def _lean(schema: Any) -> Any:
    """What arguments are made of, by its shape alone: how long it may be is checked, and told where it is too long."""
    if isinstance(schema, list):
        return [_lean(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _lean(value) for name, value in part.items()} if key == "properties" else _lean(part)
        for key, part in schema.items()
        if key not in _CHECKED
        and not (key == "default" and not part)
        and not (key == "type" and "const" in schema)
    }


def _faults(error: ValidationError) -> list[tuple[str, str]]:
    return [(_place(fault["loc"]), fault["msg"]) for fault in error.errors()]


def _place(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location) or "arguments"
