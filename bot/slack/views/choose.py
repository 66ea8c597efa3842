"""The modal in which parts of a batch are left out: all are on, and exactly those left on are approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, CheckboxesElement, InputBlock, Option
from slack_sdk.models.views import View

from bot.domain.approval import Action, Approval
from bot.slack import escape, fit
from bot.slack.views import pieces, places, words

CHOOSE = "choose"
ACTIONS = "choose_actions"
FIRST = f"{ACTIONS}_0"
"""The block at which a refusal is shown."""

MOST = 200
GROUP = 10
ROOMS = ((75, 75), (75, 0), (24, 0))
"""Characters of a label and of the line below it: less where a window would not hold it all."""


def can_choose(approval: Approval) -> bool:
    """There are several, and not more than a window holds."""
    return 2 <= len(approval.draft.actions) <= MOST


def choose(approval: Approval) -> View:
    """`private_metadata` is the approval's id; the numbers that are left on are at the blocks of `ACTIONS`."""
    for label, below in ROOMS:
        view = _view(approval, label, below)
        if fit.is_within(view):
            break
    return fit.fit_view(view)


def left_out(approval: Approval, values: Mapping[str, str]) -> tuple[int, ...]:
    """The numbers of the actions that are not on any more, by the values of the submitted window."""
    chosen = {number for value in values.values() for number in value.split(",")}
    return tuple(n for n in range(1, len(approval.draft.actions) + 1) if str(n) not in chosen)


def _view(approval: Approval, label: int, below: int) -> View:
    actions = approval.draft.actions
    folder = places.shared_folder(actions)
    where = [pieces.literal(escape.exact(f"In {folder}"))] if folder else []
    options = [_option(number, action, folder, label, below) for number, action in enumerate(actions, 1)]
    blocks: list[Block] = [
        pieces.section(
            f"*{words.count(len(actions), 'action')}*, in the order in which they run. Exactly those that stay on "
            "are done; the others are left out."
        ),
        *where,
        *(_group(options[first : first + GROUP], first) for first in range(0, len(options), GROUP)),
    ]
    return View(
        type="modal",
        callback_id=CHOOSE,
        title=pieces.plain("Choose"),
        submit=pieces.plain(pieces.APPROVE),
        close=pieces.plain("Cancel"),
        private_metadata=approval.id,
        blocks=blocks,
    )


def _group(options: Sequence[Option], first: int) -> Block:
    last = first + len(options)
    return InputBlock(
        block_id=f"{ACTIONS}_{first}",
        label=pieces.plain(f"{first + 1:,}–{last:,}" if last > first + 1 else f"{last:,}"),
        optional=True,
        element=CheckboxesElement(action_id=ACTIONS, options=options, initial_options=options),
    )


def _option(number: int, action: Action, folder: str, label: int, below: int) -> Option:
    """The preview on two lines of what Slack takes there; how it goes on stands behind "Show all"."""
    text = f"{number}. {escape.line(escape.exact(places.within(action, folder)))}"
    end = _end(text, label, below)
    more = " ".join(part for part in (text[end:], f"({action.about})" if action.about else "") if part)
    return pieces.option(str(number), text[:end], fit.clip(escape.line(more), below) if below else "")


def _end(text: str, label: int, below: int) -> int:
    """Where the first line ends: between two words or names, if the second then holds the rest."""
    if len(text) <= label:
        return len(text)
    at = max(text.rfind(" ", 0, label), text.rfind("/", 0, label)) + 1
    return at if len(text) - at <= below else label
