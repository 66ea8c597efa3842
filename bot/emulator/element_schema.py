"""What Slack accepts as text objects, options, confirmations and interactive elements."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.emulator.rich_text_schema import RICH_TEXT
from bot.emulator.schema import (
    Check,
    Problems,
    also,
    any_key,
    fields,
    flag,
    integer,
    items,
    matching,
    not_both,
    number,
    one_of,
    problem,
    text,
    typed,
    url,
)


def plain(most: int) -> Check:
    """A `plain_text` object."""
    return typed({"plain_text": _plain(most)})


def any_text(most: int) -> Check:
    """A `plain_text` or `mrkdwn` object."""
    mrkdwn = fields({"type": one_of("mrkdwn"), "text": text(most), "verbatim": flag}, ["text"])
    return typed({"plain_text": _plain(most), "mrkdwn": mrkdwn})


def _plain(most: int) -> Check:
    return fields({"type": one_of("plain_text"), "text": text(most), "emoji": flag}, ["text"])


_CONFIRM = fields(
    {
        "title": plain(100),
        "text": any_text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ["title", "text", "confirm", "deny"],
)
_DISPATCH = fields({"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
_FILTER = fields(
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)
_IDS = items(text(255), 100)
_STYLE = one_of("primary", "danger")
SLACK_FILE = also(fields({"id": text(255), "url": url}), any_key("id", "url"))


def _option(*, mrkdwn: bool = False, link: bool = False) -> Check:
    label = any_text(75) if mrkdwn else plain(75)
    description = any_text(75) if mrkdwn else plain(75)
    known = {"text": label, "value": text(150), "description": description}
    return fields(known | ({"url": url} if link else {}), ["text", "value"])


def _options(*, most: int, mrkdwn: bool = False, link: bool = False) -> Check:
    listed = items(_option(mrkdwn=mrkdwn, link=link), most)

    def check(value: Any, at: str) -> Problems:
        yield from listed(value, at)
        if isinstance(value, list):
            yield from _repeated_values(value, at)

    return check


def _repeated_values(options: list[Any], at: str) -> Problems:
    seen: set[str] = set()
    for index, option in enumerate(options):
        value = option.get("value") if isinstance(option, dict) else None
        if isinstance(value, str) and value in seen:
            yield problem(f'value "{value}" already exists', f"{at}/{index}/value")
        seen.add(str(value))


_GROUPS = items(fields({"label": plain(75), "options": _options(most=100)}, ["label", "options"]), 100)
_COMMON = {"type": text(50), "action_id": text(255)}
_INPUT = {**_COMMON, "placeholder": plain(150), "focus_on_load": flag}
_SELECT = {**_INPUT, "confirm": _CONFIRM}
_MANY = {**_SELECT, "max_selected_items": integer(1, 100)}


def _select(known: Mapping[str, Check], *, many: bool = False) -> Check:
    return fields({**(_MANY if many else _SELECT), **known})


def _static(initial: Mapping[str, Check], *, many: bool = False) -> Check:
    listed = {"options": _options(most=100), "option_groups": _GROUPS}
    known = _select({**listed, **initial}, many=many)
    return also(known, any_key("options", "option_groups"), not_both("options", "option_groups"))


def _choices(initial: Mapping[str, Check]) -> Check:
    listed = {"options": _options(most=10, mrkdwn=True), "confirm": _CONFIRM, "focus_on_load": flag}
    return fields({**_COMMON, **listed, **initial}, ["options"])


def _lengths(value: Any, at: str) -> Problems:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield problem("min_length must not be more than max_length", at)


_ONE = _option(mrkdwn=True)
_SOME = items(_ONE, 100)
_BUTTON = {
    **_COMMON,
    "text": plain(75),
    "url": url,
    "value": text(2000, 0),
    "style": _STYLE,
    "confirm": _CONFIRM,
    "accessibility_label": text(75),
    "agent_prompt": text(4000),
    "agent_prompt_display": text(4000),
    "visible_to_user_ids": _IDS,
}
_FEEDBACK = fields(
    {"text": plain(75), "value": text(2000), "accessibility_label": text(75)}, ["text", "value"]
)
_DATE = matching(re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch, "must be in the format YYYY-MM-DD")
_TIME = matching(re.compile(r"([01]\d|2[0-3]):[0-5]\d").fullmatch, "must be in the format HH:mm")
_NUMERIC = matching(re.compile(r"-?\d+(\.\d+)?").fullmatch, "must be a number")
_TYPING = {**_INPUT, "dispatch_action_config": _DISPATCH}

IMAGE_ELEMENT = also(
    fields(
        {"type": text(50), "alt_text": text(2000), "image_url": url, "slack_file": SLACK_FILE}, ["alt_text"]
    ),
    any_key("image_url", "slack_file"),
    not_both("image_url", "slack_file"),
)

BUTTONS: Mapping[str, Check] = {
    "button": fields(_BUTTON, ["text"]),
    "workflow_button": fields(
        {
            **_COMMON,
            "text": plain(75),
            "workflow": fields(
                {"trigger": fields({"url": url, "customizable_input_parameters": items(fields({}), 50)})},
                ["trigger"],
            ),
            "style": _STYLE,
            "accessibility_label": text(75),
        },
        ["text", "workflow"],
    ),
}

CHOOSERS: Mapping[str, Check] = {
    "static_select": _static({"initial_option": _ONE}),
    "multi_static_select": _static({"initial_options": _SOME}, many=True),
    "external_select": _select({"initial_option": _ONE, "min_query_length": integer(0, 150)}),
    "multi_external_select": _select(
        {"initial_options": _SOME, "min_query_length": integer(0, 150)}, many=True
    ),
    "users_select": _select({"initial_user": text(255)}),
    "multi_users_select": _select({"initial_users": _IDS}, many=True),
    "conversations_select": _select(
        {
            "initial_conversation": text(255),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": _FILTER,
        }
    ),
    "multi_conversations_select": _select(
        {"initial_conversations": _IDS, "default_to_current_conversation": flag, "filter": _FILTER}, many=True
    ),
    "channels_select": _select({"initial_channel": text(255), "response_url_enabled": flag}),
    "multi_channels_select": _select({"initial_channels": _IDS}, many=True),
    "checkboxes": _choices({"initial_options": _SOME}),
    "radio_buttons": _choices({"initial_option": _ONE}),
    "datepicker": _select({"initial_date": _DATE}),
    "timepicker": _select({"initial_time": _TIME, "timezone": text(100)}),
    "datetimepicker": fields(
        {
            **_COMMON,
            "initial_date_time": integer(1_000_000_000, 9_999_999_999),
            "confirm": _CONFIRM,
            "focus_on_load": flag,
        }
    ),
}

OVERFLOW: Mapping[str, Check] = {
    "overflow": fields({**_COMMON, "options": _options(most=5, link=True), "confirm": _CONFIRM}, ["options"]),
}

TEXT_INPUTS: Mapping[str, Check] = {
    "plain_text_input": also(
        fields(
            {
                **_TYPING,
                "initial_value": text(3000, 0),
                "multiline": flag,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            }
        ),
        _lengths,
    ),
    "email_text_input": fields({**_TYPING, "initial_value": text(3000, 0)}),
    "url_text_input": fields({**_TYPING, "initial_value": text(3000, 0)}),
    "number_input": fields(
        {
            **_TYPING,
            "initial_value": _NUMERIC,
            "min_value": _NUMERIC,
            "max_value": _NUMERIC,
            "is_decimal_allowed": flag,
        },
        ["is_decimal_allowed"],
    ),
    "file_input": fields({**_COMMON, "filetypes": items(text(20), 50), "max_files": integer(1, 10)}),
    "rich_text_input": fields(
        {**_TYPING, "initial_value": RICH_TEXT, "min_lines": integer(1, 100), "max_lines": integer(1, 100)}
    ),
}

CONTEXT_ACTIONS: Mapping[str, Check] = {
    "feedback_buttons": fields(
        {**_COMMON, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        ["positive_button", "negative_button"],
    ),
    "icon_button": fields(
        {
            **_COMMON,
            "icon": one_of("trash"),
            "text": plain(75),
            "value": text(2000, 0),
            "accessibility_label": text(75),
            "visible_to_user_ids": _IDS,
            "confirm": _CONFIRM,
        },
        ["icon", "text"],
    ),
}

RAW_TEXT = fields({"type": one_of("raw_text"), "text": text(10_000)}, ["text"])
RAW_NUMBER = fields({"type": one_of("raw_number"), "value": number, "text": text(10_000)}, ["value", "text"])
URL_SOURCE = fields({"type": one_of("url"), "url": url, "text": text(256)}, ["type", "url", "text"])
