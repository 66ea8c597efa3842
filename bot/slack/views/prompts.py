"""`/cowork prompt`: a prompt of a connector is picked, filled in, looked at as its server gives it, and begun."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain import beforehand
from bot.engine.prompting import Prompt
from bot.slack import escape, fit
from bot.slack.views import pieces
from bot.slack.views.connector_settings import key_of
from bot.slack.views.connectors import modal

PICK: Final = "prompt_pick"
ARGUMENTS: Final = "prompt_arguments"
PREVIEW: Final = "prompt_preview"
GOAL: Final = "prompt_goal"
ARGUMENT: Final = "prompt_argument"

MOST_OFFERED = 100
MOST_ARGUMENTS = 40

_PIECE, _PIECES = 2900, 4


def id_of(one: Prompt) -> str:
    """What stands for a prompt in a view, whatever its server calls it."""
    return f"{one.slug}_{key_of(one.offer.name)}"


def pick(place: str, *, any_there: bool) -> View:
    """`place` is where the task will be, as the view carries it."""
    if not any_there:
        said = "No connector that is on offers a prompt. `/cowork connectors` shows what there is."
        return modal("Use a prompt", [pieces.section(said)])
    select = ExternalDataSelectElement(
        action_id=PICK, placeholder=pieces.plain("Search prompts"), min_query_length=0
    )
    block = InputBlock(
        block_id=PICK,
        label=pieces.plain("Which prompt?"),
        hint=pieces.plain("Prepared by the servers that your admins connected."),
        element=select,
        dispatch_action=True,
    )
    return modal("Use a prompt", [block], callback_id=PICK, carried=place, submit="Next")


def options(found: Iterable[Prompt], typed: str) -> list[Option]:
    """Those in whose names or descriptions all of the words occur."""
    wanted = typed.casefold().split()
    fitting = (one for one in found if all(word in _text(one) for word in wanted))
    return [
        pieces.option(id_of(one), f"{_name(one)} · {one.owner}", escape.line(one.offer.description))
        for one, _ in zip(fitting, range(MOST_OFFERED), strict=False)
    ]


def arguments(one: Prompt, place: str, filled: Mapping[str, str] | None = None, *, refused: str = "") -> View:
    """What its server asks to be told."""
    given = filled or {}
    why = [pieces.section(f"⚠️ {fit.clip(escape.mrkdwn(refused), 1500, is_mrkdwn=True)}")] if refused else []
    about = one.offer.description
    blocks: list[Block] = [
        *why,
        pieces.literal(
            f"{_name(one)} of {one.owner}" + (f"\n{fit.clip(about, 1000)}" if about.strip() else "")
        ),
        *(_argument(number, each, given) for number, each in enumerate(one.offer.arguments[:MOST_ARGUMENTS])),
        pieces.aside("Next you see what its server gives, before anything is begun."),
    ]
    carried = json.dumps({"prompt": id_of(one), "place": place})
    return modal("Use a prompt", blocks, callback_id=ARGUMENTS, carried=carried, submit="Preview")


def asking(one: Prompt) -> View:
    return modal("Use a prompt", [pieces.literal(f"Asking {one.owner}…")])


def preview(one: Prompt, goal: str, text: str, carried: str) -> View:
    """What the task will read, exactly; and the goal, which is the requester's to word."""
    typed = PlainTextInputElement(
        action_id=GOAL, multiline=True, max_length=3000, initial_value=escape.visible(goal)
    )
    owner = fit.clip(escape.bold_line(one.owner), 80, is_mrkdwn=True)
    blocks: list[Block] = [
        InputBlock(
            block_id=GOAL,
            label=pieces.plain("What should be done?"),
            hint=pieces.plain("These are your words: only what they allow is allowed."),
            element=typed,
        ),
        pieces.section(
            f"*What {owner} gives for it*\nThe task reads it as the words of that server: they can begin "
            "nothing, and allow nothing, that your goal does not."
        ),
        *_pieces(text),
    ]
    return modal("Use a prompt", blocks, callback_id=PREVIEW, carried=carried, submit="Start")


def goal(one: Prompt, given: Mapping[str, str]) -> str:
    """As its requester would say it."""
    said = ", ".join(f"{escape.line(name)} = {escape.line(value)}" for name, value in given.items() if value)
    return f"Use the prompt ‹{_name(one)}› of ‹{escape.line(one.owner)}›" + (
        f" with {said}." if said else "."
    )


def context(one: Prompt, text: str) -> str:
    """The prompt as the task reads it, with whose words it is."""
    return beforehand.of_prompt(_name(one), escape.line(one.owner), text)


def given(one: Prompt, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The arguments by name; and by block what is missing."""
    found, missing = {}, {}
    for number, (name, _, is_needed) in enumerate(one.offer.arguments[:MOST_ARGUMENTS]):
        value = values.get(f"{ARGUMENT}:{number}", "").strip()
        if value:
            found[name] = value
        elif is_needed:
            missing[f"{ARGUMENT}:{number}"] = "Its server needs this."
    return found, missing


def carried(view: str) -> tuple[str, str]:
    """Of the form: which prompt, and where the task will be."""
    told = json.loads(view)
    return told["prompt"], told["place"]


def _argument(number: int, one: tuple[str, str, bool], filled: Mapping[str, str]) -> InputBlock:
    name, about, is_needed = one
    known = escape.visible(filled.get(name, ""))
    return InputBlock(
        block_id=f"{ARGUMENT}:{number}",
        label=pieces.plain(fit.clip(escape.line(name), 150)),
        hint=pieces.plain(fit.clip(escape.line(about), 240)) if about.strip() else None,
        optional=not is_needed,
        element=PlainTextInputElement(
            action_id=ARGUMENT,
            multiline=True,
            max_length=3000,
            initial_value=known or None,
        ),
    )


def _pieces(text: str) -> Iterator[Block]:
    parts: Sequence[str] = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)] or [""]
    yield from (pieces.verbatim(part) for part in parts[:_PIECES])
    if (more := len(text) - _PIECE * _PIECES) > 0:
        yield pieces.aside(f"and {more:,} more characters, which the task reads, too")


def _name(one: Prompt) -> str:
    return fit.clip(escape.line(one.offer.title or one.offer.name), 80)


def _text(one: Prompt) -> str:
    return f"{one.offer.name} {one.offer.title} {one.offer.description} {one.owner}".casefold()
