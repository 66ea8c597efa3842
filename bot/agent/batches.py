"""An approved checkpoint: exactly its calls, in order, with no further turn of the model, to the first failure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.agent import bases, revised, settling
from bot.agent.journal import Journal
from bot.agent.judgement import Unclear
from bot.agent.toolbox import Toolbox
from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.call import Result
from bot.domain.verdict import Allow, Ask, Deny
from bot.errors import ToolError
from bot.store.calls import CallState, Entry

_FIRST_LINES = 200
_LAST_LINES = 20

LAPSED = "Nobody had answered in time, so it is put to you as it would be now."
LEFT_OUT = "Left out"
FOLLOWS = "It comes after what is asked again."


def run(checkpoint: Entry, journal: Journal, toolbox: Toolbox) -> bool:
    """Run what is left of the batch, then answer the checkpoint. True when a person must decide first."""
    entries = journal.batch(checkpoint)
    for at, entry in enumerate(entries):
        failed = entry.is_error
        if not entry.state.has_answer:
            result = answered(entries, at, journal, toolbox)
            if result is None:
                return True
            failed = result.is_error
        if failed:
            break
        if journal.stopped_by() or journal.is_parking():
            return False
    journal.answer([(checkpoint, _report(checkpoint, journal.batch(checkpoint)), None)])
    return False


def answered(entries: Sequence[Entry], at: int, journal: Journal, toolbox: Toolbox) -> Result | None:
    """One action of the batch; None when a person must decide first, on it and on the rest."""
    entry = entries[at]
    if entry.state is CallState.HELD:
        return None
    found = settling.settle(entry, journal, toolbox) if entry.state is CallState.BEGUN else None
    if found is not None:
        return None if isinstance(found, Unclear) else found
    match toolbox.judge(entry):
        case Allow() | Ask(pause=False) if entry.state is CallState.OPEN:
            _put_anew(entries, at, Ask(rule=5, reason=_again(entries[at:])), journal, toolbox)
            return None
        case Ask(rule=5) as verdict:
            _put_anew(entries, at, verdict, journal, toolbox)
            return None
        case Allow() as verdict:
            return settling.run(entry, verdict, journal, toolbox)
        case judgement:
            denied = _no_longer(judgement)
            journal.refuse(entry, denied)
            return Result(text=denied.reason, is_error=True)


def when_stopped(text: str, entries: Sequence[Entry]) -> str:
    """What is said of a batch that was stopped: `text`, and what of it had been begun by then."""
    begun = [entry for entry in entries if entry.state.has_answer or entry.is_unknown]
    if not begun:
        return text
    lines = [f"{text} Before that {len(begun)} of {len(entries)} actions were begun:", *_lines(entries)]
    if len(begun) < len(entries):
        lines.append(f"{len(begun) + 1}–{len(entries)} not run.")
    return "\n".join(lines)


def _put_anew(entries: Sequence[Entry], at: int, verdict: Ask, journal: Journal, toolbox: Toolbox) -> None:
    """This one and what follows are asked for again, as they are now; what was done before stands."""
    asking = [(entries[at], verdict), *((one, _why(one, toolbox)) for one in entries[at + 1 :])]
    actions = bases.leaner([_shown(one, why, toolbox) for one, why in asking])
    title = actions[0].preview if len(actions) == 1 else f"{len(actions):,} actions are put to you again"
    done = sum(entry.state is CallState.ANSWERED for entry in entries[:at])
    stands = f" {done:,} of {len(entries):,} actions were done before and stand." if done else ""
    summary = f"{verdict.reason}{stands}"
    journal.hold(Draft(kind=ApprovalKind.CALLS, title=title, summary=summary, actions=actions), asking)


def _again(entries: Sequence[Entry]) -> str:
    """Why approved actions are open again: somebody changed one of them, or nobody had answered."""
    changed = (one.revision for one in entries if one.revision is not None and one.state is CallState.OPEN)
    revision = next(changed, None)
    return LAPSED if revision is None else revised.why(revision)


def _why(entry: Entry, toolbox: Toolbox) -> Ask:
    judgement = toolbox.judge(entry)
    if isinstance(judgement, Ask) and judgement.rule == 5:
        return judgement
    return Ask(rule=5, reason=FOLLOWS)


def _shown(entry: Entry, verdict: Ask, toolbox: Toolbox) -> Action:
    try:
        return toolbox.action(entry.call, verdict, entry.revision)
    except ToolError:  # it cannot be looked at before the one ahead of it was done
        return Action(
            call=entry.call,
            preview=entry.preview,
            reason=verdict.reason,
            basis=entry.basis,
            revision=entry.revision,
        )


def _no_longer(judgement: object) -> Deny:
    """What was approved may not run any more: it is not the approved call, or what it touches has changed."""
    if isinstance(judgement, Deny):
        return judgement
    reason = getattr(judgement, "reason", "") or getattr(judgement, "why", "")
    if getattr(judgement, "sources", ()):  # words of a service
        reason = "It cannot be made any more."
    return Deny(rule=5, reason=f"It is no longer what was approved. {reason}".strip())


def _report(checkpoint: Entry, entries: Sequence[Entry]) -> Result:
    done = [entry for entry in entries if entry.state is CallState.ANSWERED and not entry.is_error]
    failed = next((number for number, entry in enumerate(entries, 1) if entry.is_error), None)
    changed = revised.of_batch(entries)
    said = f"{checkpoint.text}\n{changed}\n" if changed else f"{checkpoint.text} "
    start = f"{said}Ran {len(done)} of {len(entries)} actions"
    lines = [f"{start}:" if failed is None else f"{start}, then stopped at a failure:"]
    lines += _lines(entries)
    if failed is not None and failed < len(entries):
        lines.append(f"{failed + 1}–{len(entries)} not run.")
    return Result(text="\n".join(lines), is_error=failed is not None)


def _lines(entries: Sequence[Entry]) -> list[str]:
    """A line per action; of very many only the first and the last, since all the others went well."""
    lines = _every_line(entries)
    left_out = len(lines) - _FIRST_LINES - _LAST_LINES
    if left_out <= 0:
        return lines
    return [*lines[:_FIRST_LINES], f"… {left_out:,} more, all ok", *lines[-_LAST_LINES:]]


def _every_line(entries: Sequence[Entry]) -> list[str]:
    lines = []
    for number, entry in enumerate(entries, 1):
        if entry.state is CallState.REFUSED:
            lines.append(f"{number}. {entry.text}")
        elif entry.state.has_answer:
            lines.append(f"{number}. {'failed' if entry.is_error else 'ok'}  {entry.text}")
        elif entry.is_unknown:
            lines.append(f"{number}. unknown  {entry.preview}")
    return lines
