"""What a connector asks in a thread: the form opened and filled in, the page that somebody was at, and a no."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.domain import form
from bot.domain.approval import Approval, ApprovalState, Decision
from bot.errors import BadArgument, NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import loading, questions, texts

LATE = "That took too long to open. Press Answer… again."


def register(app: App, desk: Desk) -> None:
    app.action(questions.ANSWER)(partial(opened, desk))
    app.view(questions.FILLED)(partial(filled, desk))
    app.action(questions.DONE)(partial(said, desk, form.DONE))
    app.action(questions.DECLINE)(partial(said, desk, form.DECLINE))
    app.action(questions.LINK)(left)


def opened(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    approval = desk.record.approval(click.value)
    if approval is None:
        desk.whisper(click, texts.said(texts.NO_SUCH_APPROVAL))
    elif not approval.is_pending:
        desk.whisper(click, texts.decided_already(approval))
    else:
        _open(desk, click, approval)
    ack()


def filled(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    submitted = parse.form(body, desk.people)
    approval = desk.record.approval(submitted.private)
    if approval is None:
        ack(response_action="update", view=loading.notice(texts.NO_SUCH_APPROVAL))
        return
    words = questions.words(approval, submitted.values)
    decision = Decision(state=ApprovalState.ANSWERED, words=words)
    try:
        decided = desk.decide(submitted.gesture.person, approval.id, decision)
    except NotAllowed as refusal:
        ack(response_action="errors", errors={_at_fault(approval, refusal): str(refusal)})
        return
    if decided.is_new:
        ack()
    else:
        before = texts.decided_before(decided.approval, "Your answer")
        ack(response_action="update", view=loading.notice(before))


def said(desk: Desk, words: str, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    try:
        decided = desk.decide(click.person, click.value, Decision(state=ApprovalState.ANSWERED, words=words))
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
    else:
        if not decided.is_new:
            desk.whisper(click, texts.decided_already(decided.approval))
    ack()


def left(ack: Ack) -> None:
    """Their browser opens it; we hear of it, and have nothing to do."""
    ack()


def _open(desk: Desk, click: Gesture, approval: Approval) -> None:
    """For who may answer; anyone else is told who may before they fill anything in."""
    try:
        desk.check_turn(click.person, approval)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
        return
    late = partial(desk.whisper, click, texts.said(LATE))
    desk.modals.show(click.trigger, lambda: questions.fill_in(approval), late=late)


def _at_fault(approval: Approval, refusal: NotAllowed) -> str:
    return questions.block_of(approval, refusal.argument if isinstance(refusal, BadArgument) else "")
