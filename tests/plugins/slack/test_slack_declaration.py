"""The declaration of the plugin."""

from __future__ import annotations

from bot.sdk import quality
from plugins.slack import plugin


def test_it_breaks_no_rule_of_quality() -> None:
    assert quality.faults(plugin) == []
