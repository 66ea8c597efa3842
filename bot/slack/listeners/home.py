"""The app's own tabs: Home is drawn when it is opened, Messages offers something to begin with."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from slack_bolt import Ack, App

from bot.domain.task import Autonomy
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.views import home

PROMPTS: Final = [
    {
        "title": "Organize a folder",
        "message": "Organize the reports folder by department, rename the files to one convention and add an index.",
    },
    {
        "title": "Digest meeting notes",
        "message": "Digest the meeting notes: decisions, action items with names and dates, and open questions.",
    },
    {
        "title": "Write an onboarding guide",
        "message": "Write an onboarding guide for the code folder, with structure, set-up and debugging tips.",
    },
    {"title": "What can you do?", "message": "help"},
]


def register(app: App, desk: Desk) -> None:
    app.event("app_home_opened")(partial(opened, desk))
    app.action(home.HOME_AUTONOMY)(partial(preferred, desk))


def opened(desk: Desk, body: dict[str, Any]) -> None:
    event = parse.happened(body, desk.people)
    if event.value == "home":
        desk.publish_home(event.person)
    else:
        desk.errands.run(
            lambda: desk.web.posts.assistant_threads_setSuggestedPrompts(
                channel_id=event.place.channel, prompts=PROMPTS
            )
        )


def preferred(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.intake.prefer(click.person, Autonomy(click.value))
    desk.publish_home(click.person)
    ack()
