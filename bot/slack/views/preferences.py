"""The modal behind `/cowork settings`: how freely one's own tasks may work, and each plugin's settings."""

from __future__ import annotations

from slack_sdk.models.blocks import InputBlock, RadioButtonsElement
from slack_sdk.models.views import View

from bot.domain.task import Autonomy
from bot.slack import fit
from bot.slack.views import pieces, words
from bot.slack.views.plugins import Shelf, settings_rows

PREFERENCES = "preferences"
LEVEL_BLOCK, LEVEL = "preferences_autonomy_block", "preferences_autonomy"


def preferences(chosen: Autonomy, shelf: Shelf) -> View:
    choices = [
        pieces.option(level.value, words.LEVELS[level], words.LEVEL_MEANINGS[level]) for level in Autonomy
    ]
    initial = next(choice for choice in choices if choice.value == chosen.value)
    return fit.fit_view(
        View(
            type="modal",
            callback_id=PREFERENCES,
            title=pieces.plain("Settings"),
            submit=pieces.plain("Save"),
            close=pieces.plain("Cancel"),
            blocks=[
                InputBlock(
                    block_id=LEVEL_BLOCK,
                    label=pieces.plain("How freely may I work on your tasks?"),
                    hint=pieces.plain("A task's own choice in the form goes before this."),
                    element=RadioButtonsElement(action_id=LEVEL, options=choices, initial_option=initial),
                ),
                *settings_rows(shelf),
            ],
        )
    )
