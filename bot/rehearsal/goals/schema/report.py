"""The review as Markdown: what was found, the SQL that shows and mends each, and in which order to mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rehearsal.goals.schema.finding import Finding, Rule, Severity
from bot.rehearsal.goals.schema.steps import STEPS, Step
from bot.rehearsal.goals.words import counted

HEADINGS: tuple[tuple[str, frozenset[Rule]], ...] = (
    ("Tables without a primary key", frozenset({Rule.NO_PRIMARY_KEY})),
    ("Foreign keys without an index", frozenset({Rule.LINK_WITHOUT_INDEX})),
    (
        "Columns without constraints",
        frozenset(
            {
                Rule.NO_FOREIGN_KEY,
                Rule.NOT_VALIDATED,
                Rule.NULLABLE,
                Rule.NOT_UNIQUE,
                Rule.NO_CHECK,
                Rule.WRONG_TYPE,
            }
        ),
    ),
    (
        "Likely normalisation issues",
        frozenset(
            {
                Rule.COPIED,
                Rule.GROUP,
                Rule.NUMBERED,
                Rule.LISTED,
                Rule.POLYMORPHIC,
                Rule.FIXED_JSON,
                Rule.DERIVED,
                Rule.DEPENDENT,
            }
        ),
    ),
    (
        "Indexes that cost and give nothing",
        frozenset({Rule.SAME_INDEX, Rule.COVERED_INDEX, Rule.BROKEN_INDEX, Rule.UNUSED_INDEX}),
    ),
)
_CAUTION = (
    "Try every step on a copy first, and take a backup. `SET lock_timeout = '3s'` before each `ALTER TABLE`: a change "
    "that has to wait for a lock makes everybody behind it wait too. What is written as a comment is for you to "
    "fill in, or to run later."
)
_LIMITS = (
    "By fixed rules, from the catalogs, and by counting rows: names are taken at their word, and what only the people "
    "who use it know (which columns may be empty, which copy is meant) is for you to say."
)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was looked at. `notes` say what could not be read."""

    database: str
    version: str
    schemas: tuple[str, ...]
    figures: str
    tool: str
    today: str
    notes: tuple[str, ...] = ()


def report(looked: Looked, found: Sequence[Finding]) -> str:
    numbered = {id(one): at for at, one in enumerate(_in_order(found), 1)}
    parts = [_head(looked, found), *_findings(found, numbered), _plan(found, numbered), _end(looked)]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(found: Sequence[Finding]) -> str:
    """A line for each kind of finding."""
    lines = [
        f"- {heading}: {len(members)} ({_gravities(members)})"
        for heading, members in _by_heading(found)
        if members
    ]
    return "\n".join(lines)


def brief(found: Sequence[Finding], most: int) -> str:
    """Every finding on a line, and the SQL that mends it: where no file may be made."""
    lines = [
        f"{at}. {one.severity}: {_name(one.where)}. {one.said}" for at, one in enumerate(_in_order(found), 1)
    ]
    more = f"\n… and {len(lines) - most:,} more" if len(lines) > most else ""
    return "\n".join(lines[:most]) + more


def _head(looked: Looked, found: Sequence[Finding]) -> str:
    where = ", ".join(map(_name, looked.schemas)) or "none"
    lines = [
        f"# Schema review: {_plain(looked.database)}",
        "",
        f"As of {looked.today}; {looked.version}; schemas: {where}; {looked.figures}. Read through "
        f"`{looked.tool}`, by reading alone: nothing was changed.",
        "",
        "| what | findings | gravest |",
        "|---|---|---|",
    ]
    for heading, members in _by_heading(found):
        gravest = next((one for one in Severity if any(each.severity is one for each in members)), "–")
        lines.append(f"| {heading} | {len(members)} | {gravest} |")
    return "\n".join([*lines, "", f"**{_total(found)}**"])


def _total(found: Sequence[Finding]) -> str:
    return (
        f"{counted(len(found), 'finding')}: {_gravities(found)}." if found else "Nothing was found to mend."
    )


def _findings(found: Sequence[Finding], numbered: dict[int, int]) -> Iterable[str]:
    for heading, members in _by_heading(found):
        if members:
            yield f"## {heading}"
            yield from (_told(one, numbered[id(one)]) for one in members)


def _told(one: Finding, number: int) -> str:
    parts = [
        f"### {number}. {_name(one.where)} · {one.severity} · {one.rule.replace('-', ' ')}",
        _plain(one.said),
        f"What shows it:\n\n{_code(one.shows)}",
        f"What would mend it:\n\n{_code(one.mends)}",
        f"*{_plain(one.note)}*" if one.note else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _plan(found: Sequence[Finding], numbered: dict[int, int]) -> str:
    if not found:
        return ""
    steps = [(step, [one for one in found if one.rule in step.rules]) for step in STEPS]
    told = [_step(at, step, some, numbered) for at, (step, some) in enumerate((s for s in steps if s[1]), 1)]
    return "\n\n".join(["## Improvement plan", _CAUTION, *told])


def _step(at: int, step: Step, found: Sequence[Finding], numbered: dict[int, int]) -> str:
    lines = [f"### Step {at}: {step.title}", "", step.why, ""]
    for one in _in_order(found):
        lines.append(f"- [ ] finding {numbered[id(one)]}: {_name(one.where)} ({one.severity})")
    return "\n".join([*lines, "", f"Risk: {step.risk} Locks: {step.locks}"])


def _end(looked: Looked) -> str:
    return "\n".join(["## How this was made", "", _LIMITS, *(f"- {_plain(note)}" for note in looked.notes)])


def _by_heading(found: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    return [(heading, [one for one in found if one.rule in rules]) for heading, rules in HEADINGS]


def _in_order(found: Sequence[Finding]) -> list[Finding]:
    return [one for _, members in _by_heading(found) for one in members]


def _gravities(found: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in found)
    return ", ".join(f"{counts[one]} {one}" for one in Severity if counts[one])


def _name(text: str) -> str:
    """Names are others' words: no markup of theirs counts."""
    return f"`{' '.join(text.replace('`', ' ').split())}`"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _code(sql: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", sql)), default=0))
    return f"{fence}sql\n{sql}\n{fence}"
