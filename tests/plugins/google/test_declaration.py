"""The plugin keeps the rules that every plugin is held to."""

from __future__ import annotations

from bot.domain.effect import Effect
from bot.sdk import quality
from plugins.google import plugin


def test_it_breaks_no_rule_of_quality() -> None:
    assert quality.faults(plugin) == []


def test_what_shows_something_to_others_is_never_done_unasked() -> None:
    published = {name for name, one in plugin.tools.items() if one.effect is Effect.PUBLISH}
    assert published == {"google_share_file", "google_move_file"}


def test_reading_needs_no_more_than_the_right_to_read() -> None:
    for one in plugin.actions:
        assert bool(one.needs) == (one.effect is not Effect.READ), one.name
