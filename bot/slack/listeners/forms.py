"""The new-task form and the settings: opened, filled in, submitted."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.domain.grant import FolderGrant
from bot.domain.person import Place
from bot.domain.task import Autonomy
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Form
from bot.slack.views import home, new_task, preferences, texts

NOT_GRANTED = "This folder is not granted any more. Choose another."


def register(app: App, desk: Desk) -> None:
    app.action(texts.OPEN_FORM)(partial(opened, desk))
    app.action(home.HOME_NEW_TASK)(partial(opened, desk))
    app.view(new_task.NEW_TASK)(partial(submitted, desk))
    app.view(preferences.PREFERENCES)(partial(preferred, desk))


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.open_form(click, where=click.place.channel)
    ack()


def submitted(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    try:
        _start(desk, form)
    except NotAllowed as refusal:
        field = new_task.FOLDER_BLOCK if str(refusal) == NOT_GRANTED else new_task.GOAL_BLOCK
        ack(response_action="errors", errors={field: _plain(refusal)})
    else:
        ack()


def preferred(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    desk.intake.prefer(form.gesture.person, Autonomy(form.values[preferences.LEVEL_BLOCK]))
    ack()


def _start(desk: Desk, form: Form) -> None:
    desk.start(
        form.gesture.person,
        place_of(form.gesture.place.team, form.private),
        form.values.get(new_task.GOAL_BLOCK, ""),
        key=form.gesture.key,
        autonomy=Autonomy(form.values[new_task.AUTONOMY_BLOCK]),
        folders=_folders(desk, form.values[new_task.FOLDER_BLOCK]),
        output=new_task.OUTPUTS.get(form.values[new_task.OUTPUT_BLOCK], ""),
    )


def _folders(desk: Desk, chosen: str) -> tuple[FolderGrant, ...]:
    if chosen == new_task.NO_FOLDER:
        return ()
    if chosen == new_task.ALL_FOLDERS and desk.settings.folders:
        return desk.settings.folders
    path = new_task.folder_chosen(chosen, desk.settings.folders)
    if not path:
        raise NotAllowed(NOT_GRANTED)
    return tuple(grant for grant in desk.settings.folders if grant.path == path)


def _plain(refusal: NotAllowed) -> str:
    """A field shows its error as it is: marks of formatting would be read as letters."""
    return str(refusal).replace("`", "")


def where(place: Place) -> str:
    """A place as a form carries it."""
    return f"{place.channel}:{place.thread}" if place.thread else place.channel


def place_of(team: str, carried: str) -> Place:
    channel, _, thread = carried.partition(":")
    return Place(team=team, channel=channel, thread=thread or None)
