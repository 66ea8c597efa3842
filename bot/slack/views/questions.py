"""What a connector asks of a person: its words as they are, a form or an address, and who gets the answer."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    EmailInputElement,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UrlInputElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement, LinkButtonElement
from slack_sdk.models.views import View

from bot.domain import form as forms
from bot.domain.approval import Approval
from bot.domain.asking import Asking
from bot.domain.connector import Form
from bot.domain.field import MOST_TEXT, Field, Kind
from bot.errors import NotAllowed
from bot.slack import escape, fit
from bot.slack.views import pieces

ANSWER: Final = "question_answer"
DONE: Final = "question_done"
DECLINE: Final = "question_decline"
LINK: Final = "question_link"
FILLED: Final = "question_filled"
VALUE: Final = "question_value"

_LONG_TEXT = 200
_MESSAGE = 2_000
_ADDRESS = 2_900


def asked(approval: Approval) -> list[Block]:
    """The server's own words, none of which is markup, and the address that it gives, whole."""
    _, form = _open(approval)
    blocks: list[Block] = [pieces.literal(fit.clip(escape.exact(form.message) or pieces.NOTHING, _MESSAGE))]
    if form.url:
        host = escape.mrkdwn_line(escape.exact(forms.host(form)))
        blocks += [
            pieces.section(f"It wants you to open a page at *{host}*:"),
            pieces.verbatim(fit.clip(form.url, _ADDRESS)),
        ]
    return blocks


def warning(approval: Approval) -> str:
    asking, form = _open(approval)
    name = fit.clip(escape.mrkdwn_line(asking.title), 80, is_mrkdwn=True)
    if form.url:
        return (
            f"The connector {name} asks this, not I. I never open such a page. Go there only if you know it."
        )
    return (
        f"The connector {name} asks this, not I. What you answer goes to it, and is shown in this thread: "
        "never a password or a key."
    )


def buttons(approval: Approval) -> list[ButtonElement]:
    _, form = _open(approval)
    decline = pieces.button("Decline", DECLINE, approval.id)
    if not form.url:
        return [pieces.button("Answer…", ANSWER, approval.id, style="primary"), decline]
    label = pieces.plain(fit.clip(f"Open {forms.host(form)}", 75))
    link = [LinkButtonElement(text=label, url=form.url, action_id=LINK)] if len(form.url) <= _ADDRESS else []
    return [*link, pieces.button("I have done it", DONE, approval.id, style="primary"), decline]


def fill_in(approval: Approval) -> View:
    """`private_metadata` is the approval's id; each field is at the block of its number."""
    asking, form = _open(approval)
    try:
        fields = forms.fields(form)
    except NotAllowed as refusal:
        raise NotAllowed(f"This form cannot be shown: {refusal}.") from None
    inputs = [_input(number, one) for number, one in enumerate(fields)]
    message = pieces.literal(fit.clip(escape.exact(form.message) or pieces.NOTHING, _MESSAGE))
    return fit.fit_view(
        View(
            type="modal",
            callback_id=FILLED,
            title=pieces.plain(fit.clip(escape.line(asking.title), 24)),
            submit=pieces.plain("Answer"),
            close=pieces.plain("Cancel"),
            private_metadata=approval.id,
            blocks=[message, pieces.aside(warning(approval)), *inputs],
        )
    )


def words(approval: Approval, values: Mapping[str, str]) -> str:
    """The submitted fields as an answer in words: JSON by the server's names."""
    _, form = _open(approval)
    given = {}
    for number, one in enumerate(forms.fields(form)):
        if text := values.get(block(number), ""):
            given[one.name] = _chosen(one, text)
    return json.dumps(given, ensure_ascii=False)


def block_of(approval: Approval, name: str) -> str:
    """Where a field is shown, by the server's name for it; the first for one that there is not."""
    _, form = _open(approval)
    names = [one.name for one in forms.fields(form)]
    return block(names.index(name) if name in names else 0)


def block(number: int) -> str:
    return f"question_field_{number}"


def _open(approval: Approval) -> tuple[Asking, Form]:
    """Of one that was answered, what was asked: the last form that has a reply."""
    asking = approval.draft.asking
    assert asking is not None
    if asking.open is not None:
        return asking, asking.open[1]
    return asking, asking.question.forms[list(asking.replies)[-1]]


def _input(number: int, one: Field) -> InputBlock:
    hint = escape.line(one.hint)
    return InputBlock(
        block_id=block(number),
        label=pieces.plain(fit.clip(escape.line(one.title[:1].upper() + one.title[1:]), 150)),
        hint=pieces.plain(fit.clip(hint, 150)) if hint else None,
        optional=not one.is_required,
        element=_element(one),
    )


def _element(one: Field) -> InputInteractiveElement:
    text = None if one.default is None else str(one.default)
    match one.kind:
        case Kind.CHOICE | Kind.YES_NO:
            options = _options(one)
            return StaticSelectElement(
                action_id=VALUE, options=options, initial_option=_default(one, options)
            )
        case Kind.CHOICES:
            options = _options(one)
            chosen = [
                options[at] for at, (value, _) in enumerate(one.choices) if value in (one.default or ())
            ]
            return StaticMultiSelectElement(action_id=VALUE, options=options, initial_options=chosen or None)
        case Kind.DATE:
            return DatePickerElement(action_id=VALUE, initial_date=text)
        case Kind.EMAIL:
            return EmailInputElement(action_id=VALUE, initial_value=text)
        case Kind.ADDRESS:
            return UrlInputElement(action_id=VALUE, initial_value=text)
        case Kind.NUMBER | Kind.WHOLE:
            return NumberInputElement(
                action_id=VALUE,
                is_decimal_allowed=one.kind is Kind.NUMBER,
                initial_value=text,
                min_value=_bound(one.low),
                max_value=_bound(one.high),
            )
        case _:
            is_long = _LONG_TEXT < one.high < math.inf
            return PlainTextInputElement(
                action_id=VALUE, multiline=is_long, max_length=MOST_TEXT, initial_value=text
            )


def _options(one: Field) -> list[Option]:
    return [pieces.option(str(at), label) for at, (_, label) in enumerate(one.choices)]


def _default(one: Field, options: list[Option]) -> Option | None:
    value = one.default if not isinstance(one.default, bool) else str(one.default).lower()
    return next((options[at] for at, (known, _) in enumerate(one.choices) if known == value), None)


def _bound(number: float) -> str | None:
    return f"{number:g}" if math.isfinite(number) else None


def _chosen(one: Field, text: str) -> Any:
    match one.kind:
        case Kind.CHOICE | Kind.YES_NO:
            return one.choices[int(text)][0]
        case Kind.CHOICES:
            return [one.choices[int(number)][0] for number in text.split(",")]
        case _:
            return text
