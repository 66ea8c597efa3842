"""Everything that is posted is made to fit Slack's limits here (notes/slack.md §6)."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject, Option, TextObject
from slack_sdk.models.views import View

from bot.slack import escape, split
from bot.slack.views.message import Message

BLOCKS = 45
CHARACTERS = 12_000
VIEW_BLOCKS = 100
VIEW_BYTES = 200_000
FALLBACK = 3_000
PART = 5_500
PARTS = 3
LAST = 3
SHORTEST = 40
"""A text is not cut shorter than this to make its message fit."""

TEXTS: Final[Mapping[tuple[str, str], int]] = {
    ("section", "text"): 3000,
    ("section", "fields"): 2000,
    ("header", "text"): 150,
    ("markdown", "text"): 12_000,
    ("context", "elements"): 2000,
    ("button", "text"): 75,
    ("button", "value"): 2000,
    ("option", "_text"): 75,
    ("option", "_block_description"): 75,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("plain_text_input", "initial_value"): 3000,
    ("plain_text_input", "placeholder"): 150,
    ("static_select", "placeholder"): 150,
    ("task_card", "title"): 150,
    ("plan", "title"): 150,
    ("alert", "text"): 200,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
}
ITEMS: Final[Mapping[tuple[str, str], int]] = {
    ("section", "fields"): 10,
    ("actions", "elements"): 25,
    ("context", "elements"): 10,
    ("static_select", "options"): 100,
    ("radio_buttons", "options"): 10,
    ("checkboxes", "options"): 10,
    ("plan", "tasks"): 50,
}
LEFT_OUT = "Some of this was left out, because it is too long for one message."

_HALF_TOKEN = re.compile(r"&[a-z]{0,4}$|<[^>]*$")


@dataclass(frozen=True)
class Parts:
    """Long Markdown as messages. `overflow` is the whole text when it is too long for them: it becomes a file."""

    messages: list[str]
    overflow: str | None = None


def fit(message: Message) -> Message:
    """`message` within every limit of a message; what had to be cut ends in an ellipsis."""
    blocks = copy.deepcopy(message.blocks)
    if len(blocks) > BLOCKS:
        blocks = _without(blocks, len(blocks) - BLOCKS + 1)
    for block in blocks:
        _clamp(block)
    _shrink(blocks, CHARACTERS, size)
    while size(blocks) > CHARACTERS and len(blocks) > LAST + 1:
        blocks = _without(blocks, 2)
    return Message(clip(message.text, FALLBACK, is_mrkdwn=True) or "Cowork", blocks)


def fit_view(view: View) -> View:
    """`view` within every limit of a modal or a Home tab."""
    fitted = copy.deepcopy(view)
    fitted.blocks = fitted.blocks[:VIEW_BLOCKS]
    _clamp(fitted)
    _shrink(fitted.blocks, VIEW_BYTES, _bytes)
    return fitted


def is_within(view: View) -> bool:
    """Whether it is small enough as it is."""
    return _bytes(view.blocks) <= VIEW_BYTES


def parts(text: str, known: Collection[str] = ()) -> Parts:
    """Untrusted Markdown in at most three safe pieces, each for one Markdown block in one message.

    Of the addresses in it only those that are `known` can be followed.
    """
    safe = escape.markdown(text, known).strip()
    if len(safe) > PART * PARTS:
        return Parts([split.pieces(safe[: PART * 2], PART)[0]], overflow=escape.visible(text))
    pieces = split.pieces(safe, PART)
    if len(pieces) > PARTS:
        return Parts(pieces[:1], overflow=escape.visible(text))
    return Parts(pieces)


def clip(text: str, limit: int, *, is_mrkdwn: bool = False) -> str:
    """`text` in at most `limit` characters; mrkdwn is never cut inside an entity or a token."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (_HALF_TOKEN.sub("", cut) if is_mrkdwn else cut) + "…"


def size(blocks: Sequence[Block]) -> int:
    """Characters of all blocks as they go over the wire: never less than what Slack counts."""
    return len(json.dumps([block.to_dict() for block in blocks], ensure_ascii=False))


def _without(blocks: list[Block], count: int) -> list[Block]:
    """Leaves `count` blocks out, and says so; the last ones stay, because they hold the buttons."""
    head, tail = blocks[:-LAST], blocks[-LAST:]
    return [*head[:-count], ContextBlock(elements=[MarkdownTextObject(text=LEFT_OUT)]), *tail]


def _clamp(node: object) -> None:
    """Cuts, in place, every text and list of a block (or element, or view) and of what is in it."""
    kind = _kind(node)
    for name, value in list(vars(node).items()):
        if isinstance(value, list | tuple) and (kind, name) in ITEMS:
            value = list(value)[: ITEMS[kind, name]]
            setattr(node, name, value)
        if (kind, name) in TEXTS:
            setattr(node, name, _clipped(value, TEXTS[kind, name]))
        for child in value if isinstance(value, list | tuple) else [value]:
            if isinstance(child, JsonObject):
                _clamp(child)


def _kind(node: object) -> str:
    return str(getattr(node, "type", None) or type(node).__name__.lower())


def _clipped(value: object, limit: int) -> object:
    if isinstance(value, str):
        return clip(value, limit)
    for text in value if isinstance(value, list | tuple) else [value]:
        if isinstance(text, TextObject):
            text.text = clip(text.text, limit, is_mrkdwn=text.type == MarkdownTextObject.type)
    return value


def _shrink(blocks: Sequence[Block], budget: int, measure: Callable[[Sequence[Block]], int]) -> None:
    """Cuts the longest texts, in place, until the blocks fit together."""
    while (excess := measure(blocks) - budget) > 0:
        name, longest = max(
            _texts(blocks), key=lambda found: len(getattr(found[1], found[0])), default=("", None)
        )
        text = getattr(longest, name, "")
        if len(text) <= SHORTEST:
            return
        is_mrkdwn = _kind(longest) == MarkdownTextObject.type
        setattr(longest, name, clip(text, max(SHORTEST, len(text) - excess - 1), is_mrkdwn=is_mrkdwn))


def _texts(nodes: Iterable[object]) -> Iterator[tuple[str, object]]:
    """Every text that is shown: the name of its attribute, and what has it."""
    for node in nodes:
        if isinstance(node, JsonObject) and not isinstance(node, Option):
            for name, value in vars(node).items():
                if name in ("text", "title") and isinstance(value, str):
                    yield name, node
                yield from _texts(value if isinstance(value, list | tuple) else [value])


def _bytes(blocks: Sequence[Block]) -> int:
    """Of a view, as the SDK writes it: an emoji is twelve bytes."""
    return len(json.dumps([block.to_dict() for block in blocks]))
