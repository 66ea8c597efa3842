"""One turn out of one or more answers of the model."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.turn import Turn
from bot.model import usage
from bot.model.errors import AnswerTooLong, ContextFull, Discarded, ModelRefused, Refused
from bot.model.request import Message, Prefix
from bot.model.stream import Answer

MOST_PAUSES = 8

Ask = Callable[[Sequence[Message], int, str | None], Answer]

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Taking:
    """A turn being taken: pauses are gone on from, an answer that was cut short is asked for once more, or will do."""

    prefix: Prefix
    ask: Ask
    max_tokens: int
    most_tokens: int
    content: list[dict[str, Any]] = field(default_factory=list)
    paid: list[dict[str, Any]] = field(default_factory=list)
    pauses: int = 0
    is_second_try: bool = False

    def turn(self, messages: Sequence[Message], *, previous: str | None) -> Turn:
        """Whole, or `Refused`, `AnswerTooLong`, `ContextFull`; an answer thrown away is part of what it cost."""
        while True:
            so_far = [{"role": "assistant", "content": self.content}] if self.content else []
            answer = self.ask([*messages, *so_far], self.max_tokens, previous)
            self.paid.append(answer.message.get("usage") or {})
            _watch_the_cache(answer)
            match answer.stop_reason:
                case "tool_use" | "end_turn" | "stop_sequence":
                    return self._whole(answer)
                case "pause_turn" if self.pauses < MOST_PAUSES:
                    previous = self._go_on_from(answer)
                case "max_tokens" if self.prefix.most is not None:
                    return self._whole(answer)
                case "max_tokens" if not self.is_second_try and self.max_tokens < self.most_tokens:
                    self._double()
                case _:
                    raise self._unusable(answer)

    def _go_on_from(self, answer: Answer) -> str:
        self.content += answer.content
        self.pauses += 1
        return _message_id(answer)

    def _double(self) -> None:
        self.max_tokens = min(self.max_tokens * 2, self.most_tokens)
        self.is_second_try = True

    def _whole(self, answer: Answer) -> Turn:
        return Turn(
            content=json.dumps([*self.content, *answer.content]),
            stop_reason=answer.stop_reason or "",
            request_id=answer.request_id,
            message_id=_message_id(answer),
            tokens=usage.size(self.paid[-1]),
            usage=usage.total(self.prefix.model, self.paid),
        )

    def _unusable(self, answer: Answer) -> Discarded | ModelRefused:
        spent = usage.total(self.prefix.model, self.paid)
        match answer.stop_reason:
            case "max_tokens":
                words = f"The model's answer did not fit in {self.max_tokens:,} tokens, the most it may have."
                return AnswerTooLong(words, usage=spent)
            case "model_context_window_exceeded" | "compaction":
                return ContextFull("The conversation is too long for the model.", usage=spent)
            case "refusal":
                said = answer.message.get("stop_details") or {}
                return Refused(
                    said.get("explanation") or "The model declined to go on with this, and gave no reason.",
                    category=said.get("category") or "",
                    recommended_model=said.get("recommended_model") or "",
                    usage=spent,
                )
        words = f"The model ended its turn in a way we do not know ({answer.stop_reason})."
        return ModelRefused(words, request_id=answer.request_id)


def _watch_the_cache(answer: Answer) -> None:
    """Our history is append-only: a changed prefix is a fault of ours that costs money."""
    diagnostics = answer.message.get("diagnostics") or {}
    reason = (diagnostics.get("cache_miss_reason") or {}).get("type", "")
    if reason.endswith("_changed"):
        log.error("The cache was missed: %s (request %s)", reason, answer.request_id)
    if answer.message.get("input_transformations"):
        changes = answer.message["input_transformations"]
        log.error("The service changed our input: %s (request %s)", changes, answer.request_id)


def _message_id(answer: Answer) -> str:
    return str(answer.message.get("id") or "")
