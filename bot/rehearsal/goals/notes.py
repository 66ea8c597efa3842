"""What meeting notes hold: decisions, actions, open questions and follow-ups, each with its source line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.rehearsal.goals.assignments import Assignment, assignment, day_of, is_promise
from bot.rehearsal.goals.fields import cells_of
from bot.rehearsal.goals.periods import dates_in
from bot.rehearsal.goals.words import unescaped

Kind = Literal["decision", "action", "question", "follow-up"]

_SECTIONS: tuple[tuple[Kind, str], ...] = (
    ("follow-up", r"follow[- ]?ups?(?:\s+meetings?)?(?:\s+needed)?|next\s+meetings?|upcoming\s+meetings?"),
    ("decision", r"(?:key\s+)?decisions?(?:\s+made|\s+taken)?|agreed|agreements?|resolutions?|we\s+decided"),
    ("action", r"actions?(?:\s+(?:items?|points?|list))?|ais|next\s+steps|to-?\s?dos?|tasks|assignments"),
    (
        "question",
        r"(?:open\s+|unresolved\s+)?(?:questions?|issues)|open\s+(?:points?|items?|topics?)|parking\s+lot|unresolved|tbds?",
    ),
)
_HEADING = re.compile(
    r"^(?:#{1,6}\s+(?P<a>.+?)\s*#*|\*\*(?P<b>[^*]+?):?\*\*:?|__(?P<c>[^_]+?):?__:?|(?P<d>[^\W\d_][\w &/-]{1,40}):)\s*$"
)
_UNDERLINE = re.compile(r"^(?:=+|-{3,})\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•–]\s+|\d{1,3}\\?[.)]\s+|[a-z][.)]\s+)?")
_BOX = re.compile(r"^\[(?P<mark>[ xX✓]?)\]\s*")
_MARKS = re.compile(r"(?<!\\)(?:\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w))")
_PREFIXES: tuple[tuple[Kind, str], ...] = (
    ("decision", r"decisions?(?:\s+made)?|decided|agreed|resolved|resolution"),
    ("action", r"actions?(?:\s+(?:items?|points?))?|ai|to-?do|task|ap"),
    ("question", r"(?:open\s+)?questions?|q|open(?:\s+(?:issue|point|item))?|issue|tbd|unclear"),
    ("follow-up", r"follow[- ]?ups?(?:\s+meeting)?|next\s+meeting|next\s+call|next\s+review"),
)
_FOR_SOMEONE = re.compile(
    r"(?:(?:AI|AP|[Aa]ction(?:\s+item)?|TODO)\s*\((?P<who>@?[\w .'’-]+)\)\s*[:–—-]|TODO(?=\s+[@\w]))\s*"
)
"""`AI (Ben): …`, and `TODO …` without a colon."""
_DECIDED = re.compile(
    r"\b(?:(?:we|the\s+(?:team|group|board|committee)|everyone|it\s+was|all)\s+(?:have\s+|has\s+)?(?:unanimously\s+)?"
    r"(?:decided|agreed|resolved|chose|approved|settled\s+on|opted)|decision\s+(?:was\s+)?(?:made|taken)\s+to)\b",
    re.I,
)
_OPEN = re.compile(
    r"\bTBD\b|\bto\s+be\s+(?:decided|determined|confirmed|clarified)\b|\bopen\s+question\b"
    r"|\?\s+(?:not\s+clear|unclear|unknown|undecided|no\s+answer)\b"
    r"|\b(?:unclear|not\s+clear|unsure|undecided)\s+(?:whether|if|who|how|what|when|which)\b|\bstill\s+(?:open|undecided)\b",
    re.I,
)
_MEETS = re.compile(
    r"\bnext\s+(?:meeting|call|sync|review|session|check-?in|retro)\b|\bmeet(?:ing)?\s+again\b|\breconvene\b"
    r"|^follow[- ]?up\s+(?:again|next|on\s+\w+day|in\s+\w+\s+(?:days?|weeks?|months?))\b"
    r"|\bfollow[- ]?up\s+(?:meeting|call|session|review|sync)\b"
    r"|\b(?:schedule|set\s+up|book|arrange)\s+(?:a|an|another|the)\s+[\w\s-]{0,30}?(?:meeting|call|session|sync|review|workshop)\b",
    re.I,
)
_TASK = ("action", "task", "item", "what", "to do", "todo", "action item")
_WHO = ("owner", "who", "assignee", "responsible", "assigned to")
_WHEN = ("due", "when", "deadline", "by", "due date", "date")


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing that notes hold. `line` is its number in the file, `quote` the line as written."""

    kind: Kind
    words: str
    source: str
    line: int
    quote: str
    assignment: Assignment | None = None
    done: bool = False


def notes_in(source: str, text: str) -> list[Note]:
    """Everything of the four kinds in one file's text, in order."""
    day = meeting_day(text)
    return [*_lines(source, text.splitlines(), day)]


