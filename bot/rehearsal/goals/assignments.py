"""Who is to do something and by when, as people write it in notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rehearsal.goals.periods import dates_in, month_number

_PERSON = r"@?[A-Z][\w'’-]+(?:\s+(?!(?:To|Will)\b)[A-Z][\w'’.-]*)?"
_PEOPLE = rf"{_PERSON}(?:(?:\s*,\s*|\s+(?:and|&)\s+|\s*/\s*){_PERSON})*"
_HANDLE = re.compile(r"(?<![\w.])@(?P<who>[\w.-]*\w)")
_OWNER = re.compile(
    rf"[\(\[,;–—|-]?\s*\b(?:owner|assignee|assigned\s+to|responsible|who|lead)\s*[:=]?\s*(?P<who>{_PEOPLE})[\)\]]?",
    re.I,
)
_DOES = re.compile(
    rf"^(?P<who>{_PEOPLE})\s+(?:to|will|shall|should|must|is\s+going\s+to|are\s+going\s+to|needs?\s+to|has\s+to"
    r"|takes?|agreed\s+to|volunteered\s+to|is\s+to|are\s+to|own[s]?)\s+(?P<what>.+)$"
)
_NAMED = re.compile(
    rf"^(?:\[(?P<a>{_PEOPLE})\]|\((?P<b>{_PEOPLE})\)|(?P<c>{_PEOPLE})\s*(?::|\s[–—-]\s))\s*(?P<what>.+)$"
)
_BEHIND = re.compile(
    rf"^(?P<what>.+?)\s*(?:\((?P<a>{_PEOPLE})\)|\[(?P<b>{_PEOPLE})\]"
    rf"|(?:→|->|=>|\s[–—-])\s*(?P<c>{_PEOPLE}))\s*\.?$"
)
_NOT_PEOPLE = {"We", "I", "They", "It", "This", "That", "Everyone", "Someone", "There", "The", "Action", "Todo", "TODO",
               "Decision", "Note", "Please", "Need", "AI", "TBD", "Q", "A", "All", "Team"}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WHEN = (
    r"(?:\d{4}-\d\d-\d\d|\d\d?\.\s?\d\d?\.(?:\s?\d{4})?|\d\d?/\d\d?(?:/\d{2,4})?"
    rf"|{_MONTHS}\.?\s+\d\d?(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d\d?(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTHS}\.?(?:,?\s+\d{{4}})?"
    r"|(?:(?:next|this|coming|on)\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:the\s+)?end\s+of\s+(?:the\s+)?(?:day|week|month|quarter|year|next\s+week|sprint|"
    rf"{_MONTHS})|next\s+(?:week|month|sprint|quarter)"
    r"|this\s+(?:week|month)|tomorrow|today|tonight|EOD|EOW|EOM|COB|Q[1-4](?:\s+\d{4})?)"
)
_DUE = re.compile(
    rf"[\(\[,;–—-]*\s*\b(?:by|due(?:\s+(?:by|on|date))?|before|until|till|deadline|no\s+later\s+than)\s*[:=]?\s*"
    rf"(?P<when>{_WHEN})[\)\]]?",
    re.I,
)
_BARE_DUE = re.compile(rf"[\(\[]\s*(?P<when>{_WHEN})\s*[\)\]]|\s[–—-]\s(?P<last>{_WHEN})\s*$", re.I)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What is to be done, by whom and when; `due` as written, `day` in ISO form if the words fix one."""

    what: str
    who: str = ""
    due: str = ""
    day: str = ""


def assignment(words: str, meeting_day: str = "") -> Assignment:
    """The assignment in the words of one action item; relative days count from the day of the meeting."""
    due, rest = _due(words)
    who, what = _who(rest)
    what = re.sub(r"\s+([.,;])", r"\1", " ".join(what.split())).strip(" ,;.–—-")
    return Assignment(what=what[:1].upper() + what[1:], who=who, due=due, day=day_of(due, meeting_day))


def is_promise(line: str) -> bool:
    """Whether a line outside any list of actions is one all the same: a named person will do something."""
    if re.match(r"^@[\w.-]+\s+(?:to|will|shall|needs\s+to)\s", line):
        return True
    found = _DOES.match(line)
    named = found is not None and found["who"].split()[0] not in _NOT_PEOPLE
    return (
        named
        and bool(re.match(rf"^{_PEOPLE}\s+(?:will|to|is\s+going\s+to)\s", line))
        and (bool(_DUE.search(line)) or bool(re.match(rf"^{_PEOPLE}\s+to\s", line)))
    )


def day_of(due: str, meeting_day: str) -> str:
    """The ISO day that the words fix, seen from the meeting's day; nothing where they leave it open."""
    if exact := dates_in(due):
        return exact
    if not meeting_day or not due:
        return ""
    start, words = date.fromisoformat(meeting_day), due.casefold()
    found = _relative(words, start) or _without_year(words, start)
    return found.isoformat() if found else ""


def _due(words: str) -> tuple[str, str]:
    found = _DUE.search(words) or _BARE_DUE.search(words)
    if found is None:
        return "", words
    said = found.groupdict()
    shut = found[0].endswith((")", "]")) and not found[0].startswith(("(", "["))
    due = (said["when"] or said.get("last") or "").strip()
    return due, words[: found.start()] + (found[0][-1] if shut else " ") + words[found.end() :]


def _who(words: str) -> tuple[str, str]:
    words = " ".join(words.split()).strip(" ,;")
    if found := _OWNER.search(words):
        return found["who"].lstrip("@"), words[: found.start()] + " " + words[found.end() :]
    for pattern in (_DOES, _NAMED, _BEHIND):
        found = pattern.match(words)
        said = found.groupdict() if found else {}
        who = next((said[group] for group in ("who", "a", "b", "c") if said.get(group)), "")
        if who and who.split()[0] not in _NOT_PEOPLE:
            return who.replace("@", ""), said["what"]
    if handles := _HANDLE.findall(words):
        what = _HANDLE.sub("", words)
        return " and ".join(handles), re.sub(r"^\s*(?:to|will|:)\s+|\(\s*\)|\[\s*\]", "", what.strip())
    return "", words


def _relative(words: str, start: date) -> date | None:
    for number, name in enumerate(_WEEKDAYS):
        if name in words:
            ahead = (number - start.weekday()) % 7 or 7
            return start + timedelta(
                days=ahead + (7 if "next" in words and ahead + start.weekday() < 7 else 0)
            )
    if words in ("today", "tonight", "eod", "cob") or words.endswith(("end of day", "end of the day")):
        return start
    if words == "tomorrow":
        return start + timedelta(days=1)
    if words in ("eow", "this week") or re.fullmatch(r"(?:the )?end of (?:the )?week", words):
        return start + timedelta(days=(4 - start.weekday()) % 7)
    if words in ("eom", "this month") or re.fullmatch(r"(?:the )?end of (?:the )?month", words):
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return None


def _without_year(words: str, start: date) -> date | None:
    found = re.fullmatch(r"(?P<name>[a-z]+)\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?", words)
    found = found or re.fullmatch(r"(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>[a-z]+)\.?", words)
    if found is None or not month_number(found["name"]):
        return None
    try:
        day = date(start.year, month_number(found["name"]), int(found["day"]))
        return day if day >= start else day.replace(year=day.year + 1)
    except ValueError:
        return None
