"""What kind of crossing a name stands for: the names themselves are given where the crossings are."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.connector import BETWEEN

STRETCH: Final = "task.advance"
DELIVERY: Final = "delivery."
POST: Final = "post."

DELIVERIES: Final = (
    "block_actions",
    "block_suggestion",
    "command",
    "event_callback",
    "message_action",
    "shortcut",
    "view_closed",
    "view_submission",
    "other",
)
"""What Slack delivers, as its door names it."""

MODEL: Final = "the model"
MODEL_CALLS: Final = ("model.turn", "model.summary")
TOKENS: Final = ("input", "output", "cache_read", "cache_write")
RETRIED: Final = ("slack", "model")

_TOOL = "tool."
_OUTSIDE = ("model.", "tool.", "slack.", "connector.")


def counted_as(name: str) -> str:
    """The tools of one connector together: how many it has, and what they are called, is for its server to say."""
    slug, is_of_connector, _ = name.removeprefix(_TOOL).partition(BETWEEN)
    return f"connector.{slug}" if name.startswith(_TOOL) and is_of_connector else name


class Kind(StrEnum):
    STRETCH = "stretch"
    DELIVERY = "delivery"
    POST = "post"
    CALL = "call"
    WRITE = "write"


def kind_of(name: str) -> Kind:
    """Everything that has no other mark is a write of the database."""
    if name == STRETCH:
        return Kind.STRETCH
    if name.startswith(DELIVERY):
        return Kind.DELIVERY
    if name.startswith(POST):
        return Kind.POST
    return Kind.CALL if name.startswith(_OUTSIDE) else Kind.WRITE
