"""Edit…: which action, then its arguments as fields; what is changed there is put anew, and nothing is done by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot.domain.approval import Approval
from bot.domain.connector import BETWEEN
from bot.engine.revising import EDITABLE, Editable
from bot.errors import BadArgument, NotAllowed
from bot.slack import escape, fit
from bot.slack.views import arguments, pieces, places, words
from bot.slack.views.arguments import MOST_CHOICES, Field, Kind

EDIT = "edit"
EDIT_WHICH = "edit_which"
WHICH = "edit_action"
ARGUMENT = "edit_argument"

MOST_PARTS = (10, 3, 1)
"""Inputs of one long text: fewer where a window would not hold them all."""

_HINT = 300
_OF_ITS_SERVER = (pieces.aside("The names of the fields and the words below each are its server's own."),)
_LABELS = {"true": "Yes", "false": "No"}


def can_edit(approval: Approval) -> bool:
    return approval.draft.kind in EDITABLE and bool(approval.draft.actions)


def which(approval: Approval) -> View:
    """`private_metadata` is the approval's id; the number of the chosen action is at `WHICH`."""
    actions = approval.draft.actions
    folder = places.shared_folder(actions)
    options = [
        pieces.option(str(number), f"{number}. {escape.line(escape.exact(places.within(action, folder)))}")
        for number, action in enumerate(actions[:MOST_CHOICES], 1)
    ]
    chosen: InputInteractiveElement = StaticSelectElement(action_id=WHICH, options=options)
    if len(actions) > MOST_CHOICES:
        chosen = NumberInputElement(action_id=WHICH, min_value="1", max_value=str(len(actions)))
    label = f"Which of the {words.count(len(actions), 'action')}?"
    hint = "By its number, as under “Show all”." if len(actions) > MOST_CHOICES else "Edit one at a time."
    where = [pieces.literal(escape.exact(f"In {folder}"))] if folder else []
    question = InputBlock(block_id=WHICH, label=pieces.plain(label), hint=pieces.plain(hint), element=chosen)
    return _modal(EDIT_WHICH, approval.id, [*where, question], submit="Next")


def form(one: Editable) -> View:
    """`private_metadata` is the approval's id and the action's number; each argument is at the block of its field."""
    for most_parts in MOST_PARTS:
        fields = arguments.fields(one.tool.schema, one.action.call.input, most_parts=most_parts)
        view = _modal(EDIT, f"{one.approval.id}:{one.number}", _form(one, fields), submit="Ask with this")
        if fit.is_within(view) and len(view.blocks) <= fit.VIEW_BLOCKS:
            break
    return fit.fit_view(view)


def opened(private: str) -> tuple[str, int]:
    """The approval's id and the number of the action that a form is about."""
    approval_id, _, number = private.rpartition(":")
    return approval_id, int(number)


def filled(one: Editable, values: Mapping[str, str]) -> dict[str, Any]:
    """Raises `BadArgument` for what cannot be read."""
    most_parts = max((int(block.rpartition("_")[2]) + 1 for block in values), default=1)
    return arguments.filled(
        arguments.fields(one.tool.schema, one.action.call.input, most_parts=most_parts), values
    )


def at_fault(one: Editable, refusal: NotAllowed, values: Mapping[str, str]) -> str:
    """The block at which a refusal is shown: of the argument it is about, else of the first that was changed."""
    fields = arguments.fields(one.tool.schema, one.action.call.input, most_parts=MOST_PARTS[0])
    blocks = [field.block() for field in fields if field.block() in values]
    named = [refusal.argument] if isinstance(refusal, BadArgument) else arguments.touched(fields, values)
    meant = [field.block() for field in fields if field.name in named and field.block() in values]
    return next(iter([*meant, *blocks]), "")


def _form(one: Editable, fields: tuple[Field, ...]) -> list[Block]:
    total = len(one.approval.draft.actions)
    which_one = f"Action {one.number:,} of {total:,}: " if total > 1 else ""
    preview = fit.clip(escape.line(escape.exact(one.action.preview)), 1_000)
    return [
        pieces.literal(which_one + preview),
        pieces.aside("Nothing is done by this. What you change is put to you again, to be approved or not."),
        *(_OF_ITS_SERVER if BETWEEN in one.tool.name else ()),
        *(block for field in fields for block in _inputs(field)),
    ]


def _inputs(field: Field) -> list[Block]:
    label = field.name.replace("_", " ")
    label = label[:1].upper() + label[1:]
    if field.kind is Kind.FIXED:
        size = sum(map(len, field.parts))
        said = f"{label}: {size:,} characters, too long for a form; it stays as it is. Redirect… can have it changed."
        return [pieces.aside(escape.mrkdwn_line(said))]
    count = len(field.parts)
    return [
        InputBlock(
            block_id=field.block(at),
            label=pieces.plain(label if count == 1 else f"{label}, part {at + 1} of {count}"),
            hint=pieces.plain(fit.clip(escape.line(field.hint), _HINT)) if field.hint and at == 0 else None,
            optional=not field.is_required or not part,
            element=_element(field, part),
        )
        for at, part in enumerate(field.parts)
    ]


def _element(field: Field, part: str) -> InputInteractiveElement:
    match field.kind:
        case Kind.CHOICE:
            options = [_option(value) for value in field.choices]
            chosen = next((option for option in options if option.value == part), None)
            return StaticSelectElement(action_id=ARGUMENT, options=options, initial_option=chosen)
        case Kind.NUMBER:
            return NumberInputElement(
                action_id=ARGUMENT, is_decimal_allowed=not field.is_whole, initial_value=part or None
            )
        case _:
            return PlainTextInputElement(
                action_id=ARGUMENT,
                multiline=field.kind is not Kind.LINE,
                max_length=3000,
                initial_value=part or None,
            )


def _option(value: str) -> Option:
    return pieces.option(value, _LABELS.get(value, value.strip('"')))


def _modal(callback_id: str, private: str, blocks: list[Block], *, submit: str) -> View:
    return View(
        type="modal",
        callback_id=callback_id,
        title=pieces.plain("Edit"),
        submit=pieces.plain(submit) if any(isinstance(block, InputBlock) for block in blocks) else None,
        close=pieces.plain("Cancel"),
        private_metadata=private,
        blocks=blocks,
    )
