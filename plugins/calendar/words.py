"""Calendars and events as lines for the model and for cards."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from markdownify import markdownify

from plugins.calendar.event import Calendar, Event, Guest, Span
from plugins.calendar.when import told, told_span

ANSWERS = {
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "perhaps",
    "needsAction": "has not answered",
}
_MARKUP = re.compile(r"</?(?:a|b|br|div|i|li|ol|p|span|strong|u|ul)\b[^<>]*>", re.IGNORECASE)
_MOST_NAMED = 3


def calendar_line(one: Calendar) -> str:
    marks = ["the account's own"] if one.is_first else []
    marks += [] if one.can_write else ["read only"]
    return f"- {one.title} · {one.zone}{''.join(f' · {mark}' for mark in marks)} · id {one.id}"


def event_line(one: Event, zone: ZoneInfo, in_calendar: str = "") -> str:
    """One of many."""
    parts = [f"- {told(one, zone)}: {plain_line(one.title)}"]
    parts += [plain_line(one.place)] if one.place else []
    parts += [f"{len(one.others)} guest{'s' if len(one.others) > 1 else ''}"] if one.others else []
    parts += ["repeats"] if one.series or one.repeats else []
    parts += [f"in {in_calendar}"] if in_calendar else []
    return " · ".join([*parts, f"id {one.id}", *([one.link] if one.link else [])])


def whole_event(one: Event, zone: ZoneInfo, of: Calendar) -> str:
    """All there is to know, its text last."""
    lines = [
        f"# {plain_line(one.title)}",
        f"When: {told(one, zone)}",
        f"Calendar: {of.title} ({of.id})",
    ]
    lines += [f"Where: {plain_line(one.place)}"] if one.place else []
    lines += [f"Call: {one.call}"] if one.call else []
    lines += [f"Organised by: {one.organizer}"] if one.organizer else []
    lines += [f"Repeats: {one.repeats}"] if one.repeats else []
    lines += [f"One occurrence of the series {one.series}"] if one.series else []
    lines += ["Does not take the time of its owner"] if one.is_free else []
    lines += ["It was cancelled"] if one.is_cancelled else []
    lines += ["Guests:", *map(guest_line, one.guests)] if one.guests else []
    lines += [f"Id {one.id} · version {one.version}", *([one.link] if one.link else [])]
    return "\n".join(lines) + (f"\n\n{as_text(one.text)}" if one.text else "")


def guest_line(one: Guest) -> str:
    who = f"{plain_line(one.name)} <{one.email}>" if one.name else one.email
    marks = [ANSWERS.get(one.answer, one.answer)]
    marks += ["is who is connected"] if one.is_self else []
    marks += ["organises it"] if one.is_organizer else []
    marks += ["need not come"] if one.is_optional else []
    return f"- {who}: {', '.join(marks)}"


def as_text(text: str) -> str:
    """Google keeps what people format as HTML."""
    return str(markdownify(text)).strip() if _MARKUP.search(text) else text.strip()


def plain_line(text: str) -> str:
    return " ".join(text.split())


def short(text: str, most: int = 80) -> str:
    """For the line of a card."""
    line = plain_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def named(emails: list[str]) -> str:
    """ "a@example.com, b@example.com and 3 more"."""
    shown = ", ".join(short(one, 60) for one in emails[:_MOST_NAMED])
    more = len(emails) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def told_times(span: Span, zone: ZoneInfo) -> str:
    return told_span(span.start, span.end, zone)


def which(one: Event) -> str:
    """Of a series, whether it is all of it."""
    if one.repeats:
        others = " (but for occurrences that were changed on their own)" if one.has_exceptions else ""
        return f"the whole series “{plain_line(one.title)}”{others}"
    if one.series:
        return f"one occurrence of the series “{plain_line(one.title)}”"
    return f"“{plain_line(one.title)}”"
