"""Who may decide, as people in Slack are called: by mention, so that they are notified."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slack_sdk.models.blocks import Block

from bot.domain.approval import Approval
from bot.domain.deciders import Authority, Deciders
from bot.domain.task import Task
from bot.policy import approvers
from bot.policy.approvers import Missing
from bot.slack.views import pieces, words

Mention = Callable[[str], str]
"""A user group, by its id or @handle, in mrkdwn."""

_MOST = 10


def missing(approval: Approval, task: Task, authority: Authority) -> tuple[Missing, ...]:
    return approvers.missing(approvers.needed(approval.draft, task, authority), approval.said_yes, task)


def takes(approval: Approval, task: Task, authority: Authority, mention: Mention) -> str:
    """Whose yes it takes, in mrkdwn; "" where the requester's own is enough, as it usually is."""
    needs = approvers.needed(approval.draft, task, authority)
    if approvers.is_usual(needs):
        return ""
    still = missing(approval, task, authority)
    return " and ".join(dict.fromkeys(_whom(one, task, mention) for one in still))


def asked(approval: Approval, task: Task, takes: str) -> list[Block]:
    """On the request: who agreed so far, and whom it still takes."""
    agreed = f"✅ Approved by {together(approval)} · still needed: {takes}"
    said = agreed if approval.said_yes else f"It takes {takes}."
    unseen = "They cannot see this conversation: send the goal again in a channel that they are in."
    is_direct = task.place.channel.startswith("D")
    return [pieces.section(said), *([pieces.aside(unseen)] if is_direct else [])]


def together(approval: Approval) -> str:
    """All who agreed."""
    return " and ".join(words.person(yes.person) for yes in approval.said_yes)


def is_for_requester(approval: Approval, task: Task, authority: Authority) -> bool:
    return any(one.deciders.requester for one in missing(approval, task, authority))


def others(approval: Approval, task: Task, authority: Authority, mention: Mention) -> str:
    """All but the requester who can decide it, in mrkdwn."""
    called = [who for one in missing(approval, task, authority) for who in _others(one.deciders, mention)]
    return " ".join(dict.fromkeys(called))


def _whom(one: Missing, task: Task, mention: Mention) -> str:
    asked = [words.person(task.person)] if one.deciders.requester else []
    who = " or ".join([*asked, *_others(one.deciders, mention)])
    people = f"{one.people} people of: " if one.people > 1 else ""
    return f"{people}{who}{approvers.besides_self(one.deciders)}"


def _others(deciders: Deciders, mention: Mention) -> Sequence[str]:
    named = [f"<@{user}>" for user in sorted(deciders.users)[:_MOST]]
    groups = [mention(group) for group in sorted(deciders.groups)]
    return [*named, *groups, *(["a workspace admin"] if deciders.admins else [])]
