"""What a connector asks in the middle of a call, and what people replied to it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.domain.connector import Form, Question


class Said(StrEnum):
    """As the protocol has them: filled in (or opened), refused, or left without a word."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """To one form; `content` is what was filled in, `why` the reason of a refusal that was ours."""

    said: Said
    content: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One round of questions of one call. `connector` is its slug, `title` its name for people."""

    connector: str
    title: str
    question: Question
    replies: Mapping[str, Reply] = field(default_factory=dict)

    @property
    def open(self) -> tuple[str, Form] | None:
        """The first form without a reply, by the server's key for it."""
        return next(
            ((key, form) for key, form in self.question.forms.items() if key not in self.replies), None
        )

    def replied(self, key: str, reply: Reply) -> Asking:
        return replace(self, replies={**self.replies, key: reply})
