"""A screen on which a rule gives the answers, or a person whose time is counted apart from the work's."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum

from bot.cli.screen import Busy, Screen
from bot.domain.approval import Approval, ApprovalKind
from bot.domain.clock import uptime
from bot.domain.effect import Realm
from bot.domain.event import Event
from bot.domain.snapshot import Snapshot

WITHIN = (Realm.FOLDER, Realm.SANDBOX)
"""Where what a rule may approve is done: in the copies, and in what is walled off."""

DECIDE = "Decide that yourself, by what you found, and say in the end what you chose."


class Rule(StrEnum):
    """ALL: a yes to whatever stays in the copies. NONE: the first request ends the task. ASK: a person answers."""

    ALL = "all"
    NONE = "none"
    ASK = "ask"


class RuledScreen:
    """`shown` is where people follow it, if they do; `waited` is how many seconds a person took to answer."""

    def __init__(self, rule: Rule, shown: Screen | None) -> None:
        self._rule = rule
        self._shown = shown
        self.waited = 0.0

    def opening(self, snapshot: Snapshot, *, is_resumed: bool) -> None:
        if self._shown is not None:
            self._shown.opening(snapshot, is_resumed=is_resumed)

    def news(self, event: Event) -> None:
        if self._shown is not None:
            self._shown.news(event)

    def ask(self, approval: Approval) -> str | None:
        if self._rule is Rule.ASK and self._shown is not None:
            since = uptime()
            answer = self._shown.ask(approval)
            self.waited += uptime() - since
            return answer
        answer = answered(approval, self._rule)
        self.say(f"Asked: {approval.draft.title} → {answer} (by --approve {self._rule})")
        return answer

    def say(self, text: str) -> None:
        if self._shown is not None:
            self._shown.say(text)

    def busy(self) -> AbstractContextManager[Busy]:
        return nullcontext(lambda _: None) if self._shown is None else self._shown.busy()

    def kept(self, task_id: int, why: str, command: str) -> None:
        if self._shown is not None:
            self._shown.kept(task_id, why, command)

    def result(self, snapshot: Snapshot) -> None:
        if self._shown is not None:
            self._shown.result(snapshot)


def answered(approval: Approval, rule: Rule) -> str:
    """By rule nothing is approved that leaves the copies, and nothing claimed of what nobody looked at."""
    draft = approval.draft
    if rule is not Rule.ALL or draft.kind is ApprovalKind.OUTCOME:
        return "stop"
    if draft.kind is ApprovalKind.QUESTION:
        return draft.options[0] if draft.options else DECIDE
    stays = all(
        action.accesses is not None and all(one.resource.realm in WITHIN for one in action.accesses)
        for action in draft.actions
    )
    return "approve" if stays else "stop"
