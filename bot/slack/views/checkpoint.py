"""The checkpoint message: exactly what is asked, and after the decision who decided it."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, MarkdownBlock
from slack_sdk.models.blocks.block_elements import RichTextElement

from bot.domain.approval import Action, Approval, ApprovalKind
from bot.domain.task import Task
from bot.policy.links import links_in
from bot.slack import escape, fit
from bot.slack.views import (
    choose,
    decided,
    deciders,
    edit,
    kinds,
    pieces,
    places,
    questions,
    reasons,
    revised,
    words,
)
from bot.slack.views.behind import behind
from bot.slack.views.decided import ACTIONS_SHOWN, PREVIEW
from bot.slack.views.message import Message

APPROVAL_APPROVE = "approval_approve"
APPROVAL_REDIRECT = "approval_redirect"
APPROVAL_STOP = "approval_stop"
APPROVAL_OPTION = "approval_option"
APPROVAL_ALL = "approval_all"
APPROVAL_CHOOSE = "approval_choose"
APPROVAL_EDIT = "approval_edit"

CHOOSE = "Choose…"
EDIT = "Edit…"
ASK_AGAIN = "Ask again"

OUTCOME_OPTIONS = ("It happened", "Run again")

OPTIONS_SHOWN = 20
SUMMARY, DETAIL = 3_000, 1_500
LABEL = 75
HEADER = 150
SAID_BELOW = 75


def checkpoint(approval: Approval, task: Task, *, takes: str = "") -> Message:
    """What a person is asked. Once decided: the same message without buttons, and the decision.

    `takes` says in mrkdwn whose yes it takes, where the requester's own is not enough.
    """
    kind = kinds.offer(approval, task, takes=takes)
    blocks = [
        *_title(approval),
        *(questions.asked(approval) if approval.draft.asking else _summary(approval, task)),
        *_actions(approval.draft.actions),
        *revised.changed(approval.draft.actions),
        *_changed(approval.draft.actions),
        *reasons.asked(approval.draft.actions),
        *reasons.inverses(approval.draft.actions),
        *behind(approval.draft),
        *_choices(approval),
        *(_ask(approval) if approval.is_pending else decided.decision(approval)),
        *_digest(approval),
        *(deciders.asked(approval, task, takes) if takes else []),
        *kinds.meaning(kind),
        *(pieces.buttons(_buttons(approval, kind)) if approval.is_pending else []),
    ]
    return fit.fit(Message(_fallback(approval, task), blocks))


def options(approval: Approval) -> tuple[str, ...]:
    """The answers its option buttons stand for: button n answers `options(approval)[n]`."""
    offered = approval.draft.options
    if approval.draft.kind is ApprovalKind.OUTCOME:
        offered = tuple(answer for answer in offered if answer != pieces.STOP) or OUTCOME_OPTIONS
    return offered[:OPTIONS_SHOWN]


def _title(approval: Approval) -> list[Block]:
    """The title; below its beginning the whole of one that a header is too short for. A long question is said once.

    What the one action below says again is a heading by its beginning alone.
    """
    title = escape.exact(approval.draft.title) or "Checkpoint"
    if [approval.draft.title] == [action.preview for action in approval.draft.actions]:
        return [pieces.header(fit.clip(escape.line(title), SAID_BELOW))]
    if len(escape.line(title)) <= HEADER or approval.draft.actions:
        return [pieces.header(title)]
    said = "A question" if approval.draft.kind is ApprovalKind.QUESTION else title
    return [pieces.header(said), pieces.literal(title)]


def _summary(approval: Approval, task: Task) -> list[Block]:
    summary = fit.clip(approval.draft.summary.strip(), SUMMARY)
    return (
        [MarkdownBlock(text=escape.markdown(summary, links_in([task.goal])))]
        if escape.visible(summary).strip()
        else []
    )


def _actions(actions: Sequence[Action]) -> list[Block]:
    if not actions:
        return []
    folder = places.shared_folder(actions)
    previews = [escape.exact(places.within(action, folder)) for action in actions[:ACTIONS_SHOWN]]
    shown = [
        [pieces.words(fit.clip(escape.line(preview), PREVIEW)), *_about(action)]
        for action, preview in zip(actions, previews, strict=False)
    ]
    more = len(actions) - len(shown)
    note = [pieces.aside(f"and {more:,} more")] if more else []
    return [
        pieces.section(f"*{words.count(len(actions), 'action')}*{_in(folder)}"),
        pieces.rich_list(shown, first=1),
        *note,
        *_detail(actions),
    ]


def _about(action: Action) -> list[RichTextElement]:
    """What is there now and will not be any more."""
    return [pieces.words(f" · {escape.line(action.about)}", italic=True)] if action.about else []


def _changed(actions: Sequence[Action]) -> list[Block]:
    """What somebody changed since it was asked before, line by line."""
    found = "\n\n".join(action.changed for action in actions if action.changed)
    return [pieces.verbatim(fit.clip(escape.exact(found), DETAIL))] if found.strip() else []


def _detail(actions: Sequence[Action]) -> list[Block]:
    """What a single action writes, as it is; those of several are under "Show all"."""
    if len(actions) != 1 or not actions[0].detail.strip():
        return []
    return [pieces.verbatim(fit.clip(escape.exact(actions[0].detail), DETAIL))]


def _in(folder: str) -> str:
    return (
        f" in {fit.clip(escape.mrkdwn_line(escape.exact(folder)), PREVIEW, is_mrkdwn=True)}" if folder else ""
    )


def _choices(approval: Approval) -> list[Block]:
    """The options in full, where a button is too short for one of them."""
    offered = options(approval) if approval.is_pending else ()
    if all(len(escape.line(answer)) <= LABEL for answer in offered):
        return []
    shown = [[pieces.words(fit.clip(escape.line(answer), PREVIEW))] for answer in offered]
    return [pieces.rich_list(shown, first=1)]


def _ask(approval: Approval) -> list[Block]:
    if approval.has_lapsed:
        since = f" until {words.moment(approval.expires_at)}" if approval.expires_at else ""
        return [
            pieces.section(
                f"⌛ *Nobody answered{since}.* Nothing of this has been done, and nothing was refused."
            ),
            pieces.aside(
                f"{ASK_AGAIN} puts it to you as things stand now. A reply in this thread redirects it."
            ),
        ]
    match approval.draft.kind:
        case ApprovalKind.QUESTION if approval.draft.options:
            return [pieces.aside("Choose one, or reply in this thread in your own words.")]
        case ApprovalKind.QUESTION:
            return [pieces.aside("Reply in this thread to answer.")]
        case ApprovalKind.FORM:
            return [pieces.aside(questions.warning(approval))]
        case ApprovalKind.OUTCOME:
            return [
                pieces.aside(
                    "It may already have happened. If it did, I go on; otherwise I can run it again."
                )
            ]
        case ApprovalKind.CALLS | ApprovalKind.BATCH:
            return [pieces.aside("Nothing of this has been done yet. A reply in this thread redirects it.")]
        case ApprovalKind.PLAN:
            return [pieces.aside("A reply in this thread redirects it.")]


def _digest(approval: Approval) -> list[Block]:
    """What ties the decision to these exact calls."""
    if not approval.draft.actions:
        return []
    digest = approval.kept.digest if approval.left_out else approval.digest
    is_open = approval.is_pending and approval.expires_at is not None and not approval.has_lapsed
    until = f" · until {words.moment(approval.expires_at)}" if is_open and approval.expires_at else ""
    what = "Exactly the others" if approval.left_out else "Exactly these actions"
    return [pieces.aside(f"{what}, digest `{escape.mrkdwn_line(digest[:12])}`{until}")]


def _buttons(approval: Approval, kind: kinds.Offer) -> list[ButtonElement]:
    match approval.draft.kind:
        case ApprovalKind.FORM:
            return [*questions.buttons(approval), _button(approval, pieces.STOP, APPROVAL_STOP)]
        case ApprovalKind.QUESTION | ApprovalKind.OUTCOME:
            return [*_option_buttons(approval), _button(approval, pieces.STOP, APPROVAL_STOP)]
        case ApprovalKind.CALLS | ApprovalKind.BATCH | ApprovalKind.PLAN:
            return [
                _button(
                    approval,
                    ASK_AGAIN if approval.has_lapsed else pieces.APPROVE,
                    APPROVAL_APPROVE,
                    style="primary",
                ),
                *([_button(approval, kinds.APPROVE_KIND, kinds.APPROVAL_KIND)] if kind else []),
                _button(approval, pieces.REDIRECT, APPROVAL_REDIRECT),
                _button(approval, pieces.STOP, APPROVAL_STOP),
                *_edit(approval),
                *_choose(approval),
                *_show_all(approval),
            ]


def _option_buttons(approval: Approval) -> list[ButtonElement]:
    return [
        _button(
            approval,
            answer if escape.line(answer) else f"Option {at + 1}",
            pieces.numbered(APPROVAL_OPTION, at),
        )
        for at, answer in enumerate(options(approval))
    ]


def _edit(approval: Approval) -> list[ButtonElement]:
    is_offered = edit.can_edit(approval) and not approval.has_lapsed
    return [_button(approval, EDIT, APPROVAL_EDIT)] if is_offered else []


def _choose(approval: Approval) -> list[ButtonElement]:
    is_offered = choose.can_choose(approval) and not approval.has_lapsed
    return [_button(approval, CHOOSE, APPROVAL_CHOOSE)] if is_offered else []


def _show_all(approval: Approval) -> list[ButtonElement]:
    """For what the message does not show whole: more than ten actions, or a long one."""
    actions = approval.draft.actions
    if len(actions) <= ACTIONS_SHOWN and all(map(_is_shown_whole, actions)):
        return []
    return [_button(approval, f"Show all {len(actions):,}", APPROVAL_ALL)]


def _is_shown_whole(action: Action) -> bool:
    return len(escape.line(escape.exact(action.preview))) <= PREVIEW and not action.detail.strip()


def _button(approval: Approval, label: str, action_id: str, *, style: str | None = None) -> ButtonElement:
    return pieces.button(label, action_id, approval.id, style=style)


def _fallback(approval: Approval, task: Task) -> str:
    asked = fit.clip(escape.mrkdwn_line(approval.draft.title or "Checkpoint"), 200, is_mrkdwn=True)
    if not approval.is_pending:
        return f"{decided.DECIDED[approval.state].split(' ', 1)[1]}: {asked}"
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    return f"Your decision is needed: {asked} ({goal})"
