"""What is wrong with the arguments of a call, in words for the model that made it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.domain.cleaned import cleaned

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_MOST = 5


def unknown(tool: str, given: Collection[str], known: Collection[str]) -> str:
    """Of arguments that the tool does not take, "" where there are none: what was meant as a limit must not be lost."""
    odd = [one for one in given if one not in known]
    if not odd:
        return ""
    takes = f"It takes {', '.join(known)}." if known else "It takes none."
    return f"{tool} has no argument {_named(odd)}. {takes} Nothing was done: correct the call."


def of_arguments(tool: str, wrong: ValidationError) -> str:
    faults = "; ".join(dict.fromkeys(_said(one) for one in wrong.errors(include_url=False)[:_MOST]))
    return f"{tool}: {faults}. Nothing was done: correct the call."


def _said(one: ErrorDetails) -> str:
    where = ".".join(str(part) for part in one["loc"])[:100] or "arguments"
    return f"{cleaned(where)} {_fault(one)}"


def _fault(one: ErrorDetails) -> str:
    limits = one.get("ctx", {})
    match one["type"]:
        case "missing":
            return "is missing"
        case "string_too_long" | "too_long":
            what = "characters" if one["type"] == "string_too_long" else "items"
            return f"has {len(one['input']):,} {what}, and may have {limits['max_length']:,}"
        case "string_too_short" | "string_pattern_mismatch" if not str(one["input"]).strip():
            return "is empty"
        case "string_pattern_mismatch":
            return "is not of the form that the tool's schema shows"
        case _:
            return f"is wrong: {one['msg'][:1].lower()}{one['msg'][1:]}"


def _named(names: list[str]) -> str:
    return ", ".join(cleaned(one)[:100] for one in names[:_MOST])
