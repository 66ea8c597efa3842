"""Answer the open calls of a turn: leading reads side by side, the rest in order, and what asks is put to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import takewhile
from typing import assert_never

from bot.agent import bases, batches, settling
from bot.agent.journal import Journal
from bot.agent.judgement import Invalid, Judgement, Prepared, Unclear
from bot.agent.toolbox import Toolbox
from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.call import Call, Result
from bot.domain.effect import Effect
from bot.domain.verdict import Allow, Ask, Deny
from bot.errors import Asked, Halted, LeftRunning, SignInNeeded, ToolError, Unavailable
from bot.store.calls import CallState, Entry

_SIDE_BY_SIDE = 8

Judged = tuple[Entry, Judgement]
Outcome = Result | Asked | Halted | LeftRunning | SignInNeeded | Unavailable


def give(entries: Sequence[Entry], journal: Journal, toolbox: Toolbox) -> bool:
    """Go as far as is allowed. True when a person must decide before anything more can be done."""
    if any(entry.state is CallState.HELD for entry in entries):
        return True
    for entry in entries:
        found = settling.settle(entry, journal, toolbox) if entry.state is CallState.BEGUN else None
        if found is not None:
            return isinstance(found, Unclear)
    leading = takewhile(lambda one: _is_free_read(*one, toolbox), _judged(entries, toolbox))
    if reads := list(leading):
        return _run_side_by_side(reads, journal, toolbox)
    return _first(entries, journal, toolbox)


def _judged(entries: Sequence[Entry], toolbox: Toolbox) -> Iterator[Judged]:
    return ((entry, toolbox.judge(entry)) for entry in entries)


def _is_free_read(entry: Entry, judgement: Judgement, toolbox: Toolbox) -> bool:
    """Commands of one turn follow each other: the second may rest on what the first left in the folder."""
    is_read = toolbox.does_only(entry.call, Effect.READ)
    return isinstance(judgement, Allow) and is_read and entry.state is CallState.OPEN


def _run_side_by_side(reads: Sequence[Judged], journal: Journal, toolbox: Toolbox) -> bool:
    """Those that ended are answered, also when others were halted or their service is out: these are made again.

    True when one of them asks a person; others that do are made again, too.
    """
    outcomes = _outcomes([entry.call for entry, _ in reads], toolbox)
    answered = [
        (entry, outcome, judgement if isinstance(judgement, Allow) else None)
        for (entry, judgement), outcome in zip(reads, outcomes, strict=True)
        if isinstance(outcome, Result)
    ]
    troubles = [outcome for outcome in outcomes if not isinstance(outcome, Result)]
    if not troubles:
        journal.note(answered)
        return False
    if answered:
        journal.answer(answered)
    for (entry, _), outcome in zip(reads, outcomes, strict=True):
        if isinstance(outcome, Asked):
            settling.put(entry, outcome, journal)
            return True
    raise next((one for one in troubles if not isinstance(one, Unavailable)), troubles[0])


def _outcomes(calls: Sequence[Call], toolbox: Toolbox) -> list[Outcome]:
    if len(calls) == 1:
        return [_outcome(toolbox, calls[0])]
    with ThreadPoolExecutor(min(len(calls), _SIDE_BY_SIDE)) as pool:
        contexts = [copy_context() for _ in calls]  # what is logged there is about this task, too
        return list(pool.map(lambda context, call: context.run(_outcome, toolbox, call), contexts, calls))


def _outcome(toolbox: Toolbox, call: Call) -> Outcome:
    try:
        return toolbox.run(call)
    except (Asked, Halted, LeftRunning, SignInNeeded, Unavailable) as trouble:
        return trouble


def _first(entries: Sequence[Entry], journal: Journal, toolbox: Toolbox) -> bool:
    """The first call alone: what it does may change the verdict on the next. All that ask now are asked together."""
    judgement = toolbox.judge(entries[0])
    if isinstance(judgement, Ask):
        asking = [(one, verdict) for one, verdict in _judged(entries, toolbox) if isinstance(verdict, Ask)]
        return _put(asking, journal, toolbox)
    return _waits(entries[0], judgement, journal, toolbox)


def _waits(
    entry: Entry, judgement: Allow | Deny | Draft | Prepared | Invalid, journal: Journal, toolbox: Toolbox
) -> bool:
    """Give one call its answer. True when a person must decide first."""
    match judgement:
        case Allow():
            return settling.run(entry, judgement, journal, toolbox) is None
        case Prepared():
            return batches.run(entry, journal, toolbox)
        case Draft():
            journal.hold(judgement, [(entry, Ask(rule=10, reason="It was put to a person."))])
            return True
        case Deny():
            journal.refuse(entry, judgement)
        case Invalid(why=why, sources=sources):
            journal.answer([(entry, Result(text=why, is_error=True, sources=sources), None)])
        case _:
            assert_never(judgement)
    return False


def _put(asking: Sequence[tuple[Entry, Ask]], journal: Journal, toolbox: Toolbox) -> bool:
    """True when a person must decide now. What cannot be shown is answered, and the others are looked at anew."""
    actions = []
    for entry, verdict in asking:
        try:
            actions.append(toolbox.action(entry.call, verdict, entry.revision))
        except ToolError as error:
            told = Result(text=str(error), is_error=True, sources=error.sources)
            journal.answer([(entry, told, None)])
            return False
    journal.hold(_held(asking, bases.leaner(actions)), asking)
    return True


def _held(asking: Sequence[tuple[Entry, Ask]], actions: tuple[Action, ...]) -> Draft:
    if any(verdict.before_plan for _, verdict in asking):
        return _plan(actions)
    title = actions[0].preview if len(actions) == 1 else f"{len(actions)} actions need your word"
    return Draft(kind=ApprovalKind.CALLS, title=title, actions=actions)


def _plan(actions: Sequence[Action]) -> Draft:
    """A yes is to the plan: the calls are answered, and made again by the model where they still fit it."""
    lines = [f"- {action.preview}" for action in actions]
    return Draft(
        kind=ApprovalKind.PLAN,
        title="The plan, before anything is done",
        summary="\n".join(["You asked to see the plan first. The next step would be:", *lines]),
    )
