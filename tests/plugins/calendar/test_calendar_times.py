"""Times, slots and series, without any account."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ToolError
from plugins.calendar import ical, slots, words
from plugins.calendar.event import Span, joined
from plugins.calendar.slots import Hours
from plugins.calendar.when import told_span
from tests.plugins.calendar.conftest import EVENT

NEW_YORK, LISBON, TOKYO = map(ZoneInfo, ("America/New_York", "Europe/Lisbon", "Asia/Tokyo"))
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = Span(MONDAY, MONDAY + timedelta(days=7))

moments = st.integers(0, 7 * 24 * 12).map(lambda steps: MONDAY + timedelta(minutes=5 * steps))
spans = st.lists(st.builds(lambda a, b: Span(min(a, b), max(a, b)), moments, moments), max_size=6)
people = st.lists(
    st.builds(
        Hours,
        zone=st.sampled_from((NEW_YORK, LISBON, TOKYO)),
        start=st.builds(time, st.integers(0, 23)),
        end=st.builds(time, st.integers(0, 23)),
        days=st.frozensets(st.integers(0, 6), min_size=1),
    ),
    max_size=3,
)


def test_a_time_says_its_zone_and_when_the_clocks_change_in_between() -> None:
    night = datetime(2026, 10, 24, 22, tzinfo=LISBON), datetime(2026, 10, 25, 6, tzinfo=LISBON)
    assert told_span(*night, LISBON) == (
        "Sat 24 Oct 2026 22:00 – Sun 25 Oct 2026 06:00 (Europe/Lisbon, the clocks change in between)"
    )


def test_working_hours_follow_the_clocks_of_each() -> None:
    window = Span(datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC))
    hours = Hours(zone=LISBON, start=time(9), end=time(10), days=frozenset((0, 4)))
    assert [one.start.hour for one in slots.working(hours, window)] == [8, 9]


def test_who_works_at_night_works_into_the_next_day() -> None:
    hours = Hours(zone=TOKYO, start=time(22), end=time(6), days=frozenset((0,)))
    (one,) = slots.working(hours, WEEK)
    assert (one.start, one.end) == (MONDAY + timedelta(hours=13), MONDAY + timedelta(hours=21))


@given(taken=st.lists(spans, max_size=3), hours=people, minutes=st.integers(5, 240))
def test_every_slot_is_free_for_all_and_within_the_hours_of_each(
    taken: list[list[Span]], hours: list[Hours], minutes: int
) -> None:
    length = timedelta(minutes=minutes)
    found = slots.found(WEEK, length, hours, taken, 5)
    for one in found:
        assert one.end - one.start == length
        assert not any(
            one.start < busy.end and busy.start < one.end for each in taken for busy in joined(each)
        )
        assert all(slots.overlaps([one], slots.working(each, WEEK)) == [one] for each in hours)
    assert found == sorted(found)


@given(hours=people.filter(lambda found: len(found) == 1), minutes=st.integers(5, 240))
def test_a_slot_is_found_wherever_there_is_room(hours: list[Hours], minutes: int) -> None:
    length = timedelta(minutes=minutes)
    has_room = any(one.end - one.start >= length + slots.STEP for one in slots.working(hours[0], WEEK))
    assert bool(slots.found(WEEK, length, hours, [], 5)) >= has_room


def test_a_series_that_repeats_madly_is_shown_once_and_takes_no_time() -> None:
    for rule in ("FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=0,1;BYMINUTE=0,1,2,3"):
        lines = f"UID:mad\nDTSTART:20200101T000000Z\nDTEND:20200101T000001Z\nRRULE:{rule}\nSUMMARY:Mad"
        assert len(ical.occurrences(ical.parsed(EVENT.format(lines=lines)), WEEK)) == 1


def test_what_is_no_event_is_told_so() -> None:
    for text in ("", "<html>", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCALENDAR\nBEGIN:VEVENT"):
        with pytest.raises(ToolError, match="cannot be read as an event"):
            ical.parsed(text)


def test_formatted_texts_are_shown_as_text_and_plain_ones_as_they_are() -> None:
    assert words.as_text('<b>Agenda</b><br>See <a href="https://a.example">this</a>') == (
        "**Agenda**  \nSee [this](https://a.example)"
    )
    assert words.as_text("a < b > c & <ben@example.com>") == "a < b > c & <ben@example.com>"
