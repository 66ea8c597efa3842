"""The words in which the model is asked on behalf of a connector's server: all that it is told is the server's own."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping
from html import escape
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from bot.domain.cleaned import cleaned
from bot.errors import ToolError

Block = dict[str, Any]

LONGEST = 60_000
"""Characters that a server may put before the model at once."""

MOST_TOKENS = 4_000
"""Of an answer, whatever a server asks for."""

_ROOM = 1_000
"""Tokens that an answer has at least: what the model thinks counts, too."""


class _Part(BaseModel):
    type: str
    text: str = ""


class _Message(BaseModel):
    role: Literal["user", "assistant"]
    content: _Part | list[_Part]

    @property
    def parts(self) -> list[_Part]:
        return self.content if isinstance(self.content, list) else [self.content]


class Wanted(BaseModel):
    """What a server asks for. What it says of other servers' context, of models and of temperatures is passed over."""

    messages: list[_Message] = Field(min_length=1)
    system: str = Field(default="", alias="systemPrompt")
    most: int = Field(alias="maxTokens", ge=1)
    tools: list[Any] | None = None

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> Wanted:
        """As the protocol has it. Raises `ToolError` for what is not answered."""
        try:
            wanted = cls.model_validate(dict(asked))
        except ValidationError:
            raise ToolError("The request to the model cannot be understood.") from None
        if wanted.tools:
            raise ToolError("The model has no tools for a server.")
        if any(part.type != "text" for one in wanted.messages for part in one.parts):
            raise ToolError("The model is asked about text alone.")
        if (size := len(wanted.text)) > LONGEST:
            raise ToolError(f"The request to the model has {size:,} characters; {LONGEST:,} are the most.")
        return wanted

    @property
    def tokens(self) -> int:
        """The most that are asked of the model."""
        return max(_ROOM, min(self.most, MOST_TOKENS))

    @property
    def text(self) -> str:
        parts = [part.text for one in self.messages for part in one.parts]
        return "\n".join(filter(None, [self.system, *parts]))


@functools.cache
def instructions() -> str:
    return importlib.resources.files("bot.agent").joinpath("lending.md").read_text("utf-8").strip()


def question(title: str, wanted: Wanted) -> list[Block]:
    """One message, in which nothing is said by anybody but the server of this connector."""
    lines = [
        f'<request connector="{escape(title)}" longest_answer="{min(wanted.most, MOST_TOKENS)} tokens">',
        *([f"<instructions>{_said(wanted.system)}</instructions>"] if wanted.system.strip() else []),
        *(
            f'<words as="{one.role}">{_said(part.text)}</words>'
            for one in wanted.messages
            for part in one.parts
        ),
        "</request>",
    ]
    return [{"role": "user", "content": [{"type": "text", "text": "\n".join(lines)}]}]


def answer(text: str, *, model: str, is_cut: bool) -> dict[str, Any]:
    """As the protocol has it."""
    return {
        "role": "assistant",
        "content": {"type": "text", "text": text},
        "model": model,
        "stopReason": "maxTokens" if is_cut else "endTurn",
    }


def _said(text: str) -> str:
    return escape(cleaned(text), quote=False)
