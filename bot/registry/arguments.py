"""The arguments of a connector's tool, held against its server's schema: lightly, as the server does it in full."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from bot.domain.cleaned import cleaned_in
from bot.domain.connector import Definition

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_ABOVE = ("anyOf", "oneOf", "allOf", "not", "if", "then", "else", "$schema", "$id")
"""What the model's API takes no schema with at its top: the server still holds the call against it."""

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
    "null": (type(None),),
}


def schema_for_model(definition: Definition) -> dict[str, Any]:
    """The server's schema, cleaned, as the model's API takes it; of one that it would not take, any object."""
    schema = {name: value for name, value in _schema(definition).items() if name not in _ABOVE}
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or not all(map(_NAME.fullmatch, properties)):
        return {"type": "object"}
    cleaned: dict[str, Any] = cleaned_in(schema) | {"type": "object"}
    return cleaned


@functools.lru_cache(maxsize=2_000)
def arguments_of(definition: Definition) -> type[BaseModel]:
    """All that a call has is one argument, `given`. It is checked for what is missing, of another kind, or not taken:
    all else is the server's to check."""
    schema = _schema(definition)

    class Arguments(BaseModel):
        given: dict[str, Any]

        @classmethod
        def model_validate(cls, obj: Any, **_: Any) -> Self:
            if faults := list(_faults(schema, obj)):
                raise ValidationError.from_exception_data(definition.name, faults)
            return cls(given=obj)

    return Arguments


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text among arguments, each with the name that it stands under."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from texts(one, str(key))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one, name)


def in_a_line(given: Mapping[str, Any], most: int = 160) -> str:
    """ "path: /srv/a.txt, tail: 5" """
    line = ", ".join(f"{name}: {_short(value)}" for name, value in given.items())
    return line if len(line) <= most else f"{line[:most]}…"


def to_the_letter(given: Mapping[str, Any]) -> str:
    """All of it, with a sign for each letter that would not be seen."""
    told = json.dumps(given, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    return "".join(
        letter if letter.isprintable() or letter == "\n" else f"\\u{ord(letter):04x}" for letter in told
    )


def _schema(definition: Definition) -> dict[str, Any]:
    schema = definition.described.get("inputSchema")
    return schema if isinstance(schema, dict) else {}


def _faults(schema: Mapping[str, Any], call: Any) -> Iterator[InitErrorDetails]:
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in call:
            yield _fault(name, "it is required", None)
    for name, value in call.items():
        if name in properties:
            if why := _wrong(properties[name], value):
                yield _fault(name, why, value)
        elif schema.get("additionalProperties") is False:
            yield _fault(name, "there is no such argument", value)


def _wrong(part: Any, value: Any) -> str:
    """What is not the kind of value that a property is said to be; "" for all that cannot be told from here."""
    if not isinstance(part, dict):
        return ""
    kinds = part.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    known = [kind for kind in kinds if kind in _KINDS]
    if known and len(known) == len(kinds) and not any(_is_kind(kind, value) for kind in known):
        return f"it should be of type {' or '.join(known)}"
    options = part.get("enum")
    if isinstance(options, list) and value not in options:
        return f"it should be one of {', '.join(map(repr, options[:20]))}"
    return ""


def _is_kind(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS[kind])


def _fault(name: str, what: str, value: Any) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError("argument", "{what}", {"what": what}), loc=(name,), input=value
    )


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
