"""`/cowork prompt`: picked, filled in, looked at, begun."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.errors import NotAllowed
from bot.slack import parse, picked
from bot.slack.desk import Desk
from bot.slack.listeners import forms
from bot.slack.views import loading, prompts


def register(app: App, desk: Desk) -> None:
    app.options(prompts.PICK)(partial(searched, desk))
    app.action(prompts.PICK)(partial(chosen, desk))
    app.view(prompts.PICK)(partial(submitted, desk))
    app.view(prompts.ARGUMENTS)(partial(filled, desk))
    app.view(prompts.PREVIEW)(partial(begun, desk))


def searched(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    asked = picked.search(body, desk.people)
    ack(options=desk.prompts.options(asked.person, asked.words))


def chosen(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click, form = parse.click(body, desk.people), parse.form(body, desk.people)
    desk.modals.turn(click.view_id, lambda: desk.prompts.form(click.person, click.value, form.private))
    ack()


def submitted(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """Where Slack did not tell of the choice by itself."""
    form = parse.form(body, desk.people)
    view = desk.prompts.form(form.gesture.person, form.values[prompts.PICK], form.private)
    ack(response_action="update", view=view)


def filled(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    person = form.gesture.person
    prompt_id, place = prompts.carried(form.private)
    try:
        one = desk.prompts.prompt(person, prompt_id)
    except NotAllowed as refusal:
        ack(response_action="update", view=loading.notice(str(refusal)))
        return
    given, missing = prompts.given(one, form.values)
    if missing:
        ack(response_action="errors", errors=missing)
        return
    desk.prompts.modals.answer(
        ack,
        form.gesture.view_id,
        lambda: desk.prompts.preview(person, one, place, given),
        meanwhile=prompts.asking(one),
    )


def begun(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """With exactly what was shown; the goal is what the requester left of it, in their words."""
    form = parse.form(body, desk.people)
    person = form.gesture.person
    try:
        looked = desk.prompts.looked(person, form.private)
        desk.start(
            person,
            forms.place_of(form.gesture.place.team, looked.place),
            form.values[prompts.GOAL],
            key=form.gesture.key,
            context=prompts.context(looked.prompt, looked.text),
            audience=looked.prompt.audience,
        )
    except NotAllowed as refusal:
        ack(response_action="errors", errors={prompts.GOAL: str(refusal).replace("`", "")})
    else:
        ack()
