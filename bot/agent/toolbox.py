"""The tools of one task behind its policy: what a call would do, whether it may, and doing it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from bot import crossing
from bot.agent import aside, bases, origin, reach, revised
from bot.agent.aside import Halting, Hands, unheard
from bot.agent.bases import Noted
from bot.agent.judgement import Invalid, Judgement, Prepared, Standing, Unclear
from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.brief import Brief
from bot.domain.call import Call, Result
from bot.domain.destination import Origins
from bot.domain.effect import Access, Effect, services_of
from bot.domain.grant import Grants, KindGrant
from bot.domain.label import Label, Seen
from bot.domain.pin import Pin
from bot.domain.revision import Revision
from bot.domain.verdict import Allow, Ask, Deny, Verdict
from bot.errors import Asked, Drifted, Halted, LeftRunning, SignInNeeded, ToolError, Unavailable
from bot.policy.check import check
from bot.sdk.tool import Tool
from bot.store.calls import CallState, Entry

logger = logging.getLogger(__name__)


Guard = Callable[[str], AbstractContextManager[None]]
"""Stands before a call to a service: it may say at once that the service is out."""


class Toolbox:
    """`desk` is what the tools work with: the workspace of this task. `patience` is what a halted call is given.

    `effect_id` is what a call is known by outside. `beside` gives the calls of the same turn or batch, in order.
    `brief` is what the requester's words fix now: they may have said something since the task was taken up. `seen` is
    what the task has seen by now, earlier in the same turn too; `said` are the requester's own words so far, `granted`
    what was granted of services and connectors.
    """

    def __init__(
        self,
        tools: Mapping[str, Tool],
        desk: Any,
        standing: Standing,
        *,
        faults_in_batch: Callable[[Any, Sequence[Call]], str],
        halting: Halting = unheard,
        guard: Guard = lambda _: nullcontext(),
        patience: float = aside.PATIENCE,
        hands: Hands | None = None,
        effect_id: Callable[[Call], str] = lambda call: call.id,
        beside: Callable[[Entry], Sequence[Entry]] = lambda _: (),
        brief: Callable[[], Brief] | None = None,
        seen: Callable[[], Seen] = Seen,
        kinds: Callable[[], tuple[KindGrant, ...]] = tuple,
        said: Callable[[], tuple[str, ...]] = tuple,
        granted: Callable[[], Grants] = Grants,
    ) -> None:
        self._tools = tools
        self._desk = desk
        self._standing = standing
        self._faults_in_batch = faults_in_batch
        self._halting = halting
        self._guard = guard
        self._patience = patience
        self._hands = hands or Hands()
        self._effect_id = effect_id
        self._beside = beside
        self._kinds = kinds
        self._said = said
        self._granted = granted
        self._brief = brief or (lambda: standing.brief)
        self._seen = seen
        self._noted: dict[str, Noted] = {}
        self._changed: dict[str, str] = {}

    def judge(self, entry: Entry) -> Judgement:
        """A verdict; or the draft of an approval where the tool itself asks a person.

        An approved call whose basis was changed is asked for again, whatever policy would say of it; and so is one
        whose arguments a person changed.
        """
        return revised.asked_anew(entry, self._judged(entry))

    def _judged(self, entry: Entry) -> Judgement:
        approved = frozenset({entry.digest}) if _is_approved(entry) else frozenset[str]()
        try:
            tool, arguments = self._opened(entry.call)
            if tool.put is not None and entry.state is CallState.APPROVED:
                return Prepared()
            if tool.put is not None:
                return self._draft(entry.call, revised.applied(tool.put(**arguments), entry.revisions))
            with self._halting(True) as halt:
                desk = self._desk.under(halt)
                accesses = tool.accesses(desk, **arguments)
                changes = self._changes(entry, desk, accesses) if approved else ""
            if not approved:
                self._noted[entry.call.id] = bases.of_new(accesses)
            verdict = self._verdict(entry.call, accesses, frozenset() if changes else approved)
            return Ask(rule=5, reason=changes) if changes and not isinstance(verdict, Deny) else verdict
        except ToolError as error:
            return Invalid(why=str(error), sources=error.sources)

    def run(self, call: Call) -> Result:
        """Make the call, and say where what comes back is from. What goes wrong for the model to mend is a result.

        So does a fault of ours in a call that changes nothing: the task can do without it. A fault in one that
        does is raised, since what it did is not known. `Unavailable` is raised, `Halted` or `LeftRunning` when
        the call was to end, and `Drifted` when it is no longer what a person was shown.
        """
        sources = origin.sources(call, self._opened, self._desk)
        return origin.placed(self._tried(call), sources, call, self._opened, self._desk)

    def pin(self, call: Call) -> Pin | None:
        """As what a call of a connector is made: the same that its result says."""
        return origin.pin(call, self._opened)

    def settled(self, call: Call) -> Result | Unclear | None:
        """After a crash: what came of the call; None when it did not happen, or may simply be made again."""
        try:
            tool, arguments = self._opened(call)
            if tool.settled is not None:
                with self._halting(True) as halt, self._guarded(tool):
                    found = tool.settled(self._desk.under(halt, self._effect_id(call)), **arguments)
                if found is None:
                    return None
                sources = origin.sources(call, self._opened, self._desk)
                return origin.placed(found, sources, call, self._opened, self._desk)
            if tool.is_keyed or self.is_harmless(call):
                return None
            return Unclear(why=f"{tool.name} was interrupted, and the service cannot be asked.")
        except ToolError as error:
            return Unclear(why=str(error))

    def is_harmless(self, call: Call) -> bool:
        """It changes nothing outside the task: it may run again."""
        return self.does_only(call, Effect.READ, Effect.EXECUTE)

    def does_only(self, call: Call, *effects: Effect) -> bool:
        """It has no other effect than these; or it cannot be made, and so has none."""
        try:
            noted = self._noted.get(call.id)
            accesses = self._accesses(call) if noted is None else noted.accesses
        except ToolError:
            return True
        return all(access.effect in effects for access in accesses)

    def preview(self, call: Call) -> str:
        """The call in words for people; wrong calls are shown as they are."""
        try:
            tool, arguments = self._opened(call)
            return tool.preview(self._desk, **arguments)
        except (ToolError, SignInNeeded, Unavailable):
            return call.tool

    def objection(self, call: Call) -> str:
        """Why this call could not even be asked for; "" where it can be. For what a person made of a call."""
        try:
            tool, arguments = self._opened(call)
            if tool.put is not None:
                return f"{tool.name} only asks people, and cannot be edited."
            verdict = self._verdict(call, tool.accesses(self._desk, **arguments), frozenset())
        except ToolError as error:
            return str(error)
        return verdict.reason if isinstance(verdict, Deny) else ""

    def action(self, call: Call, verdict: Verdict, revision: Revision | None = None) -> Action:
        """The call as a person is to see it before deciding. Raises `ToolError` for one that cannot be made."""
        tool, arguments = self._opened(call)
        with self._halting(True) as halt:
            desk = self._desk.under(halt)
            accesses = tool.accesses(desk, **arguments)
            basis = bases.of(desk, accesses)
            detail = tool.detailed(desk, **arguments)
        inverse = bases.inverse(tool, self._desk, arguments, accesses)
        return Action(
            call=call,
            preview=tool.preview(self._desk, **arguments) + (" (cannot be undone)" if inverse == "" else ""),
            reason="" if isinstance(verdict, Allow) else verdict.reason,
            detail=detail.text,
            audience=detail.audience,
            about=bases.about(tool.name, basis, accesses),
            changed=self._changed.pop(call.id, ""),
            inverse=inverse or "",
            basis=basis,
            revision=revision,
            accesses=accesses,
            rule=verdict.rule,
        )

    def _tried(self, call: Call) -> Result:
        is_read = self.is_harmless(call)
        noted = self._noted.pop(call.id, Noted(basis=(), is_approved=False, accesses=()))
        try:
            return self._made(call, noted, is_read=is_read)
        except Drifted as drift:
            if noted.is_approved:
                raise
            return Result(text=str(drift), is_error=True)
        except ToolError as error:
            return Result(text=str(error), is_error=True, sources=error.sources)
        except (Asked, Unavailable, SignInNeeded, Halted, LeftRunning):
            raise
        except Exception:
            if not is_read:
                raise
            logger.exception("%s failed with %s", call.tool, call.id)
            return Result(
                text=f"{call.tool} failed by a fault of Cowork's. Do without it, and say so.", is_error=True
            )

    def _made(self, call: Call, noted: Noted, *, is_read: bool) -> Result:
        tool, arguments = self._opened(call)
        with self._halting(is_read) as halt, self._guarded(tool), crossing.outside(f"tool.{tool.name}"):
            halt.check()
            desk = self._desk.under(halt, self._effect_id(call), noted.basis)
            act = functools.partial(tool.function, desk, **arguments)
            return self._hands.make(act, halt, patience=self._patience)

    def _guarded(self, tool: Tool) -> AbstractContextManager[None]:
        return self._guard(tool.service) if tool.service else nullcontext()

    def _changes(self, entry: Entry, desk: Any, accesses: Sequence[Access]) -> str:
        """What was changed since a person was shown this call, in words; what was not must still be so when it runs.

        What the task itself did since then, in the same turn or batch, is no change: that was shown, too.
        """
        standing, drifts = entry.basis, bases.drifted(desk, entry.basis, accesses)
        if drifts:
            made = bases.made_since(entry, self._beside(entry))
            standing = bases.without(standing, bases.touched(made, self._accesses))
            drifts = [(was, drift) for was, drift in drifts if was in standing]
        self._noted[entry.call.id] = Noted(basis=standing, is_approved=True, accesses=tuple(accesses))
        differences = (drift.difference for _, drift in drifts if drift.difference)
        self._changed[entry.call.id] = "\n\n".join(differences)
        return " ".join(drift.what for _, drift in drifts)

    def _accesses(self, call: Call) -> tuple[Access, ...]:
        tool, arguments = self._opened(call)
        return tool.accesses(self._desk, **arguments)

    def _opened(self, call: Call) -> tuple[Tool, dict[str, Any]]:
        tool = self._tools.get(call.tool)
        if tool is None:
            raise ToolError(
                f"There is no tool {call.tool!r} here. Use one of: {', '.join(sorted(self._tools))}."
            )
        return tool, tool.parsed(call)

    def _verdict(self, call: Call, accesses: tuple[Access, ...], approved: frozenset[str]) -> Verdict:
        standing, seen, brief = self._standing, self._seen(), self._brief()
        outside = self._granted() if services_of(accesses) else Grants()
        targets = origin.targets(call, self._opened, self._desk) if Label.UNTRUSTED in seen.labels else ()
        if any(access.is_deep for access in accesses):
            with self._halting(True) as halt:
                accesses = tuple(reach.in_full(self._desk.under(halt), accesses, brief))
        return check(
            call,
            accesses,
            brief=brief,
            grants=standing.grants.besides(outside, kinds=self._kinds()),
            autonomy=standing.autonomy,
            labels=seen.labels,
            read=seen.untrusted,
            approved=approved,
            targets=targets,
            origins=Origins(said=self._said() if targets else (), issued=seen.issued),
        )

    def _draft(self, call: Call, draft: Draft) -> Draft | Invalid | Deny:
        """The draft with its actions checked and shown: what could not run is refused before anyone is asked."""
        actions = []
        for number, action in enumerate(draft.actions, 1):
            held = Call(id=f"{call.id}.{number}", tool=action.call.tool, input=action.call.input)
            tool, arguments = self._opened(held)
            if tool.put is not None:
                return Invalid(why=f"Action {number}: {tool.name} cannot be part of a checkpoint.")
            verdict = self._verdict(held, tool.accesses(self._desk, **arguments), frozenset())
            if isinstance(verdict, Deny):  # and what it would touch is not looked at
                what = tool.preview(self._desk, **arguments)
                return Deny(rule=verdict.rule, reason=f"Action {number} ({what}): {verdict.reason}")
            actions.append(self.action(held, verdict, action.revision))
        if faults := self._faults_in_batch(self._desk, [action.call for action in actions]):
            return Invalid(why=faults)
        kind = ApprovalKind.BATCH if actions else draft.kind
        return replace(draft, kind=kind, actions=bases.leaner(actions), call_id=call.id)


def _is_approved(entry: Entry) -> bool:
    """A person said yes to it: not begun yet, or interrupted and found not to have happened."""
    return entry.state is CallState.APPROVED or (entry.state is CallState.BEGUN and bool(entry.approval_id))
