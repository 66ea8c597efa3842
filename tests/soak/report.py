"""The report of a soak, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.bench.figure import machine
from tests.soak.fleet import VERBS
from tests.soak.soak import LATENCY, LEASE, Minute, Outcome

FAULTS_SHOWN = 40
KINDS_SHOWN = 20


def written(outcome: Outcome, *, command: str) -> str:
    return (
        "\n".join([*_head(outcome, command), *_figures(outcome), *_progress(outcome), *_noticed(outcome)])
        + "\n"
    )


def _head(outcome: Outcome, command: str) -> Iterator[str]:
    facts = machine()
    fleet = ", ".join(f"{count} × `cowork {verb}`" for verb, count in Counter(VERBS).items())
    yield "# The soak"
    yield ""
    verdict = "Nothing was lost, nothing happened twice, nothing got stuck."
    if not outcome.is_clean:
        verdict = f"**{len(outcome.faults)} faults**; see below."
    yield verdict
    yield ""
    yield f"- When: {outcome.began:%Y-%m-%d %H:%M} UTC"
    yield f"- Command: `{command}` (seed {outcome.seed})"
    yield f"- Machine: {facts['processor']}, {facts['cores']} cores, shared with other work; {facts['system']}"
    yield f"- Fleet: {fleet}, PostgreSQL, leases of {LEASE:g} s; the model takes {LATENCY:g} s for an answer"
    yield (
        f"- {outcome.most} tasks open at a time for {outcome.minutes:g} min of faults; then, without faults, "
        f"{outcome.drained:.0f} s until the last was over and had been looked at for half a minute more"
    )
    yield ""


def _figures(outcome: Outcome) -> Iterator[str]:
    states = ", ".join(f"{count:,} {state}" for state, count in sorted(outcome.states.items()))
    rows = [
        ("tasks", f"{outcome.tasks:,} ({states})"),
        ("turns of the model", f"{outcome.turns:,}"),
        ("effects in the folders", f"{outcome.effects:,}"),
        ("messages in Slack", f"{outcome.posts:,}"),
        ("**lost** (effects and messages)", f"**{outcome.lost}**"),
        ("**doubled** (effects and messages)", f"**{outcome.doubled}**"),
        ("**stuck** tasks", f"**{outcome.stuck}**"),
        ("questions “this may already have happened”", f"{outcome.questions:,}"),
        *((what, f"{count:,}") for what, count in sorted(outcome.tally.items())),
    ]
    yield from _table(("what", "how many"), rows)


def _progress(outcome: Outcome) -> Iterator[str]:
    yield "## Minute by minute"
    yield ""
    heads = (
        "minute",
        "tasks begun",
        "over and checked",
        "effects",
        "SIGKILLs",
        "open",
        "MB of the soak itself",
    )
    yield from _table(heads, (_minute(one) for one in outcome.progress))
    yield f"State on disk at the end (database, Slack, log): {outcome.disk / 1_000_000:,.0f} MB."
    yield ""


def _minute(one: Minute) -> tuple[str, ...]:
    return tuple(
        f"{value:,}"
        for value in (one.number, one.begun, one.over, one.effects, one.kills, one.open, one.memory)
    )


def _noticed(outcome: Outcome) -> Iterator[str]:
    if outcome.faults:
        yield "## Faults"
        yield ""
        yield from (f"- {fault}" for fault in outcome.faults[:FAULTS_SHOWN])
        yield ""
    for title, found in (
        ("What was noticed", outcome.noticed),
        ("Errors in the log of the fleet", outcome.logged),
    ):
        if found:
            yield f"## {title}"
            yield ""
            yield from _table(
                ("what", "times"),
                ((what.replace("|", "/"), f"{count:,}") for what, count in found.most_common(KINDS_SHOWN)),
            )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
