"""Whether Slack would take these blocks, this view, these stream chunks: what is wrong, and where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.emulator import rendering
from bot.emulator.block_schema import HOME_BLOCK, MESSAGE_BLOCK, MODAL_BLOCK
from bot.emulator.element_schema import URL_SOURCE, plain
from bot.emulator.schema import Problems, fields, flag, items, one_of, problem, text, typed
from bot.emulator.wire import Json, SlackError, rejected

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
BLOCK_CHARACTERS, MARKDOWN_CHARACTERS = 13_200, 12_000
VIEW_BYTES = 250 * 1024

_VIEW_COMMON = {
    "private_metadata": text(3000, 0),
    "callback_id": text(255, 0),
    "external_id": text(255, 0),
}
_MODAL = fields(
    {
        "type": one_of("modal"),
        "title": plain(24),
        "blocks": items(MODAL_BLOCK, VIEW_BLOCKS),
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
        **_VIEW_COMMON,
    },
    ["title", "blocks"],
)
_HOME = fields({"type": one_of("home"), "blocks": items(HOME_BLOCK, VIEW_BLOCKS), **_VIEW_COMMON}, ["blocks"])
_CHUNKS = items(
    typed(
        {
            "markdown_text": fields({"type": text(50), "text": text(12_000)}, ["text"]),
            "plan_update": fields({"type": text(50), "title": text(256)}, ["title"]),
            "task_update": fields(
                {
                    "type": text(50),
                    "id": text(256),
                    "title": text(256),
                    "status": one_of("pending", "in_progress", "complete", "error"),
                    "details": text(256, 0),
                    "output": text(256, 0),
                    "sources": items(URL_SOURCE, 50, 0),
                },
                ["id", "title", "status"],
            ),
            "blocks": fields({"type": text(50), "blocks": items(MESSAGE_BLOCK, MESSAGE_BLOCKS)}, ["blocks"]),
        }
    ),
    1000,
    0,
)


def check_blocks(blocks: Any) -> list[Json]:
    """The blocks of a message, or the error that Slack answers."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    problems = block_problems(blocks)
    if problems:
        raise rejected("invalid_blocks", problems)
    if sum(len(words) for words in _texts(blocks)) > BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return blocks


def block_problems(blocks: list[Json]) -> list[str]:
    found = list(items(MESSAGE_BLOCK, MESSAGE_BLOCKS, 0)(blocks, "/blocks"))
    found += _repeated(blocks, "/blocks")
    found += _cumulative(blocks)
    return found or list(_refused_by_models(blocks, "/blocks"))


def check_view(view: Any, kind: str) -> Json:
    """A modal or a Home tab, or the error that Slack answers."""
    if not isinstance(view, dict):
        raise rejected("invalid_arguments", [problem("must provide an object", "/view")])
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = view_problems(view, kind)
    if problems:
        raise rejected("invalid_arguments", problems)
    return view


def view_problems(view: Json, kind: str) -> list[str]:
    found = list(typed({kind: _MODAL if kind == "modal" else _HOME})(view, "/view"))
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return found
    found += _repeated(blocks, "/view/blocks")
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and asks and not view.get("submit"):
        found.append(problem("missing required field: submit", "/view"))
    return found or list(_refused_by_models(blocks, "/view/blocks")) or _view_model(view)


def check_chunks(chunks: Any) -> list[Json]:
    problems = list(_CHUNKS(chunks, "/chunks"))
    if problems:
        raise rejected("invalid_chunks", problems)
    listed: list[Json] = chunks
    return listed


def _repeated(blocks: list[Any], at: str) -> Problems:
    """One `block_id` twice in a message or view, or one `action_id` twice in a block."""
    ids = Counter(
        block["block_id"]
        for block in blocks
        if isinstance(block, dict) and isinstance(block.get("block_id"), str)
    )
    for name, count in ids.items():
        if count > 1:
            yield problem(f'`block_id` "{name}" already exists', at)
    for index, block in enumerate(blocks):
        actions = Counter(
            (where, one["action_id"])
            for where, one in rendering.elements(block)
            if isinstance(one.get("action_id"), str)
        )
        for (_, name), count in actions.items():
            if count > 1:
                yield problem(f'`action_id` "{name}" already exists', f"{at}/{index}")


def _cumulative(blocks: list[Json]) -> Problems:
    markdown = [block["text"] for block in blocks if block.get("type") == "markdown"]
    total = sum(len(words) for words in markdown if isinstance(words, str))
    if len(markdown) > 1 and total > MARKDOWN_CHARACTERS:
        yield problem(
            f"markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters together", "/blocks"
        )
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield problem("only_one_table_allowed", "/blocks")


def _refused_by_models(blocks: list[Any], at: str) -> Problems:
    """What the SDK's own models refuse, though the tables above let it pass."""
    for index, block in enumerate(blocks):
        yield from _formed(partial(_model_of, block), f"{at}/{index}")


def _model_of(block: Json) -> object:
    model = Block.parse(dict(block))
    return model.to_dict() if model is not None else None


def _view_model(view: Json) -> list[str]:
    return list(_formed(lambda: View(**view).to_dict(), "/view"))


def _formed(build: Callable[[], object], at: str) -> Problems:
    try:
        build()
    except (SlackObjectFormationError, TypeError) as refusal:
        yield problem(str(refusal), at)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key in ("text", "title", "alt_text"):
                    yield inner
            else:
                yield from _texts(inner)
