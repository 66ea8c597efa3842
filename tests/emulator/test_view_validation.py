"""Views and stream chunks that Slack would reject are rejected here, with a pointer to the place."""

from __future__ import annotations

from typing import Any

import pytest

from bot.emulator import validation
from bot.emulator.wire import SlackError


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


CELL = {"type": "raw_text", "text": "c"}
MODAL = {"type": "modal", "title": plain("Hi"), "blocks": [{"type": "divider"}]}
ASK = {"type": "input", "label": plain("L"), "element": {"type": "plain_text_input"}}
VIEWS: list[tuple[str, dict[str, Any], str]] = [
    (
        "a long title",
        {**MODAL, "title": plain("x" * 25)},
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    (
        "no title",
        {"type": "modal", "blocks": [{"type": "divider"}]},
        "missing required field: title [json-pointer:/view]",
    ),
    (
        "101 blocks",
        {**MODAL, "blocks": [{"type": "divider"}] * 101},
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    (
        "no submit for an input",
        {**MODAL, "blocks": [ASK]},
        "missing required field: submit [json-pointer:/view]",
    ),
    (
        "long private metadata",
        {**MODAL, "private_metadata": "x" * 3001},
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    ("an unknown key", {**MODAL, "size": "big"}, "invalid additional property: size [json-pointer:/view]"),
    (
        "a table in a modal",
        {**MODAL, "blocks": [{"type": "table", "rows": [[CELL]]}]},
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
    ("a Home tab", {"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
]


@pytest.mark.parametrize(("view", "words"), [case[1:] for case in VIEWS], ids=[case[0] for case in VIEWS])
def test_views_are_rejected_with_a_pointer(view: dict[str, Any], words: str) -> None:
    assert validation.view_problems(view, "modal") == [words]


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    blocks = [{"type": "section", "text": plain("é" * 3000)} for _ in range(60)]
    with pytest.raises(SlackError, match="view_too_large"):
        validation.check_view({**MODAL, "blocks": blocks}, "modal")


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        (
            {"type": "task_update", "id": "1", "title": "x" * 257, "status": "complete"},
            "must be less than 257 characters [json-pointer:/chunks/0/title]",
        ),
        (
            {"type": "task_update", "id": "1", "title": "x", "status": "failed"},
            "must be one of: pending, in_progress, complete, error [json-pointer:/chunks/0/status]",
        ),
        ({"type": "markdown_text"}, "missing required field: text [json-pointer:/chunks/0]"),
        ({"type": "emoji"}, "unsupported type: emoji [json-pointer:/chunks/0/type]"),
    ],
)
def test_chunks_are_rejected_with_a_pointer(chunk: dict[str, Any], words: str) -> None:
    with pytest.raises(SlackError) as caught:
        validation.check_chunks([chunk])
    assert caught.value.details["errors"] == [words]
