"""The shape of a request: strict models derived at run time from the SDK's own parameter types.

The SDK's types describe what may be sent but check nothing. Here every `Iterable` becomes a list, unknown
keys are forbidden, `Required` counts again, response models are taken out of unions, and JSON-schema bodies
and tool inputs stay open.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import typing_extensions
from anthropic.types.beta import message_count_tokens_params, message_create_params
from pydantic import BaseModel, ConfigDict, Discriminator, Tag, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

HEADERS = frozenset({"betas", "user_profile_id", "workspace_id"})
"""Parameters that travel as headers: in a body they are unknown keys."""


def check(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with the shape of a `/v1/messages` body, in the API's words; empty when it is right."""
    return _wrong(_messages(), body)


def check_count(body: Mapping[str, Any]) -> list[str]:
    """The same for `/v1/messages/count_tokens`."""
    return _wrong(_count(), body)


def check_message(message: Mapping[str, Any]) -> list[str]:
    """The same for one stored message, for instance after an upgrade of the SDK."""
    return check({"model": "any", "max_tokens": 1, "messages": [message]})


def _wrong(adapter: TypeAdapter[Any], body: Mapping[str, Any]) -> list[str]:
    try:
        adapter.validate_python(body, strict=True)
    except ValidationError as error:
        return [_said(one) for one in error.errors(include_url=False)]
    return []


def _said(error: ErrorDetails) -> str:
    path = _path(error["loc"])
    if error["type"] != "union_tag_invalid":
        return f"{path}: {error['msg']}"
    tag, expected = error["ctx"]["tag"], error["ctx"]["expected_tags"]
    if "'user'" in expected:
        return f"{path}.role: Input should be {expected}"
    if tag == _OTHER and isinstance(error["input"], dict):
        return f"{path}.type: Field required"
    if tag in _SILENT:
        return f"{path}: Input should be a valid {'list' if _LIST in expected else 'dictionary'}"
    return f"{path}: Input tag '{tag}' found using 'type' does not match any of the expected tags: {expected}"


def _path(where: tuple[int | str, ...]) -> str:
    role_at = 2 if where[:1] == ("messages",) else -1
    return ".".join(
        str(part)
        for at, part in enumerate(where)
        if part not in _SILENT and not (at == role_at and part in _ROLES)
    )


_ROLES = frozenset({"user", "assistant", "system"})
_TEXT, _LIST, _OTHER = "«text»", "«list»", "«other»"
_SILENT = frozenset({_TEXT, _LIST, _OTHER})


@cache
def _messages() -> TypeAdapter[Any]:
    return _adapter(message_create_params.MessageCreateParamsBase, {"stream": bool})


@cache
def _count() -> TypeAdapter[Any]:
    return _adapter(message_count_tokens_params.MessageCountTokensParams, {})


def _adapter(params: Any, extra: dict[str, Any]) -> TypeAdapter[Any]:
    return TypeAdapter(Strict().closed(params, extra))


class Strict:
    """Rewrites the SDK's types, each `TypedDict` once."""

    def __init__(self) -> None:
        self._seen: dict[Any, Any] = {}

    def closed(self, params: Any, extra: dict[str, Any]) -> Any:
        """A `TypedDict` without unknown keys, its `Required` fields restored."""
        if params not in self._seen:
            fields = {
                name: self._field(params, name, hint)
                for name, hint in get_type_hints(params, include_extras=True).items()
                if name not in HEADERS
            }
            fields |= {name: typing_extensions.NotRequired[hint] for name, hint in extra.items()}
            made = _typed_dict(params.__name__, fields)
            made.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
            self._seen[params] = made
        return self._seen[params]

    def _field(self, params: Any, name: str, hint: Any) -> Any:
        origin = get_origin(hint)
        said = origin in (typing_extensions.Required, typing_extensions.NotRequired)
        bare = get_args(hint)[0] if said else hint
        required = origin is typing_extensions.Required if said else bool(params.__total__)
        strict = dict[str, Any] if name in ("input", "schema") and bare is object else self.type(bare)
        return typing_extensions.Required[strict] if required else typing_extensions.NotRequired[strict]

    def type(self, hint: Any) -> Any:
        """The strict counterpart of any type that occurs in the parameters."""
        if typing_extensions.is_typeddict(hint):
            return self.closed(hint, {})
        origin, inner = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self.type(inner[0])
        if origin in (Union, types.UnionType):
            return self._union(inner)
        if _is_sequence(origin):
            return list[self.type(inner[0])]  # type: ignore[misc]
        if origin is dict:
            return dict[str, Any]
        return Any if hint is object else hint

    def _union(self, members: Iterable[Any]) -> Any:
        kept = [member for member in members if _is_sendable(member)]
        if any(get_origin(member) is dict for member in kept):
            kept = [dict[str, Any], *(member for member in kept if member is type(None))]
        flat = list(_flat(self.type(member) for member in kept))
        if str in flat:
            flat = [member for member in flat if get_origin(member) is not Literal]
        return flat[0] if len(flat) == 1 else _tagged(flat)


_typed_dict: Any = typing_extensions.TypedDict


def _is_sequence(origin: Any) -> bool:
    name = getattr(origin, "__name__", "")
    return name in ("list", "Iterable", "Sequence", "SequenceNotStr")


def _is_sendable(member: Any) -> bool:
    bare = get_args(member)[0] if get_origin(member) is Annotated else member
    if get_origin(bare) in (Union, types.UnionType):
        return any(_is_sendable(one) for one in get_args(bare))
    if isinstance(bare, type) and not typing_extensions.is_typeddict(bare):
        return not issubclass(bare, BaseModel) and bare.__module__ == "builtins"
    return getattr(bare, "__module__", "") not in ("os", "pathlib") and get_origin(bare) is not typing.IO


def _flat(members: Iterable[Any]) -> Iterable[Any]:
    for member in members:
        bare = get_args(member)[0] if get_origin(member) is Annotated else member
        if get_origin(bare) is Union:
            yield from (get_args(one)[0] if get_origin(one) is Annotated else one for one in get_args(bare))
        else:
            yield bare


def _tagged(members: list[Any]) -> Any:
    """A union told apart by `type` or `role`, so that errors name one branch and checking tries one."""
    groups: dict[str, list[Any]] = {}
    for member in members:
        for tag in _tags(member):
            groups.setdefault(tag, []).append(member)
    if len(groups) == 1:
        return Union[tuple(members)]  # noqa: UP007
    branches = [Annotated[Union[tuple(group)], Tag(tag)] for tag, group in groups.items()]  # noqa: UP007
    return Annotated[Union[tuple(branches)], Discriminator(_teller(frozenset(groups)))]  # noqa: UP007


def _tags(member: Any) -> list[str]:
    if typing_extensions.is_typeddict(member):
        hints = get_type_hints(member)
        named = hints.get("type", hints.get("role"))
        literals = [one for one in (*get_args(named), named) if get_origin(one) is Literal] or [named]
        return [str(value) for one in literals for value in get_args(one)] or [_OTHER]
    return [_TEXT if member is str else _LIST if get_origin(member) is list else _OTHER]


def _teller(known: frozenset[str]) -> Callable[[Any], str]:
    plain = "custom" if "custom" in known else _OTHER

    def tell(value: Any) -> str:
        if isinstance(value, dict):
            named = value.get("type") or value.get("role")
            return named if isinstance(named, str) else plain
        return _TEXT if isinstance(value, str) else _LIST if isinstance(value, list) else _OTHER

    return tell
