"""The form behind `/cowork` alone: goal, folder, autonomy, output format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.grant import FolderGrant
from bot.domain.task import Autonomy
from bot.slack import escape, fit
from bot.slack.views import pieces, words

NEW_TASK = "new_task"
GOAL_BLOCK, GOAL = "goal_block", "goal"
FOLDER_BLOCK, FOLDER = "folder_block", "folder"
AUTONOMY_BLOCK, AUTONOMY = "autonomy_block", "autonomy"
OUTPUT_BLOCK, OUTPUT = "output_block", "output"

ALL_FOLDERS = "all"
NO_FOLDER = "none"
AS_FITS = "fits"
FOLDERS = 98

OUTPUTS: Final[Mapping[str, str]] = {
    AS_FITS: "",
    "markdown": "Markdown",
    "csv": "CSV",
    "html": "HTML",
    "text": "Plain text",
}
"""What an option of the format select stands for, as `Intake.start(output=…)` takes it."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the form is filled with: `folder` is a path, `output` a key of `OUTPUTS`."""

    goal: str = ""
    folder: str = ""
    autonomy: Autonomy | None = None
    output: str = AS_FITS


def new_task(
    folders: Sequence[FolderGrant],
    default: Autonomy,
    *,
    channel: str,
    filled: Filled | None = None,
    error: str = "",
) -> View:
    """The form; `error` says above it why it could not be taken. `private_metadata` is the channel's id."""
    filled = filled or Filled()
    said: list[Block] = [pieces.section(f"⚠️ {escape.mrkdwn(error)}")] if error else []
    return fit.fit_view(
        View(
            type="modal",
            callback_id=NEW_TASK,
            title=pieces.plain("New task"),
            submit=pieces.plain("Start"),
            close=pieces.plain("Cancel"),
            private_metadata=channel,
            blocks=[
                *said,
                _goal(filled.goal),
                _folder(folders, filled.folder),
                _autonomy(default, filled.autonomy or default),
                _output(filled.output),
            ],
        )
    )


def folder_chosen(value: str, folders: Iterable[FolderGrant]) -> str:
    """The path that an option of the folder select stands for; "" for none, or when it is no longer granted."""
    return next((grant.path for grant in folders if _folder_id(grant.path) == value), "")


def _goal(goal: str) -> InputBlock:
    typed = PlainTextInputElement(
        action_id=GOAL,
        multiline=True,
        max_length=3000,
        initial_value=fit.clip(escape.visible(goal), 3000) or None,
        focus_on_load=True,
        placeholder=pieces.plain("For example: organize the reports folder by department and add an index."),
    )
    hint = pieces.plain("Say what you want to have in the end, and what must not be touched.")
    return InputBlock(
        block_id=GOAL_BLOCK, label=pieces.plain("What should be done?"), hint=hint, element=typed
    )


def _folder(folders: Sequence[FolderGrant], chosen: str) -> InputBlock:
    granted = list({grant.path: grant for grant in folders}.values())[:FOLDERS]
    names = [words.folder(grant) for grant in granted]
    choices = [pieces.option(ALL_FOLDERS, "All granted folders")] if len(granted) > 1 else []
    for grant, name in zip(granted, names, strict=True):
        label = name if names.count(name) == 1 else f"{name} ({grant.path})"
        choices.append(pieces.option(_folder_id(grant.path), label))
    choices.append(pieces.option(NO_FOLDER, "No folder"))
    select = StaticSelectElement(
        action_id=FOLDER,
        options=choices,
        initial_option=_chosen(choices, _folder_id(chosen)),
    )
    return InputBlock(block_id=FOLDER_BLOCK, label=pieces.plain("Folder"), element=select)


def _autonomy(default: Autonomy, chosen: Autonomy) -> InputBlock:
    choices = [
        pieces.option(
            level.value,
            words.LEVELS[level] + (" (default)" if level is default else ""),
            words.LEVEL_MEANINGS[level],
        )
        for level in Autonomy
    ]
    radio = RadioButtonsElement(
        action_id=AUTONOMY, options=choices, initial_option=_chosen(choices, chosen.value)
    )
    return InputBlock(block_id=AUTONOMY_BLOCK, label=pieces.plain("How freely may it work?"), element=radio)


def _output(chosen: str) -> InputBlock:
    choices = [pieces.option(value, name or "As fits") for value, name in OUTPUTS.items()]
    select = StaticSelectElement(action_id=OUTPUT, options=choices, initial_option=_chosen(choices, chosen))
    return InputBlock(block_id=OUTPUT_BLOCK, label=pieces.plain("Output format"), element=select)


def _chosen(choices: Sequence[Option], value: str) -> Option:
    return next((choice for choice in choices if choice.value == value), choices[0])


def _folder_id(path: str) -> str:
    return hashlib.sha256(path.encode(errors="replace")).hexdigest()[:16]
