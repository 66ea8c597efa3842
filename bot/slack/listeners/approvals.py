"""Checkpoints: Approve, Choose…, Redirect…, Stop, the options of a question, and every action in a modal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.models.views import View

from bot.domain.approval import Approval, ApprovalState, Decision
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Gesture
from bot.slack.views import all_actions, checkpoint, choose, kinds, loading, pieces, redirect, texts

REDIRECT_LATE = "That took too long to open. Press Redirect… again, or reply in the thread."


def register(app: App, desk: Desk) -> None:
    app.action(checkpoint.APPROVAL_APPROVE)(partial(decided, desk, ApprovalState.APPROVED))
    app.action(kinds.APPROVAL_KIND)(partial(kind_approved, desk))
    app.action(checkpoint.APPROVAL_STOP)(partial(decided, desk, ApprovalState.STOPPED))
    app.action(pieces.any_number(checkpoint.APPROVAL_OPTION))(partial(chosen, desk))
    app.action(checkpoint.APPROVAL_REDIRECT)(partial(redirecting, desk))
    app.view(redirect.REDIRECT)(partial(redirected, desk))
    app.action(checkpoint.APPROVAL_CHOOSE)(partial(choosing, desk))
    app.view(choose.CHOOSE)(partial(approved_in_part, desk))
    app.action(checkpoint.APPROVAL_ALL)(partial(showing_all, desk))
    app.action(pieces.any_number(all_actions.ALL_ACTIONS_PAGE))(partial(turned, desk))


def decided(desk: Desk, state: ApprovalState, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    _decide(desk, click, Decision(state=state))
    ack()


def kind_approved(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    _decide(desk, click, Decision(state=ApprovalState.APPROVED, is_kind=True))
    ack()


def chosen(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    approval = desk.record.approval(click.value)
    offered = () if approval is None else checkpoint.options(approval)
    number = pieces.number_of(click.action_id)
    if number < len(offered):
        _decide(desk, click, Decision(state=ApprovalState.ANSWERED, words=offered[number]))
    else:
        desk.whisper(click, texts.said(texts.NO_SUCH_APPROVAL))
    ack()


def redirecting(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    _open(desk, parse.click(body, desk.people), redirect.redirect, late=REDIRECT_LATE)
    ack()


def choosing(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    _open(desk, parse.click(body, desk.people), choose.choose, late=texts.TOO_LATE)
    ack()


def approved_in_part(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    try:
        approval = _known(desk, form.private)
        left_out = choose.left_out(approval, form.values)
        decided = desk.decide(
            form.gesture.person,
            form.private,
            Decision(state=ApprovalState.APPROVED, left_out=left_out),
        )
    except NotAllowed as refusal:
        ack(response_action="errors", errors={choose.FIRST: str(refusal)})
        return
    if decided.missing:
        ack(
            response_action="update",
            view=loading.notice(f"Your yes is kept. It still takes {decided.missing}."),
        )
    elif decided.is_new and decided.approval.state is ApprovalState.APPROVED:
        ack()
    else:
        ack(
            response_action="update",
            view=loading.notice(texts.decided_before(decided.approval, "Your choice")),
        )


def redirected(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    decision = Decision(
        state=ApprovalState.REDIRECTED, words=form.values.get(redirect.WORDS_BLOCK, "").strip()
    )
    try:
        decided = desk.decide(form.gesture.person, form.private, decision)
    except NotAllowed as refusal:
        ack(response_action="errors", errors={redirect.WORDS_BLOCK: str(refusal)})
        return
    if decided.is_new:
        ack()
    else:
        ack(
            response_action="update",
            view=loading.notice(texts.decided_before(decided.approval, "Your words")),
        )


def showing_all(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    late = partial(desk.whisper, click, texts.said(texts.TOO_LATE))
    desk.modals.show(click.trigger, lambda: all_actions.all_actions(_known(desk, click.value)), late=late)
    ack()


def turned(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    page = pieces.number_of(click.action_id)
    desk.modals.turn(click.view_id, lambda: all_actions.all_actions(_known(desk, click.value), page))
    ack()


def _decide(desk: Desk, click: Gesture, decision: Decision) -> None:
    """Whoever comes second is told who came first; whoever may not decide, why."""
    try:
        decided = desk.decide(click.person, click.value, decision)
    except NotAllowed as refusal:
        desk.refuse(click, refusal)
        return
    if decided.missing:
        desk.whisper(click, texts.yes_kept(decided.missing))
    elif not decided.is_new:
        desk.whisper(click, texts.decided_already(decided.approval))
    elif decided.approval.state is ApprovalState.LAPSED:
        desk.whisper(click, texts.put_again())


def _open(desk: Desk, click: Gesture, view: Callable[[Approval], View], *, late: str) -> None:
    """A form about an approval that still waits."""
    approval = desk.record.approval(click.value)
    if approval is None:
        desk.whisper(click, texts.said(texts.NO_SUCH_APPROVAL))
    elif not approval.is_pending:
        desk.whisper(click, texts.decided_already(approval))
    else:
        told = partial(desk.whisper, click, texts.said(late))
        desk.modals.show(click.trigger, lambda: view(approval), late=told)


def _known(desk: Desk, approval_id: str) -> Approval:
    approval = desk.record.approval(approval_id)
    if approval is None:
        raise NotAllowed(texts.NO_SUCH_APPROVAL)
    return approval
