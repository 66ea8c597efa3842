"""The card's and the report's buttons: Stop, Retry, Undo, Details; and the offers made where a card cannot be shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.domain.task import Task
from bot.errors import NotAllowed
from bot.slack import apart, parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import card, details, kinds, offers, pieces, result, texts


def register(app: App, desk: Desk) -> None:
    app.action(card.TASK_STOP)(partial(stopped, desk))
    app.action(card.TASK_RETRY)(partial(retried, desk))
    app.action(pieces.any_number(result.TASK_UNDO))(partial(undone, desk))
    app.action(pieces.any_number(kinds.TASK_WITHDRAW))(partial(withdrawn, desk))
    app.action(card.TASK_DETAILS)(partial(detailed, desk))
    app.action(pieces.any_number(details.DETAILS_PAGE))(partial(turned, desk))
    app.action(offers.OFFER_JOIN)(partial(offered, desk, _join))
    app.action(offers.OFFER_DIRECT)(partial(offered, desk, _go_direct))
    app.action(offers.OFFER_AGAIN)(partial(begun_again, desk))


def stopped(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        task = desk.stop(click.person, int(click.value), key=click.key)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        if task.state.is_over:
            desk.whisper(click, texts.said(texts.OVER))
    ack()


def retried(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """An old card keeps its button: what needs no retry says where it stands."""
    click = parse.click(body, desk.people)
    needs_it = _needs_retry(desk, int(click.value))
    try:
        task = desk.retry(click.person, int(click.value))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        if not needs_it:
            desk.whisper(click, texts.nothing_to_retry(task))
    ack()


def undone(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """A report keeps its button: whoever comes second is told who came first."""
    click = parse.click(body, desk.people)
    number = pieces.number_of(click.action_id)
    try:
        facts = desk.facts(click.person)
        undo = desk.intake.undo(click.person, int(click.value), number, key=click.key, facts=facts)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        if not undo.is_new:
            desk.whisper(click, texts.undone_already(undo.by))
    ack()


def withdrawn(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        desk.intake.withdraw(click.person, click.value)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    ack()


def begun_again(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        started = desk.intake.start_again(click.person, int(click.value))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        if not started.is_new:
            desk.whisper(click, texts.said(offers.BEGUN_AGAIN))
    ack()


def detailed(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    late = partial(desk.whisper, click, texts.said(texts.TOO_LATE))
    desk.modals.show(click.trigger, lambda: _details(desk, click), late=late)
    ack()


def turned(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    desk.modals.turn(click.view_id, lambda: _details(desk, click, pieces.number_of(click.action_id)))
    ack()


def offered(desk: Desk, accept: Callable[[Desk, Task], str], ack: Ack, body: dict[str, Any]) -> None:
    """Only whoever asked for a task says where it is shown."""
    click = parse.click(body, desk.people)
    task = desk.record.snapshot(int(click.value)).task
    if task.person.is_same(click.person):
        desk.errands.run(lambda: desk.whisper(click, texts.said(accept(desk, task))))
    else:
        desk.whisper(click, offers.whose(task))
    ack()


def _needs_retry(desk: Desk, task_id: int) -> bool:
    try:
        return card.needs_help(desk.record.snapshot(task_id).task)
    except LookupError:
        return True  # what is not known is refused by the intake


def _join(desk: Desk, task: Task) -> str:
    return offers.JOINED if desk.reach.join(task) else offers.CANNOT_JOIN


def _go_direct(desk: Desk, task: Task) -> str:
    desk.reach.go_direct(task)
    return offers.MOVED


def _details(desk: Desk, click: Gesture, page: int = 1) -> View:
    task_id = int(click.value)
    try:
        snapshot = desk.record.snapshot(task_id)
        apart.check(click.person, snapshot.task)
        return details.details(snapshot, desk.record.log(task_id), page)
    except LookupError:
        raise NotAllowed(texts.NO_SUCH_TASK) from None
