"""What Slack would reject is rejected here, with a pointer to the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    ButtonElement,
    CardBlock,
    CarouselBlock,
    ContainerBlock,
    ContextActionsBlock,
    ContextBlock,
    DividerBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    HeaderBlock,
    InputBlock,
    MarkdownBlock,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlanBlock,
    RawTextObject,
    SectionBlock,
    StaticSelectElement,
    TableBlock,
    TaskCardBlock,
)

from bot.emulator import validation
from bot.emulator.server import LocalSlack
from bot.emulator.wire import SlackError

Blocks = list[dict[str, Any]]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def section(**fields: Any) -> dict[str, Any]:
    return {"type": "section", **fields}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), **fields}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(number: int, **fields: Any) -> dict[str, Any]:
    return {"text": plain(f"o{number}"), "value": str(number), **fields}


def select(count: int) -> dict[str, Any]:
    return {"type": "static_select", "options": [option(number) for number in range(count)]}


CONFIRM = {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
CELL = {"type": "raw_text", "text": "c"}
TASK = {"type": "task_card", "task_id": "1", "title": "Read", "status": "complete"}

REJECTED: list[tuple[str, Blocks, str]] = [
    ("51 blocks", [{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("an unknown type", [{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ("no type", [{"text": "x"}], "missing required field: type [json-pointer:/blocks/0]"),
    (
        "an unknown key",
        [{"type": "divider", "text": "x"}],
        "invalid additional property: text [json-pointer:/blocks/0]",
    ),
    (
        "a long section",
        [section(text=plain("x" * 3001))],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "an empty text",
        [section(text=plain(""))],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    ("no text or fields", [section()], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (
        "a long field",
        [section(fields=[plain("x" * 2001)])],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        "11 fields",
        [section(fields=[plain("x")] * 11)],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        "a long header",
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "mrkdwn in a header",
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        "26 buttons",
        [actions(*[button() for _ in range(26)])],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "a long label",
        [actions(button(text=plain("x" * 76)))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        "a long value",
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        "a long URL",
        [actions(button(url="https://x/" + "x" * 3000))],
        "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
    ),
    (
        "a strange style",
        [actions(button(style="green"))],
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        "a repeated action_id",
        [actions(button(action_id="a"), button(action_id="a"))],
        '`action_id` "a" already exists [json-pointer:/blocks/0]',
    ),
    (
        "a repeated block_id",
        [{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}],
        '`block_id` "b" already exists [json-pointer:/blocks]',
    ),
    (
        "a long block_id",
        [{"type": "divider", "block_id": "b" * 256}],
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    (
        "a long confirmation",
        [actions(button(confirm={**CONFIRM, "confirm": plain("x" * 31)}))],
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]",
    ),
    (
        "101 options",
        [actions(select(101))],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "no options",
        [actions({"type": "static_select"})],
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ),
    (
        "six overflow options",
        [actions({"type": "overflow", "options": [option(n) for n in range(6)]})],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "a long option",
        [actions({"type": "overflow", "options": [option(1, text=plain("x" * 76))]})],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        "101 table rows",
        [{"type": "table", "rows": [[CELL]] * 101}],
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (
        "21 table cells",
        [{"type": "table", "rows": [[CELL] * 21]}],
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    (
        "two tables",
        [{"type": "table", "rows": [[CELL]]}] * 2,
        "only_one_table_allowed [json-pointer:/blocks]",
    ),
    (
        "11 context elements",
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "long markdown",
        [{"type": "markdown", "text": "x" * 12_001}],
        "must be less than 12001 characters [json-pointer:/blocks/0/text]",
    ),
    (
        "long markdown in two blocks",
        [{"type": "markdown", "text": "x" * 6_001}] * 2,
        "markdown blocks must be less than 12001 characters together [json-pointer:/blocks]",
    ),
    (
        "our own word for a status",
        [{"type": "plan", "title": "P", "tasks": [{**TASK, "status": "completed"}]}],
        "must be one of: pending, in_progress, complete, error [json-pointer:/blocks/0/tasks/0/status]",
    ),
    (
        "an image without words",
        [{"type": "image", "image_url": "https://x/y.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        "a button in a section's text",
        [section(text=button())],
        "unsupported type: button [json-pointer:/blocks/0/text/type]",
    ),
]


@pytest.mark.parametrize(
    ("blocks", "words"), [case[1:] for case in REJECTED], ids=[case[0] for case in REJECTED]
)
def test_blocks_are_rejected_with_a_pointer(blocks: Blocks, words: str) -> None:
    assert validation.block_problems(blocks) == [words]


def test_the_answer_to_rejected_blocks_lists_every_problem_and_the_page_is_warned(
    slack: LocalSlack, client: WebClient, error_of: Callable[..., Any]
) -> None:
    blocks = [{"type": "divider", "x": 1}, {"type": "marquee"}]
    answer = error_of(client.chat_postMessage, channel="general", text="x", blocks=blocks)
    listed = [
        "invalid additional property: x [json-pointer:/blocks/0]",
        "unsupported type: marquee [json-pointer:/blocks/1/type]",
    ]
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": listed,
        "response_metadata": {"messages": [f"[ERROR] {words}" for words in listed]},
    }
    assert slack.log(kind="warning")[-1].request["kind"] == "rejected_blocks"
    assert slack.messages(slack.channel("general")) == []


def test_too_many_characters_in_all_blocks_are_refused() -> None:
    whole = [section(text=plain("x" * 2700)) for _ in range(5)]
    assert validation.check_blocks(whole[:4]) == whole[:4]
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        validation.check_blocks(whole)


def test_the_models_of_the_sdk_are_accepted() -> None:
    ok = FeedbackButtonObject(text="Good", value="1")
    blocks = [
        SectionBlock(text="*x*", accessory=OverflowMenuElement(options=[Option(value="1", label="One")])),
        SectionBlock(fields=["a", "b"], accessory=ButtonElement(text="Go", value="", action_id="a")),
        DividerBlock(),
        HeaderBlock(text="Head"),
        ContextBlock(elements=[{"type": "mrkdwn", "text": "small"}]),
        ContextActionsBlock(elements=[FeedbackButtonsElement(positive_button=ok, negative_button=ok)]),
        ActionsBlock(
            elements=[
                ButtonElement(text="Approve", style="primary", visible_to_user_ids=["U1"]),
                StaticSelectElement(placeholder="Pick", options=[Option(value="1", label="One")]),
            ]
        ),
        InputBlock(label="Goal", element=PlainTextInputElement(action_id="g", multiline=True)),
        MarkdownBlock(text="**x**"),
        PlanBlock(title="Plan", tasks=[TaskCardBlock(task_id="1", title="Read", status="complete")]),
        TableBlock(rows=[[RawTextObject(text="a"), RawTextObject(text="b")]]),
        AlertBlock(text={"type": "mrkdwn", "text": "careful"}, level="warning"),
        CardBlock(title="Card"),
        CarouselBlock(elements=[CardBlock(title="Card")]),
        ContainerBlock(title="More", child_blocks=[DividerBlock()], is_collapsible=True),
    ]
    assert validation.block_problems([block.to_dict() for block in blocks]) == []
