"""What both kinds of accounts do alike: Google's as emulated, and one on a CalDAV server."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk import Effect
from tests.plugins.calendar.conftest import World

WEEK = {"start": "2026-11-23", "end": "2026-11-27"}
PLAN = {
    "title": "Plan ☕ für Ana",
    "start": "2026-11-25T10:00",
    "end": "2026-11-25T11:00",
    "zone": "Europe/Lisbon",
}


def test_calendars_are_listed_with_zone_and_id_as_far_as_they_were_granted(world: World) -> None:
    everything = world.trial.run("list_calendars").text
    assert f"id {world.first}" in everything
    assert f"id {world.team}" in everything
    narrow = world.trial.within(world.team).run("list_calendars").text
    assert f"id {world.first}" not in narrow
    assert "1 more are outside of what was granted" in narrow


def test_events_of_all_granted_calendars_come_in_order_with_their_zone(world: World) -> None:
    first, second = world.trial.run("list_events", **WEEK).text.splitlines()[1:]
    assert first.startswith("- Mon 23 Nov 2026 09:00–09:30 (UTC): Kickoff · Room 1 · 1 guest · in ")
    assert f"id {world.kickoff} · http" in first
    assert second.startswith("- Tue 24 Nov 2026 15:00–16:00 (UTC): Retro · in ")


def test_times_are_shown_in_the_zone_that_was_asked_for(world: World) -> None:
    text = world.trial.run("list_events", **WEEK, calendar=world.first, zone="Asia/Tokyo").text
    assert "Mon 23 Nov 2026 18:00–18:30 (Asia/Tokyo): Kickoff" in text


def test_words_are_found_in_titles_and_texts_and_nothing_is_said_to_be_nothing(world: World) -> None:
    assert "Kickoff" in world.trial.run("list_events", **WEEK, query="first meeting").text
    assert world.trial.run("list_events", **WEEK, query="budget").text == "No events found."
    later = {"start": "2026-12-01", "end": "2026-12-02"}
    assert world.trial.run("list_events", **later).text == "No events found."


def test_no_event_of_a_calendar_outside_the_scope_is_shown(world: World) -> None:
    narrow = world.trial.within(world.team)
    assert "Kickoff" not in narrow.run("list_events", **WEEK).text
    with pytest.raises(ToolError, match="not among what was granted"):
        narrow.run("list_events", **WEEK, calendar=world.first)
    for name, given in {
        "get_event": {"calendar": world.first, "event": world.kickoff},
        "get_free_busy": {**WEEK, "calendars": [world.team, world.first]},
        "find_slot": {**WEEK, "people": [{"calendar": world.first}], "minutes": 30},
        "create_event": {"calendar": world.first, **PLAN},
    }.items():
        with pytest.raises(NotAllowed):
            narrow.run(name, effect_id="e-1", **given)


def test_an_event_is_made_as_its_card_says(world: World) -> None:
    details = {"place": "Raum 2", "text": "Erstens\nzweitens"}
    card = world.trial.preview("create_event", calendar=world.team, **PLAN, details=details)
    assert card.startswith(
        f"Create an event in the calendar {world.team} on 2026-11-25T10:00: “Plan ☕ für Ana”\n"
    )
    assert "When: Wed 25 Nov 2026 10:00–11:00 (Europe/Lisbon)" in card
    assert card.endswith("Where: Raum 2\n\nErstens\nzweitens")
    made = world.trial.run("create_event", effect_id="e-1", calendar=world.team, **PLAN, details=details)
    assert made.receipt is not None
    assert (made.receipt.effect, made.receipt.undo) == (Effect.CREATE, "Delete it")
    assert made.receipt.where in made.text
    listed = world.trial.run("list_events", **WEEK, calendar=world.team, zone="Asia/Tokyo").text
    assert "- Wed 25 Nov 2026 19:00–20:00 (Asia/Tokyo): Plan ☕ für Ana · Raum 2" in listed


def test_whole_days_are_made_and_shown_as_such(world: World) -> None:
    given = {"title": "Offsite", "start": "2026-11-25", "end": "2026-11-26"}
    made = world.trial.run("create_event", effect_id="e-1", calendar=world.team, **given)
    assert "Wed 25 Nov 2026 – Thu 26 Nov 2026 (whole days)" in made.text
    listed = world.trial.run("list_events", start="2026-11-26", end="2026-11-26", calendar=world.team)
    assert "Wed 25 Nov 2026 – Thu 26 Nov 2026 (whole days): Offsite" in listed.text


def test_busy_times_say_when_and_not_with_what(world: World) -> None:
    text = world.trial.run(
        "get_free_busy", calendars=[world.first, world.team, "nobody@example.com"], **WEEK
    ).text
    assert f"{world.first} is busy:\n- Mon 23 Nov 2026 09:00–09:30 (UTC)\n{world.team} is busy:" in text
    assert "nobody@example.com: not known, because" in text
    assert "Kickoff" not in text


def test_a_slot_is_found_for_people_in_different_zones(world: World) -> None:
    people = [
        {"calendar": world.first, "zone": "Europe/Lisbon"},
        {"calendar": world.team, "zone": "America/New_York", "works": "08:00-16:00"},
    ]
    text = world.trial.run("find_slot", people=people, minutes=60, **WEEK, most=2).text
    assert text.splitlines() == [
        "2 times of 60 minutes:",
        f"1. Mon 23 Nov 2026 13:00–14:00 (Europe/Lisbon) for {world.first} · "
        f"Mon 23 Nov 2026 08:00–09:00 (America/New_York) for {world.team}",
        f"2. Mon 23 Nov 2026 14:00–15:00 (Europe/Lisbon) for {world.first} · "
        f"Mon 23 Nov 2026 09:00–10:00 (America/New_York) for {world.team}",
    ]
    # On Tuesday from 15:00 to 16:00 in Lisbon there is the retrospective.
    tuesday = {"start": "2026-11-24", "end": "2026-11-24"}
    text = world.trial.run("find_slot", people=people, minutes=60, **tuesday).text
    assert "15:00–16:00 (Europe/Lisbon)" not in text
    assert (
        "16:00–17:00 (Europe/Lisbon)"
        not in world.trial.run("find_slot", people=people, minutes=120, **tuesday).text
    )


def test_who_cannot_be_looked_at_is_named_and_never_taken_for_free(world: World) -> None:
    people = [{"calendar": world.first}, {"calendar": "nobody@example.com"}]
    text = world.trial.run("find_slot", people=people, minutes=30, **WEEK).text
    assert text.startswith("When nobody@example.com is busy is not known, because ")
    with pytest.raises(ToolError, match=r"When nobody@example\.com is busy is not known"):
        world.trial.run("find_slot", people=people[1:], minutes=30, **WEEK)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"start": "tomorrow"}, "is no time"),
    ({"end": "2026-11-25T09:00"}, "The end must be after the start"),
    ({"end": "2026-11-26"}, "both as days"),
    ({"zone": "Europe/Atlantis"}, "is no time zone"),
    ({"start": "2027-03-28T01:30", "end": "2027-03-28T03:00"}, "does not exist in Europe/Lisbon"),
    ({"start": "2026-10-25T01:30", "end": "2026-10-25T03:00"}, r"comes twice .* 2026-10-25T01:30\+01:00"),
    ({"details": {"repeats": "FREQ=WEEKLY\r\nATTENDEE:mailto:eve@example.com"}}, "is no rule"),
    ({"details": {"repeats": "every week"}}, "is no rule"),
]


def test_what_cannot_be_meant_is_refused_before_anything_is_sent(world: World) -> None:
    for change, said in WRONG:
        with pytest.raises(ToolError, match=said):
            world.trial.run("create_event", effect_id="e-1", calendar=world.team, **PLAN | change)
    assert "Plan" not in world.trial.run("list_events", start="2026-10-01", end="2027-04-01").text
