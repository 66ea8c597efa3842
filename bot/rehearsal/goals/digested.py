"""The report on meeting notes, as Markdown or plain text, and the short form for a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.rehearsal.goals.notes import Kind, Note
from bot.rehearsal.goals.words import counted

_HEADINGS: tuple[tuple[Kind, str, str], ...] = (
    ("decision", "Decisions", "decision"),
    ("action", "Action items", "action item"),
    ("question", "Open questions", "open question"),
    ("follow-up", "Follow-up meetings", "follow-up"),
)


def report(notes: Sequence[Note], sources: Sequence[str], problems: Mapping[str, str]) -> str:
    """The whole report in Markdown: each point with the line it was found in."""
    lines = [
        "# Meeting digest",
        "",
        f"From {', '.join(f'`{name}`' for name in sources)}: {totals(notes)}.",
        "",
    ]
    lines += [f"Not read: `{name}` ({why})\n" for name, why in problems.items()]
    for kind, heading, _ in _HEADINGS:
        points = _of(notes, kind)
        lines += [f"## {heading} ({len(points)})", ""]
        lines += [
            *(_actions(points) if kind == "action" and points else []),
            *(_points(points) or ["None found."]),
            "",
        ]
    return "\n".join(lines)


def plain_report(notes: Sequence[Note], sources: Sequence[str], problems: Mapping[str, str]) -> str:
    """The same without Markdown's marks."""
    lines = ["MEETING DIGEST", f"From {', '.join(sources)}: {totals(notes)}.", ""]
    lines += [f"Not read: {name} ({why})" for name, why in problems.items()]
    for kind, heading, _ in _HEADINGS:
        points = _of(notes, kind)
        lines += [f"{heading.upper()} ({len(points)})"]
        lines += [f"- {said(note)}\n    {note.source}, line {note.line}: {note.quote}" for note in points]
        lines += ["None found.", ""] if not points else [""]
    return "\n".join(lines)


def message(notes: Sequence[Note], sources: Sequence[str], limit: int = 3000) -> str:
    """The digest as one message for a channel."""
    lines = [f"*Meeting digest* of {', '.join(sources)}: {totals(notes)}."]
    for kind, heading, _ in _HEADINGS:
        if points := _of(notes, kind):
            lines += ["", f"*{heading}*", *(f"• {said(note)}" for note in points)]
    text = "\n".join(lines)
    return (
        text
        if len(text) <= limit
        else text[: text.rfind("\n", 0, limit)] + "\n• … the rest is in the report."
    )


def totals(notes: Sequence[Note]) -> str:
    """`3 decisions, 5 action items, 2 open questions, 1 follow-up`."""
    return ", ".join(counted(len(_of(notes, kind)), noun) for kind, _, noun in _HEADINGS)


def said(note: Note) -> str:
    """One point on one line; an action with who and when."""
    given = note.assignment
    if given is None:
        return note.words
    when = f", by {given.due}" if given.due else ""
    day = f" ({given.day})" if given.day and given.day != given.due else ""
    return f"{given.who or 'Unassigned'}: {given.what}{when}{day}{' (done)' if note.done else ''}"


def _of(notes: Sequence[Note], kind: Kind) -> list[Note]:
    return [note for note in notes if note.kind == kind]


def _actions(points: Sequence[Note]) -> list[str]:
    rows = ["| # | Action | Assignee | Due | Status |", "|---|---|---|---|---|"]
    for number, note in enumerate(points, start=1):
        given = note.assignment
        who, due = (given.who or "unassigned", given.due) if given else ("unassigned", "")
        day = f" ({given.day})" if given and given.day and given.day != due else ""
        cells = (str(number), note.words, who, f"{due}{day}" or "none given", "done" if note.done else "open")
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return [*rows, ""]


def _points(points: Sequence[Note]) -> list[str]:
    return [
        f"{number}. {said(note)}\n   > {note.quote}\n   > ({note.source}, line {note.line})"
        for number, note in enumerate(points, start=1)
    ]
