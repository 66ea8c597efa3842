"""A held list of exact calls, or a question, that a person decides once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.asking import Asking, Reply
from bot.domain.basis import Basis
from bot.domain.call import Call
from bot.domain.deciders import Yes
from bot.domain.effect import Access
from bot.domain.influence import Influence
from bot.domain.label import Audience
from bot.domain.person import Person
from bot.domain.revision import Revision

HIDDEN = "Only the requester may read this."


class ApprovalKind(StrEnum):
    """CALLS: calls that policy held. BATCH: a checkpoint's prepared actions. PLAN: a checkpoint without actions.

    QUESTION: words are wanted. FORM: a connector asks, in the middle of a call. OUTCOME: a call was interrupted and may
    already have happened.
    """

    CALLS = "calls"
    BATCH = "batch"
    PLAN = "plan"
    QUESTION = "question"
    FORM = "form"
    OUTCOME = "outcome"


class ApprovalState(StrEnum):
    """LAPSED: nobody answered in time, and a click on it has put it anew. EDITED: put anew with other arguments."""

    PENDING = "pending"
    APPROVED = "approved"
    REDIRECTED = "redirected"
    ANSWERED = "answered"
    STOPPED = "stopped"
    LAPSED = "lapsed"
    EDITED = "edited"


@dataclass(frozen=True, kw_only=True)
class Detail:
    """What a line cannot show of a call. `audience` may read it: the call's own words anyone, what stands now fewer."""

    text: str
    audience: Audience = Audience.ANYONE


@dataclass(frozen=True, kw_only=True)
class Action:
    """One exact call as people see it on the card.

    `detail` is what a line cannot show, such as the text of a file; `about` is what is there now and will be
    replaced or deleted. `basis` is what stood at its places when it was shown: should anything else be there when it
    runs, it is not what was approved. `changed` is what was changed there since it was shown before. `revision` is
    what a person made of the arguments: `call` has them as they would run.
    `accesses` is all that it does to the world; None where that was not kept. `influences` are lines that others
    could have written and that it may come from. `rule` is the row that asks, `inverse` how it would be undone.
    `audience` may read what is shown here of a service.
    """

    call: Call
    preview: str
    reason: str = ""
    detail: str = ""
    about: str = ""
    changed: str = ""
    basis: tuple[Basis, ...] = ()
    revision: Revision | None = None
    accesses: tuple[Access, ...] | None = None
    influences: tuple[Influence, ...] = ()
    rule: int = 0
    inverse: str = ""
    audience: Audience = Audience.ANYONE

    @property
    def withheld(self) -> Action:
        """As those see it who may not read what is shown here of a service: that there is such a call, and no more."""
        call = replace(self.call, input={})
        return Action(call=call, preview=call.tool, detail=HIDDEN, rule=self.rule)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An approval before it is written down. `call_id` is the model's call that put it, "" when policy held several.

    `read` names what the task had read by then that someone else could have written, the oldest first. `asking` is
    what a connector asks, with the replies so far.
    """

    kind: ApprovalKind
    title: str
    summary: str = ""
    actions: tuple[Action, ...] = ()
    options: tuple[str, ...] = ()
    call_id: str = ""
    read: tuple[str, ...] = ()
    asking: Asking | None = None

    @property
    def digest(self) -> str:
        """One digest over every held call, in order."""
        return hashlib.sha256("".join(action.call.digest for action in self.actions).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person said to an approval: `words` are the redirection or the answer.

    `left_out` are the numbers (from 1) of the actions that an approval does not hold for. `is_kind`: it holds for
    all of their kind in this task, too. `reply` is what the words come to as an answer to a connector.
    """

    state: ApprovalState
    words: str = ""
    left_out: tuple[int, ...] = ()
    is_kind: bool = False
    reply: Reply | None = None


@dataclass(frozen=True, kw_only=True)
class Approval:
    """`digest` is over all that was shown. From `expires_at` on it can be redirected and stopped, not approved.

    `has_lapsed`: that was told. `nudges` counts how often people were told that it waits. `said_yes` are those
    who agreed so far: it may take several.
    """

    id: str
    task_id: int
    draft: Draft
    digest: str
    created_at: datetime
    state: ApprovalState = ApprovalState.PENDING
    words: str = ""
    decided_by: Person | None = None
    decided_at: datetime | None = None
    left_out: tuple[int, ...] = ()
    expires_at: datetime | None = None
    has_lapsed: bool = False
    nudges: int = 0
    said_yes: tuple[Yes, ...] = ()

    @property
    def kept(self) -> Draft:
        """The draft without what was left out: its digest is that of what was approved."""
        numbered = enumerate(self.draft.actions, 1)
        actions = tuple(action for number, action in numbered if number not in self.left_out)
        return replace(self.draft, actions=actions)

    @property
    def without(self) -> tuple[Action, ...]:
        """The actions that were left out."""
        return tuple(self.draft.actions[number - 1] for number in self.left_out)

    def for_others(self) -> Approval:
        """As everybody but the requester sees it.

        A title says what its only action says. What was interrupted, and a plan of held calls, are kept without who
        may read them: then nobody else does.
        """
        draft, hidden = self.draft, [one.audience is Audience.REQUESTER for one in self.draft.actions]
        is_untold = draft.kind is ApprovalKind.OUTCOME or (
            draft.kind is ApprovalKind.PLAN and not draft.call_id
        )
        if not (is_untold or any(hidden)):
            return self
        actions = tuple(
            one.withheld if is_untold or is_hidden else one
            for one, is_hidden in zip(draft.actions, hidden, strict=True)
        )
        title = f"{draft.kind.capitalize()}: {', '.join(one.call.tool for one in actions[:5]) or 'a plan'}"
        return replace(self, draft=replace(draft, title=title, summary=HIDDEN, actions=actions))

    def is_over(self, now: datetime) -> bool:
        """It can not be approved any more."""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def is_pending(self) -> bool:
        return self.state is ApprovalState.PENDING

    @property
    def wants_words(self) -> bool:
        """A reply in the thread answers it, where otherwise a reply redirects."""
        return self.draft.kind in (ApprovalKind.QUESTION, ApprovalKind.FORM)
