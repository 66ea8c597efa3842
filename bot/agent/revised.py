"""Calls whose arguments a person changed: shown anew before anything, and the model is told what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.agent.judgement import Judgement
from bot.domain.approval import Action, Draft
from bot.domain.call import Call
from bot.domain.revision import Revision
from bot.domain.verdict import Allow, Ask
from bot.store.calls import CallState, Entry


def asked_anew(entry: Entry, judgement: Judgement) -> Judgement:
    """What a person changed is put to people as it is now, also where policy would let it pass without asking."""
    if entry.revision is None or entry.state is not CallState.OPEN or not isinstance(judgement, Allow):
        return judgement
    return Ask(rule=5, reason=why(entry.revision))


def why(revision: Revision) -> str:
    return f"{revision.by} changed what is asked here, so it is put to you again."


def applied(draft: Draft, revisions: Sequence[Revision]) -> Draft:
    """The checkpoint as the model drew it up, with the arguments that people changed."""
    by_number = {one.number: one for one in revisions}
    actions = (_applied(action, by_number.get(number)) for number, action in enumerate(draft.actions, 1))
    return replace(draft, actions=tuple(actions))


def told(entry: Entry) -> str:
    """The answer as the model gets it: what it asked stands in its history as it was."""
    if entry.revision is None:
        return entry.text
    return f"{_changed('the arguments', entry.revision)}\n\n{entry.text}".strip()


def of_batch(entries: Sequence[Entry]) -> str:
    """Of the actions of a checkpoint those that ran otherwise than the model had prepared them; "" for none."""
    numbered = ((number, entry.revision) for number, entry in enumerate(entries, 1))
    changed = [
        _changed(f"action {number}", revision) for number, revision in numbered if revision is not None
    ]
    return "\n".join(changed)


def _applied(action: Action, revision: Revision | None) -> Action:
    if revision is None:
        return action
    call = Call(id=action.call.id, tool=action.call.tool, input=revision.now)
    return replace(action, call=call, revision=revision)


def _changed(what: str, revision: Revision) -> str:
    return f"{revision.by} changed {what}:\n{revision.told}"
