"""The operator's rules on who decides, read from TOML: what is wrong in it is said by its number and its name."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.domain.deciders import ADMINS, REQUESTER, Deciders, Rule
from bot.domain.effect import Effect

_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP = re.compile(r"S[A-Z0-9]{2,20}|@[\w.-]+")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{2,20}")


def rules(text: str) -> tuple[Rule, ...]:
    """Raises `ValueError` with what is wrong, in words for the operator."""
    try:
        book = _Book.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is not TOML: {error}.") from error
    except ValidationError as error:
        raise ValueError(_first(error)) from error
    return tuple(one.rule for one in book.rule)


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Texts = Annotated[list[str], BeforeValidator(_several)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    who: _Texts = Field(min_length=1)
    effects: Annotated[list[Effect], BeforeValidator(_several)] = []
    where: _Texts = []
    channels: _Texts = []
    itself: bool = Field(default=True, alias="self")
    people: int = Field(default=1, ge=1, le=2)
    tokens: bool = False

    @field_validator("who")
    @classmethod
    def _are_known(cls, names: list[str]) -> list[str]:
        for name in names:
            if name not in (REQUESTER, ADMINS) and not _USER.fullmatch(name) and not _GROUP.fullmatch(name):
                raise ValueError(
                    f'"{name}" is nobody I know. Write "requester", "admins", a user id (U…), '
                    "or a user group (@handle, or its id, S…)."
                )
        return names

    @field_validator("channels")
    @classmethod
    def _are_ids(cls, channels: list[str]) -> list[str]:
        for channel in channels:
            if not _CHANNEL.fullmatch(channel):
                raise ValueError(
                    f'"{channel}" is no channel id. A name can be changed by people in the channel, '
                    "so write the id (C…): it stands at the end of the channel's details."
                )
        return channels

    @field_validator("where")
    @classmethod
    def _are_places(cls, places: list[str]) -> list[str]:
        for place in places:
            if not place.strip("/ ") or ".." in place.split("/"):
                raise ValueError(f'"{place}" is no place. Write a folder (/srv/finance), or service/item.')
        return places

    @model_validator(mode="after")
    def _can_be_met(self) -> _Line:
        if REQUESTER in self.who and not self.itself:
            raise ValueError('the requester is in "who", so "self" cannot be false.')
        named = {name for name in self.who if name != ADMINS and not _GROUP.fullmatch(name)}
        if named == set(self.who) and len(named) < self.people:
            raise ValueError(f'"who" names fewer than the {self.people} people it takes.')
        return self

    @property
    def rule(self) -> Rule:
        deciders = Deciders(
            requester=REQUESTER in self.who,
            admins=ADMINS in self.who,
            users=frozenset(name for name in self.who if _USER.fullmatch(name)),
            groups=frozenset(name for name in self.who if _GROUP.fullmatch(name)),
            by_self=self.itself,
            people=self.people,
            by_token=self.tokens,
        )
        return Rule(
            deciders=deciders,
            effects=frozenset(self.effects),
            where=tuple(self.where),
            channels=frozenset(self.channels),
        )


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rule: list[_Line] = []


def _first(error: ValidationError) -> str:
    """ "rule 2, effects 1: …" """
    found: dict[str, Any] = dict(error.errors()[0])
    at = [one + 1 if isinstance(one, int) else str(one) for one in found["loc"]]
    place = re.sub(r" (\w+) (\w)", r" \1, \2", " ".join(map(str, at)))
    return f"{place}: {str(found['msg']).removeprefix('Value error, ')}"