def meeting_day(text: str) -> str:
    """The day of the meeting: the first exact day near the top of its notes, or nothing."""
    head = [line for line in text.splitlines() if line.strip()][:12]
    dated = [line for line in head if re.match(r"^[\W_]*(?:date|when|datum)\b", line, re.I)]
    titled = [line for line in head if line.lstrip().startswith("#")]
    days = (dates_in(line) for line in (*dated, *titled, *head[:4]))
    return next((day for day in days if day), "")


def _lines(source: str, lines: list[str], day: str) -> Iterator[Note]:
    section: Kind | None = None
    columns: list[str] = []
    for number, line in enumerate(lines, start=1):
        after = lines[number] if number < len(lines) else ""
        if heading := _heading(line, after):
            section, columns = _section(heading), []
        elif cells := cells_of(line):
            columns = columns or [cell.casefold() for cell in cells]
            yield from _row(
                columns,
                cells,
                section,
                Note(kind="action", words="", source=source, line=number, quote=line),
                day,
            )
        elif line.strip() and not line.lstrip().startswith("|") and not _UNDERLINE.match(line.strip()):
            columns = []
            yield from _noted(line, section, source, number, day)


def _heading(line: str, after: str) -> str:
    if found := _HEADING.match(line.strip()):
        return next(text for text in found.groups() if text)
    underlined = (
        _UNDERLINE.match(after.strip()) and line.strip() and not line.lstrip().startswith(("-", "*", "|"))
    )
    return line.strip() if underlined and len(line.split()) <= 8 else ""


def _section(heading: str) -> Kind | None:
    plain = re.sub(r"^[\W\d_]+|[\W_]+$", "", heading)
    return next((kind for kind, words in _SECTIONS if re.fullmatch(words, plain, re.I)), None)


def _noted(line: str, section: Kind | None, source: str, number: int, day: str) -> Iterator[Note]:
    """What one line is: by the word it begins with, by the box before it, by its section, or by its phrases."""
    mark = _BULLET.match(line)
    bullet = bool(mark and mark[0].strip())
    plain = unescaped(_MARKS.sub("", line[mark.end() if mark else 0 :])).strip()
    box = _BOX.match(plain)
    plain = plain[box.end() :] if box else plain
    prefix, words = _prefixed(plain)
    kind = prefix or ("action" if box else _by_phrase(plain, section, bullet))
    if kind is None or not re.search(r"\w", words) or _is_nothing(words):
        return
    words = words[:1].upper() + words[1:]
    note = Note(kind=kind, words=words, source=source, line=number, quote=line.strip())
    yield _with_assignment(note, day, done=bool(box and box["mark"].strip()))
    if kind != "follow-up" and _MEETS.search(words):
        yield replace(note, kind="follow-up")


def _prefixed(plain: str) -> tuple[Kind | None, str]:
    if found := _FOR_SOMEONE.match(plain):
        who = f"{found['who']}: " if found["who"] else ""
        return "action", who + plain[found.end() :]
    for kind, words in _PREFIXES:
        if found := re.match(rf"(?:{words})\s*(?:#?\d+\s*)?(?::|\s[–—-]\s)\s*", plain, re.I):
            return kind, plain if plain.casefold().startswith("next") else plain[found.end() :]
    return None, plain


def _by_phrase(plain: str, section: Kind | None, bullet: bool) -> Kind | None:
    if bullet and section and (section == "question" or not plain.endswith("?")):
        return section
    if _MEETS.match(plain):
        return "follow-up"
    if _DECIDED.search(plain):
        return "decision"
    if _OPEN.search(plain) or (bullet and plain.endswith("?")):
        return "question"
    if is_promise(plain):
        return "action"
    return section or ("follow-up" if _MEETS.search(plain) else None)


def _with_assignment(note: Note, day: str, *, done: bool) -> Note:
    if note.kind != "action":
        return note
    found = assignment(note.words, day)
    return replace(note, words=found.what, assignment=found, done=done)


def _row(columns: list[str], cells: list[str], section: Kind | None, note: Note, day: str) -> Iterator[Note]:
    """A row of a table of actions: its columns say what, who and when."""
    said = dict(zip(columns, cells, strict=False))
    what = next((said[name] for name in _TASK if said.get(name)), "")
    who = next((said[name] for name in _WHO if said.get(name)), "")
    if columns == [cell.casefold() for cell in cells] or not what or (section != "action" and not who):
        return
    due = next((said[name] for name in _WHEN if said.get(name)), "")
    found = Assignment(what=what, who=who.lstrip("@"), due=due, day=day_of(due, day))
    yield replace(note, words=what, quote=note.quote.strip(), assignment=found)


def _is_nothing(words: str) -> bool:
    return (
        re.fullmatch(r"(?:none|n/?a|nothing|no(?:ne)?\s+(?:yet|today)|-+|–)\.?", words.strip(), re.I)
        is not None
    )
