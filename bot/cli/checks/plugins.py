"""Plugins: those that are there can be loaded, and what could not be is said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.checks.finding import Finding, fine, warning
from bot.registry.plugins import found
from bot.settings import Settings

NAME = "Plugins"


def plugins(settings: Settings) -> Iterator[Finding]:
    """One finding on those that work, and one for each that does not."""
    seen = found(settings.plugins)
    yield fine(NAME, ", ".join(one.title for one in seen.there.values()) or "none")
    for name, why in seen.broken.items():
        yield warning(NAME, f"{name} cannot be used: {why}", "Mend or update it, or remove its package.")
    for missing in sorted(settings.plugins - seen.makers):
        remedy = "Install it beside Cowork, or take it out of COWORK_PLUGINS."
        yield warning(NAME, f"{missing}, named in COWORK_PLUGINS, brings no plugin.", remedy)
    if seen.unlisted:
        yield fine(
            NAME, f"not loaded, as COWORK_PLUGINS does not name their package: {', '.join(seen.unlisted)}"
        )
