"""Edit… on a checkpoint: which action, its arguments in a form, and what was made of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.domain.approval import Approval
from bot.engine.deciding import Decided
from bot.engine.revising import Editable
from bot.errors import NotAllowed
from bot.slack import parse
from bot.slack.desk import Desk
from bot.slack.parse import Form
from bot.slack.views import checkpoint, edit, loading, texts


def register(app: App, desk: Desk) -> None:
    app.action(checkpoint.APPROVAL_EDIT)(partial(editing, desk))
    app.view(edit.EDIT_WHICH)(partial(chosen, desk))
    app.view(edit.EDIT)(partial(edited, desk))


def editing(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    click = parse.click(body, desk.people)
    approval = desk.record.approval(click.value)
    if approval is None:
        desk.whisper(click, texts.said(texts.NO_SUCH_APPROVAL))
    elif not approval.is_pending:
        desk.whisper(click, texts.decided_already(approval))
    else:
        late = partial(desk.whisper, click, texts.said(texts.TOO_LATE))
        desk.modals.show(click.trigger, lambda: _opened(desk, approval), late=late)
    ack()


def chosen(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    try:
        one = desk.record.editable(form.private, int(form.values[edit.WHICH]))
    except NotAllowed as refusal:
        ack(response_action="errors", errors={edit.WHICH: str(refusal)})
    else:
        ack(response_action="update", view=edit.form(one))


def edited(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    form = parse.form(body, desk.people)
    try:
        one = desk.record.editable(*edit.opened(form.private))
    except NotAllowed as refusal:
        ack(response_action="update", view=loading.notice(str(refusal)))
        return
    try:
        decided = _edited(desk, form, one)
    except NotAllowed as refusal:
        at = edit.at_fault(one, refusal, form.values)
        ack(response_action="errors", errors={at: str(refusal)})
        return
    if decided.is_new:
        ack()
    else:
        ack(
            response_action="update", view=loading.notice(texts.decided_before(decided.approval, "Your edit"))
        )


def _opened(desk: Desk, approval: Approval) -> Any:
    if len(approval.draft.actions) > 1:
        return edit.which(approval)
    return edit.form(desk.record.editable(approval.id, 1))


def _edited(desk: Desk, form: Form, one: Editable) -> Decided:
    given = edit.filled(one, form.values)
    person = form.gesture.person
    return desk.edit(person, one, given)
