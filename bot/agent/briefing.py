"""The structured call that reads the requester's words: what is asked, and what of the answer is believed."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.brief import Boundary, CheckIn, Deed, Format, Reading, Wanted
from bot.domain.effect import Effect
from bot.policy.reader.reading import read

Block = dict[str, Any]
Occurs = Callable[[str], bool]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Boundary(_Said):
    effects: list[Effect]
    where: str
    only: list[str]
    quote: str


class _CheckIn(_Said):
    effects: list[Effect]
    where: str
    quote: str


class _Wanted(_Said):
    format: Format
    name: str
    quote: str


class _Answer(_Said):
    boundaries: list[_Boundary]
    plan_first: str
    check_ins: list[_CheckIn]
    wanted: list[_Wanted]
    places: list[str]
    recipients: list[str]


@functools.cache
def instructions() -> str:
    return importlib.resources.files("bot.agent").joinpath("brief.md").read_text("utf-8").strip()


def schema() -> dict[str, Any]:
    """As structured outputs take it: no recursion, no limits, nothing open, all required (notes/model.md §5)."""
    effects = {"type": "array", "items": {"type": "string", "enum": [effect.value for effect in Effect]}}
    formats = {"type": "string", "enum": [form.value for form in Format]}
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    limit = {"effects": effects, "where": text, "quote": text}
    return _object(
        boundaries=_list(limit | {"only": texts}),
        plan_first=text,
        check_ins=_list(limit),
        wanted=_list({"format": formats, "name": text, "quote": text}),
        places=texts,
        recipients=texts,
    )


def question(words: str) -> list[Block]:
    """The words alone: no other text is beside them."""
    return [{"role": "user", "content": [{"type": "text", "text": words}]}]


def understood(answer: str, words: str) -> Reading | None:
    """What the words really say of it: whatever does not literally occur in them is left out. None for no answer."""
    try:
        said = _Answer.model_validate_json(answer)
    except ValidationError:
        return None
    occurs = _in(words)
    return Reading(
        boundaries=tuple(_boundaries(said.boundaries, occurs, read(words))),
        plan_first=said.plan_first if occurs(said.plan_first) else "",
        check_ins=tuple(
            CheckIn(effects=frozenset(one.effects), where=_where(one.where), quote=one.quote)
            for one in said.check_ins
            if occurs(one.quote) and (not one.where or occurs(one.where))
        ),
        wanted=tuple(
            Wanted(format=one.format, name=one.name if occurs(one.name) else "", quote=one.quote)
            for one in said.wanted
            if occurs(one.quote)
        ),
        named=frozenset(place for place in said.places if occurs(place)),
        recipients=tuple(who for who in said.recipients if occurs(who)),
    )


def _boundaries(said: Iterable[_Boundary], occurs: Occurs, by_rules: Reading) -> Iterable[Boundary]:
    for one in said:
        places = [*one.only, *([one.where] if one.where else [])]
        if one.effects and occurs(one.quote) and all(occurs(place) for place in places):
            yield Boundary(
                effects=frozenset(one.effects),
                quote=one.quote,
                where=_where(one.where),
                only=frozenset(_where(place) for place in one.only),
                deed=_deed(one, by_rules),
            )


def _deed(said: _Boundary, by_rules: Reading) -> Deed:
    """Of "do not rename" or "no new files" the rules know what a schema does not ask."""
    for known in by_rules.boundaries:
        if known.effects.intersection(said.effects) and (
            said.quote in known.quote or known.quote in said.quote
        ):
            return known.deed
    return Deed.MAKING if said.effects == [Effect.CREATE] and not said.where and not said.only else Deed.ANY


def _where(place: str) -> str:
    """As policy looks for it in a name."""
    return place.strip().strip("`\"'").lstrip("#@").removeprefix("~").removeprefix("./").strip("/ ")


def _in(words: str) -> Occurs:
    """Whether a quotation occurs in the words; line breaks are no difference."""
    whole = " ".join(words.split())
    return lambda quote: bool(quote.strip()) and " ".join(quote.split()) in whole


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
