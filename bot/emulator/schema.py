"""A small language for what Slack accepts: a check looks at a value and names what is wrong, and where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

Problems = Iterator[str]
Check = Callable[[Any, str], Problems]


def problem(words: str, pointer: str) -> str:
    return f"{words} [json-pointer:{pointer}]"


def text(most: int, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, str):
            yield problem("must provide a string", at)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Problems:
        if value not in allowed:
            yield problem(f"must be one of: {', '.join(allowed)}", at)

    return check


def flag(value: Any, at: str) -> Problems:
    if not isinstance(value, bool):
        yield problem("must provide a boolean", at)


def integer(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Problems:
        if isinstance(value, bool) or not isinstance(value, int):
            yield problem("must provide an integer", at)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", at)

    return check


def number(value: Any, at: str) -> Problems:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield problem("must provide a number", at)


def url(value: Any, at: str) -> Problems:
    yield from text(3000)(value, at)
    if isinstance(value, str) and "://" not in value and not value.startswith("mailto:"):
        yield problem("must be a valid URL", at)


def matching(accepts: Callable[[str], object], words: str) -> Check:
    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, str) or not accepts(value):
            yield problem(words, at)

    return check


def items(inner: Check, most: int, least: int = 1) -> Check:
    """A list of so many values that each pass."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, list):
            yield problem("must provide an array", at)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", at)
        for index, one in enumerate(value):
            yield from inner(one, f"{at}/{index}")

    return check


def fields(known: Mapping[str, Check], required: Collection[str] = ()) -> Check:
    """An object with these keys and no others."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must provide an object", at)
            return
        for key in required:
            if value.get(key) is None:
                yield problem(f"missing required field: {key}", at)
        for key, inner in value.items():
            if key not in known:
                yield problem(f"invalid additional property: {key}", at)
            elif inner is not None:
                yield from known[key](inner, f"{at}/{key}")

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check it must pass."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must provide an object", at)
        elif value.get("type") is None:
            yield problem("missing required field: type", at)
        elif value["type"] not in kinds:
            yield problem(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from kinds[value["type"]](value, at)

    return check


def also(first: Check, *more: Check) -> Check:
    """Every check, one after the other; the later ones only see objects."""

    def check(value: Any, at: str) -> Problems:
        yield from first(value, at)
        if isinstance(value, dict):
            for one in more:
                yield from one(value, at)

    return check


def any_key(*keys: str) -> Check:
    """At least one of these is there."""

    def check(value: Any, at: str) -> Problems:
        if not any(value.get(key) for key in keys):
            yield problem(f"must define either {' or '.join(f'`{key}`' for key in keys)}", at)

    return check


def not_both(one: str, other: str) -> Check:
    def check(value: Any, at: str) -> Problems:
        if value.get(one) is not None and value.get(other) is not None:
            yield problem(f"can only define one of `{one}` or `{other}`", at)

    return check


def anything(value: Any, at: str) -> Problems:
    yield from ()
