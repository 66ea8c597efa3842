"""One call: begun on disk, made, answered; and after a crash looked up before it is made again."""

from __future__ import annotations

from typing import assert_never

from bot.agent.journal import Journal
from bot.agent.judgement import Unclear
from bot.agent.toolbox import Toolbox
from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.asking import Asking
from bot.domain.call import Result
from bot.domain.verdict import Allow, Ask
from bot.errors import Asked, Drifted, Halted, LeftRunning, SignInNeeded, Unavailable
from bot.store.calls import Entry

HAPPENED = "It happened"
RUN_AGAIN = "Run again"


def settle(entry: Entry, journal: Journal, toolbox: Toolbox) -> Result | Unclear | None:
    """An interrupted call: answered if it happened, held if only a person can tell; None if it did not happen."""
    found = toolbox.settled(entry.call)
    match found:
        case Unclear(why=why):
            journal.hold(_outcome(entry, why), [(entry, Ask(rule=10, reason=why))])
        case Result():
            journal.answer([(entry, found, None)])
        case None:
            pass
        case _:
            assert_never(found)
    return found


def run(entry: Entry, verdict: Allow, journal: Journal, toolbox: Toolbox) -> Result | None:
    """Make the call and give it its answer; None where it asks a person first.

    One that was halted, drifted, or whose service is out, has none yet.
    """
    is_begun = not toolbox.is_harmless(entry.call)
    if is_begun:
        journal.begin(entry, verdict, toolbox.pin(entry.call))
    try:
        result = toolbox.run(entry.call)
    except Asked as asked:
        put(entry, asked, journal)
        return None
    except (Drifted, Halted, Unavailable, SignInNeeded, LeftRunning) as trouble:
        if is_begun:
            _keep_true(entry, trouble, journal)
        raise
    journal.answer([(entry, result, verdict)])
    return result


def put(entry: Entry, asked: Asked, journal: Journal) -> None:
    """What a connector asks is put to a person; with the reply the same call goes on, in whatever process."""
    asking: Asking = asked.asking
    assert asking.open is not None
    _, form = asking.open
    draft = Draft(
        kind=ApprovalKind.FORM,
        title=f"{asking.title} asks you something",
        summary=form.message,
        call_id=entry.call.id,
        asking=asking,
    )
    reason = f"The connector {asking.title} asks this before it goes on."
    journal.hold(draft, [(entry, Ask(rule=10, reason=reason))])


def _keep_true(
    entry: Entry, trouble: Drifted | Halted | Unavailable | SignInNeeded | LeftRunning, journal: Journal
) -> None:
    """What the journal says of a call that was begun and did not end: not done, or unknown."""
    if trouble.nothing_done:
        journal.take_back(entry)
    elif isinstance(trouble, LeftRunning) and not journal.stopped_by():
        # It may still be at work: what is looked up now may change in the next moment.
        journal.hold(_outcome(entry, str(trouble)), [(entry, Ask(rule=10, reason=str(trouble)))])


def _outcome(entry: Entry, why: str) -> Draft:
    return Draft(
        kind=ApprovalKind.OUTCOME,
        title=f"This may already have happened: {entry.preview}",
        summary=f"Cowork was interrupted during this call. {why} Please look before you choose.",
        actions=(
            Action(
                call=entry.call,
                preview=entry.preview,
                reason=why,
                basis=entry.basis,
                revision=entry.revision,
            ),
        ),
        options=(HAPPENED, RUN_AGAIN),
        call_id=entry.call.id,
    )
