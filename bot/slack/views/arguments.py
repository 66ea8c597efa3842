"""The arguments of a call as fields of a form, by the schema of its tool, and what was filled in as arguments again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.call import canonical
from bot.errors import BadArgument

BLOCK = "argument"
PART = 2_900
"""Characters of one input, of which Slack takes 3,000: a longer text is several."""

MOST_CHOICES = 100
LONGEST_CHOICE = 75
"""Characters that Slack shows of a choice: what is longer could not be told from another."""


class Kind(StrEnum):
    """LINE, TEXT: a string. LINES: a list of strings. WRITTEN: anything else, as JSON. FIXED: too long for a form."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    CHOICE = "choice"
    WRITTEN = "written"
    FIXED = "fixed"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One argument. `parts` is what its inputs hold at first; of a CHOICE the JSON text of what is chosen, or "".

    `given` is the value as it stands; without it the argument is not given at all.
    """

    name: str
    kind: Kind
    parts: tuple[str, ...]
    given: tuple[Any, ...] = ()
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_whole: bool = False

    def block(self, part: int = 0) -> str:
        return f"{BLOCK}_{self.name}_{part}"


def fields(schema: Mapping[str, Any], given: Mapping[str, Any], *, most_parts: int) -> tuple[Field, ...]:
    """In the order of the schema, then those that it does not name. A text that would be more than `most_parts` inputs
    is left as it is."""
    required = schema.get("required") or ()
    shapes = {name: shape if isinstance(shape, dict) else {} for name, shape in schema["properties"].items()}
    shapes |= {name: {} for name in given if name not in shapes}
    return tuple(
        _field(name, shape, given, is_required=name in required, most_parts=most_parts)
        for name, shape in shapes.items()
    )


def filled(form: Sequence[Field], values: Mapping[str, str]) -> dict[str, Any]:
    """The arguments by the values of the inputs; what nobody touched is as it was, to the letter.

    Raises `BadArgument` for what cannot be read.
    """
    found = {field.name: _filled(field, values) for field in form}
    return {name: value[0] for name, value in found.items() if value}


def touched(form: Sequence[Field], values: Mapping[str, str]) -> list[str]:
    """The names of those whose inputs do not hold what they held at first."""
    return [
        field.name
        for field in form
        if not all(_is_same(was, values.get(field.block(part), was)) for part, was in enumerate(field.parts))
    ]


def _field(
    name: str, shape: Mapping[str, Any], given: Mapping[str, Any], *, is_required: bool, most_parts: int
) -> Field:
    value = given.get(name)
    kind, choices = _kind(shape, value)
    parts = _parts(_text(kind, value))
    return Field(
        name=name,
        kind=Kind.FIXED if len(parts) > most_parts else kind,
        parts=parts,
        given=(given[name],) if name in given else (),
        hint=str(shape.get("description", "")),
        choices=choices,
        is_required=is_required,
        is_whole=shape.get("type") == "integer",
    )


def _kind(shape: Mapping[str, Any], value: Any) -> tuple[Kind, tuple[str, ...]]:
    of = _type(shape)
    if choices := _choices(shape, of, value):
        return Kind.CHOICE, choices
    if "enum" in shape:
        return Kind.WRITTEN, ()
    if of == "string" and isinstance(value, str | None):
        return _of_text(value or ""), ()
    if of in ("integer", "number") and isinstance(value, int | float | None) and len(str(value)) <= 16:
        return Kind.NUMBER, ()
    if of == "array" and _type(shape.get("items")) == "string" and _are_lines(value):
        return Kind.LINES, ()
    return Kind.WRITTEN, ()


def _type(shape: Any) -> str:
    """The one that it has besides null, "" where it has several or none."""
    of = shape.get("type") if isinstance(shape, dict) else None
    kinds = [one for one in (of if isinstance(of, list) else [of]) if one != "null"]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else ""


def _choices(shape: Mapping[str, Any], of: str, value: Any) -> tuple[str, ...]:
    """None where a select cannot hold them all, and what is chosen."""
    found = ["true", "false"] if of == "boolean" and "enum" not in shape else []
    if isinstance(shape.get("enum"), list):
        found = list(dict.fromkeys(canonical(one) for one in shape["enum"] if one is not None))
    can_be_shown = 0 < len(found) <= MOST_CHOICES and all(map(_is_plain, found))
    is_among = value is None or canonical(value) in found
    return tuple(found) if can_be_shown and is_among else ()


def _is_plain(choice: str) -> bool:
    """It is shown whole, and nothing in it is not seen."""
    return len(choice) <= LONGEST_CHOICE and choice.isprintable()


def _of_text(value: str) -> Kind:
    """What looks like a name or a path is one line."""
    is_name = "\n" not in value and (value.startswith("/") or not any(map(str.isspace, value)))
    return Kind.LINE if is_name and len(value) <= PART else Kind.TEXT


def _are_lines(value: Any) -> bool:
    return all(isinstance(one, str) and one.strip() and "\n" not in one for one in value or ())


def _text(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    match kind:
        case Kind.LINE | Kind.TEXT:
            return str(value)
        case Kind.LINES:
            return "\n".join(value)
        case Kind.WRITTEN:
            return json.dumps(value, ensure_ascii=False, indent=1)
        case _:
            return canonical(value)


def _parts(text: str) -> tuple[str, ...]:
    """Cut after a line, where there is one."""
    parts = []
    while len(text) > PART:
        at = text.rfind("\n", PART // 2, PART) + 1 or PART
        parts.append(text[:at])
        text = text[at:]
    return (*parts, text)


def _filled(field: Field, values: Mapping[str, str]) -> tuple[Any, ...]:
    """The value; nothing for an argument that is not given."""
    if field.kind is Kind.FIXED or not any(field.block(part) in values for part in range(len(field.parts))):
        return field.given
    said = [values.get(field.block(part), "").replace("\r\n", "\n") for part in range(len(field.parts))]
    kept = [
        was if _is_same(was, now) else _ended(was, now) for was, now in zip(field.parts, said, strict=True)
    ]
    text = "".join(kept)
    if text == "".join(field.parts):
        return field.given
    if not text.strip() and not field.is_required:
        return ()
    return (_read(field, text),)


def _is_same(was: str, now: str) -> bool:
    """A form does not keep how a text ends."""
    return was.replace("\r\n", "\n").rstrip() == now.rstrip()


def _ended(was: str, now: str) -> str:
    """A text that ended with a line still does, and the part behind it begins on its own."""
    return now.rstrip("\n") + "\n" if now.strip() and was.endswith("\n") else now


def _read(field: Field, text: str) -> Any:
    match field.kind:
        case Kind.LINES:
            return [line for line in text.split("\n") if line.strip()]
        case Kind.NUMBER:
            return _number(field, text)
        case Kind.CHOICE | Kind.WRITTEN:
            return _json(field, text)
        case _:
            return text


def _number(field: Field, text: str) -> int | float:
    try:
        return int(text) if field.is_whole or text.strip().lstrip("+-").isdecimal() else float(text)
    except ValueError:
        what = "a whole number" if field.is_whole else "a number"
        raise BadArgument(f"This has to be {what}.", argument=field.name) from None


def _json(field: Field, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadArgument(f"This is not valid JSON: {error}.", argument=field.name) from None
