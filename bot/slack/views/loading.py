"""The view that is opened first, while a trigger is fresh, and then updated; and the one that says why not."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.slack import escape, fit
from bot.slack.views import pieces

LOADING = "loading"


def loading(title: str = "Cowork") -> View:
    return _modal(title, "Just a moment…")


def notice(words: str, title: str = "Cowork") -> View:
    """A view that only says something."""
    return _modal(title, escape.mrkdwn(words))


def _modal(title: str, mrkdwn: str) -> View:
    return fit.fit_view(
        View(
            type="modal",
            callback_id=LOADING,
            title=pieces.plain(escape.line(title)),
            close=pieces.plain("Close"),
            blocks=[pieces.section(mrkdwn)],
        )
    )
