"""The open chapter of a task's conversation: what the model is sent again with every turn, and how large it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.model.errors import ContextFull
from bot.store.messages import Message

FULL_AT = 0.6
GROWS_BY = 1.5
AGAIN_AT = 1.1
CHARACTERS_PER_TOKEN = 4
_TOO_LARGE = (
    "This does not fit into what the model can read at once, even summed up. Put long text into a file in a granted "
    "folder, and give a short goal that names it."
)


class History:
    """`size` is in tokens: as the service counted them, and an estimate for what came since (or never was counted)."""

    def __init__(self, stored: Iterable[Message]) -> None:
        self._messages: list[Message] = []
        self._parsed: list[dict[str, Any]] = []
        self._estimate = 0
        self._least = 0.0
        self._put_off_at = 0
        self.size = 0
        self.turns = 0
        self.is_outgrown = False
        self.append(*stored)

    @property
    def last(self) -> Message | None:
        return self._messages[-1] if self._messages else None

    @property
    def chapter(self) -> int:
        return self._messages[-1].chapter if self._messages else 1

    @property
    def earlier_summary(self) -> str:
        """What the service said in the summary that this chapter began with, for when there is to be no other."""
        blocks = [block for one in self._messages if one.is_summary for block in json.loads(one.content)]
        return "\n".join(block.get("content") or "" for block in blocks)

    def append(self, *messages: Message) -> None:
        for message in messages:
            self._messages.append(message)
            tokens = len(message.content) // CHARACTERS_PER_TOKEN
            self._estimate += tokens
            self.size = max(message.tokens or self.size + tokens, self._estimate)
            self.turns += message.is_turn
            if self.turns == 1 and message.is_turn:
                self._least = self.size * GROWS_BY

    def followed_by(self, content: str) -> list[dict[str, Any]]:
        """Every message as it was stored, and then the new one; "" for none."""
        new = self._messages[len(self._parsed) :]
        self._parsed += [{"role": one.role, "content": json.loads(one.content)} for one in new]
        return (
            [*self._parsed, {"role": "user", "content": json.loads(content)}] if content else [*self._parsed]
        )

    def nears(self, limit: int, *, waiting: int) -> bool:
        """Whether it comes close to a limit in tokens, with so many characters waiting to be sent.

        A chapter whose beginning is large already may grow by half all the same, or each would last one turn.
        """
        if self.turns == self._put_off_at:
            return False
        return self.size + waiting // CHARACTERS_PER_TOKEN > max(FULL_AT * limit, self._least)

    def outgrow(self, full: ContextFull) -> None:
        """The model does not take it any more. Raises when a new chapter could leave nothing out."""
        if self.turns == 0 and not self.earlier_summary:
            raise ContextFull(_TOO_LARGE, usage=full.usage) from full
        self.is_outgrown = True

    def put_off(self) -> None:
        """No summary could be had now: the next try is a turn later at the soonest, and when it has grown a little."""
        self._put_off_at = self.turns
        self._least = self.size * AGAIN_AT

    def last_message_id(self) -> str | None:
        """The id of the model's last turn in this chapter, for its diagnostics."""
        return next(
            (one.message_id for one in reversed(self._messages) if one.is_turn and one.message_id), None
        )
