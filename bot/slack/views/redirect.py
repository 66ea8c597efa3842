"""The modal that asks what should change about a checkpoint."""

from __future__ import annotations

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.domain.approval import Approval
from bot.slack import escape, fit
from bot.slack.views import pieces

REDIRECT = "redirect"
WORDS_BLOCK = "redirect_words_block"
WORDS = "redirect_words"


def redirect(approval: Approval) -> View:
    """`private_metadata` is the approval's id; the words are at `WORDS_BLOCK`, `WORDS`."""
    about = fit.clip(escape.mrkdwn_line(approval.draft.title), 300, is_mrkdwn=True)
    words = PlainTextInputElement(
        action_id=WORDS,
        multiline=True,
        max_length=3000,
        focus_on_load=True,
        placeholder=pieces.plain("For example: leave the invoices where they are."),
    )
    return fit.fit_view(
        View(
            type="modal",
            callback_id=REDIRECT,
            title=pieces.plain("Redirect"),
            submit=pieces.plain("Send"),
            close=pieces.plain("Cancel"),
            private_metadata=approval.id,
            blocks=[
                pieces.section(f"*{about}*\nNothing of this has been done."),
                InputBlock(block_id=WORDS_BLOCK, label=pieces.plain("What should change?"), element=words),
            ],
        )
    )
