"""Slack's rates are kept: a bucket per channel for posts, one for all changes, and a pause when Slack says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.slack.limits import POST, UNLIMITED, UPDATE, Limits, Rate, Rates

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RATES = Rates(posts=Rate(per_second=1, burst=2), updates=Rate(per_second=0.5, burst=1))


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_channel_takes_a_burst_and_then_one_a_second() -> None:
    limits = Limits(RATES)
    asked = [limits.wait_for(POST, "C1", now=NOW) for _ in range(3)]
    assert asked == [None, None, later(1)]
    assert limits.wait_for(POST, "C1", now=later(1)) is None
    assert limits.wait_for(POST, "C1", now=later(1)) == later(2)


def test_channels_do_not_wait_for_each_other_but_changes_share_one_allowance() -> None:
    limits = Limits(RATES)
    assert [limits.wait_for(POST, channel, now=NOW) for channel in ("C1", "C1", "C2")] == [None, None, None]
    assert [limits.wait_for(UPDATE, channel, now=NOW) for channel in ("C1", "C2")] == [None, later(2)]


def test_a_method_that_slack_holds_is_held_everywhere_and_no_other_is() -> None:
    limits = Limits(UNLIMITED)
    assert limits.hold(POST, 30, now=NOW) == later(30)
    assert limits.wait_for(POST, "C2", now=later(29)) == later(30)
    assert limits.wait_for(UPDATE, "C2", now=NOW) is None
    assert limits.wait_for(POST, "C2", now=later(30)) is None
