"""A tool call the model made, and what came back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.label import Source
from bot.domain.pin import Pin
from bot.domain.plan import Plan
from bot.domain.receipt import Deliverable, Receipt

BY_NAME = "run_action"
"""The tool through which actions are called that are not shown to the model from the beginning."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a turn. `id` is the model's tool_use id and the effect id given to services."""

    id: str
    tool: str
    input: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the tool and its normalised arguments: what an approval holds (DESIGN §1, promise 1)."""
        return hashlib.sha256(
            canonical({"tool": self.tool, "input": self.input}).encode(errors="surrogatepass")
        ).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a call gave: text for the model, and for people what it changed (`receipt`, `plan`, `deliverable`).

    `sources` are where it comes from: the toolbox says so of every call that was made. `ids` are names that the
    service itself gave to things of its own (a channel, a contact, a repository), from its fields and never from text
    that people write: a later call to the same service may go there. `pin` is as what a call of a connector was made.
    """

    text: str
    is_error: bool = False
    receipt: Receipt | None = None
    plan: Plan | None = None
    deliverable: Deliverable | None = None
    sources: tuple[Source, ...] = ()
    ids: tuple[str, ...] = ()
    pin: Pin | None = None


def meant(call: Call) -> Call:
    """The call that is to be made: one of an action that had to be found first names it in its arguments.

    It is judged, shown, approved and told as that action from the beginning.
    """
    action, given = call.input.get("action"), call.input.get("input")
    if call.tool != BY_NAME or not isinstance(action, str) or not isinstance(given, Mapping):
        return call
    return Call(id=call.id, tool=action, input=given)


def canonical(value: object) -> str:
    """One JSON text per value: keys sorted, no spaces, text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict)
