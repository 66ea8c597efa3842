"""What actions give back reads the same whatever service it is of."""

from __future__ import annotations

from bot.sdk import line, minute


def test_a_row_leaves_out_what_is_empty() -> None:
    assert line("PAY-1 Login fails", "", None, "due 2026-12-01") == "PAY-1 Login fails · due 2026-12-01"


def test_a_moment_is_told_to_the_minute_and_nothing_of_none() -> None:
    assert minute("2026-11-23T09:30:00.000+0100") == "2026-11-23 09:30"
    assert minute(None) == ""
