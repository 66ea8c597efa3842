"""A form that a connector wants filled in: its fields, what people may be asked at all, and what they wrote."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.domain import field
from bot.domain.asking import Reply, Said
from bot.domain.cleaned import cleaned, cleaned_in
from bot.domain.connector import Form
from bot.domain.field import Field, Kind
from bot.errors import BadArgument, NotAllowed

DECLINE = "decline"
DONE = "done"

MOST_FIELDS = 20
MOST_CHOICES = 100

_SECRET = re.compile(
    r"pass(?:word|wd|phrase|code)|passwort|kennwort|secret|(?<![a-z])tokens?(?![a-z])|credential"
    r"|api[-_ ]?key|(?:private|access|signing|license)[-_ ]?key|(?<![a-z])(?:pin|otp|tan|cvv|cvc|ssn)(?![a-z])"
    r"|one[-_ ]time[-_ ]code|card[-_ ]?number",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


_TEXTS = {"email": Kind.EMAIL, "uri": Kind.ADDRESS, "date": Kind.DATE, "date-time": Kind.MOMENT}
_NUMBERS = {"number": Kind.NUMBER, "integer": Kind.WHOLE}
_WRITTEN = (Kind.LINE, Kind.EMAIL, Kind.ADDRESS)


def fields(form: Form) -> tuple[Field, ...]:
    """In the server's order. Raises `NotAllowed` for what no form of ours can ask."""
    described = form.schema.get("properties")
    required = form.schema.get("required") or ()
    if not isinstance(described, Mapping) or not isinstance(required, Sequence):
        raise NotAllowed("it describes no fields")
    if len(described) > MOST_FIELDS:
        raise NotAllowed(f"it asks for more than {MOST_FIELDS} things at once")
    return tuple(_field(str(name), shape, name in required) for name, shape in described.items())


def objection(form: Form) -> str:
    """Why nobody is to be asked this; "" where they may be. A person's secrets are no matter of a form."""
    if form.url:
        return _of_address(form.url)
    try:
        asked = fields(form)
    except NotAllowed as refusal:
        return str(refusal)
    written = [one for one in asked if one.kind in _WRITTEN]
    about = " ".join(
        [form.message, *(f"{_CAMEL.sub(' ', one.name)} {one.title} {one.hint}" for one in written)]
    )
    if written and _SECRET.search(about.replace("_", " ")):
        return "it asks for a password, a token or the like, which no form here may"
    return ""


def host(form: Form) -> str:
    """Of the address that a person is to open."""
    return cleaned(urlsplit(form.url).hostname or "")


def taken(form: Form, words: str) -> Reply:
    """What people said in words: a refusal, that it is done, the JSON of the fields, or the one thing asked for.

    Raises `BadArgument` for a field that does not fit, and `NotAllowed` where the words are no answer.
    """
    said = words.strip()
    if said.lower() == DECLINE:
        return Reply(said=Said.DECLINE)
    if form.url:
        if said.lower() != DONE:
            raise NotAllowed(f"Open the address, and answer “{DONE}” when you have; or answer “{DECLINE}”.")
        return Reply(said=Said.ACCEPT)
    asked = fields(form)
    return Reply(said=Said.ACCEPT, content=field.filled(asked, _given(asked, said)))


def summed_up(form: Form, reply: Reply) -> str:
    """For people who look at it later."""
    if reply.said is not Said.ACCEPT:
        return "Declined."
    if form.url:
        return "Done."
    asked = {one.name: one for one in fields(form)}
    shown = (f"{asked[name].title}: {_shown(asked[name], value)}" for name, value in reply.content.items())
    return "\n".join(shown) or "Nothing was filled in."


def _given(asked: Sequence[Field], said: str) -> Mapping[str, Any]:
    if said.startswith("{"):
        try:
            given = json.loads(said)
        except ValueError:
            raise NotAllowed("That is no JSON object of the fields.") from None
        return cleaned_in(given) if isinstance(given, dict) else {}
    if not asked:
        return {}  # it only wants to be told to go on
    needed = [one for one in asked if one.is_required] or list(asked)
    if len(needed) != 1:
        names = ", ".join(one.title for one in asked)
        raise NotAllowed(f"It asks for several things ({names}). Press Answer… to fill them in.")
    return {needed[0].name: cleaned(said)}


def _field(name: str, shape: Any, is_required: bool) -> Field:
    if not isinstance(shape, Mapping):
        raise NotAllowed(f"nobody could tell what {name} is")
    kind, choices = _kind(name, shape)
    bounds = {Kind.CHOICES: ("minItems", "maxItems"), Kind.NUMBER: ("minimum", "maximum")}
    bounds[Kind.WHOLE] = bounds[Kind.NUMBER]
    low, high = bounds.get(kind, ("minLength", "maxLength"))
    found = Field(
        name=name,
        title=cleaned(str(shape.get("title") or name.replace("_", " "))),
        kind=kind,
        hint=cleaned(str(shape.get("description") or "")),
        choices=choices,
        is_required=is_required,
        low=_bound(shape.get(low), -math.inf),
        high=_bound(shape.get(high), math.inf),
    )
    return _with_default(found, shape.get("default"))


def _kind(name: str, shape: Mapping[str, Any]) -> tuple[Kind, tuple[tuple[str, str], ...]]:
    of = shape.get("type")
    if of == "array":
        return Kind.CHOICES, _choices(name, shape.get("items"))
    if of == "string" and ("enum" in shape or "oneOf" in shape):
        return Kind.CHOICE, _choices(name, shape)
    if of == "string":
        return _TEXTS.get(str(shape.get("format")), Kind.LINE), ()
    if of == "boolean":
        return Kind.YES_NO, (("true", "Yes"), ("false", "No"))
    if of in _NUMBERS:
        return _NUMBERS[of], ()
    raise NotAllowed(f"{name} is of a kind that a form cannot ask")


def _choices(name: str, shape: Any) -> tuple[tuple[str, str], ...]:
    """As values with names beside them, or as constants that have titles."""
    shape = shape if isinstance(shape, Mapping) else {}
    values, names = _listed(shape.get("enum")), _listed(shape.get("enumNames"))
    titled = _listed(shape.get("oneOf")) or _listed(shape.get("anyOf"))
    pairs = [
        *zip(values, names or values, strict=False),
        *(
            (one.get("const"), one.get("title") or one.get("const"))
            for one in titled
            if isinstance(one, Mapping)
        ),
    ]
    found = tuple((value, cleaned(str(label))) for value, label in pairs if isinstance(value, str))
    if not found or len(found) > MOST_CHOICES:
        raise NotAllowed(f"{name} has no choices, or more than {MOST_CHOICES}")
    return found


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _with_default(one: Field, default: Any) -> Field:
    """One that does not fit its own field is none."""
    if default is None:
        return one
    try:
        value = field.value(one, default)
    except BadArgument:
        return one
    return replace(one, default=value)


def _bound(given: Any, otherwise: float) -> float:
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else otherwise


def _shown(one: Field, value: Any) -> str:
    """As it stood in the form: a choice by its label."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    labels = dict(one.choices)
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(each, str(each)) for each in chosen)


def _of_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        where = parts.hostname
    except ValueError:
        return "it gives no address that could be opened"
    if parts.scheme != "https" or not where or parts.username or cleaned(url) != url:
        return "it gives no https address that could be opened"
    return ""
