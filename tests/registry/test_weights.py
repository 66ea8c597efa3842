"""Actions of our plugins that set something going or open it to others: a person sees each, whatever is switched on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.registry import plugins
from bot.sdk import Effect

FILE = {"repo": "acme/api", "content": "", "message": "", "branch": "main"}


def _effects(plugin: str, name: str, arguments: dict[str, Any]) -> set[Effect | None]:
    found = next(one for one in plugins.found().there[plugin].actions if one.name == name)
    besides = found.besides and found.besides(None, **arguments)
    return {found.effect, besides} - {None}


@pytest.mark.parametrize(
    ("plugin", "name", "arguments"),
    [
        ("github", "create_file", FILE | {"path": ".github/workflows/ci.yml"}),
        ("github", "create_file", FILE | {"path": "/.github//workflows/ci.yml"}),
        ("github", "update_file", FILE | {"path": ".github/actions/build/action.yml"}),
        ("github", "approve_pull_request", {}),
        ("github", "rerun_workflow", {}),
        ("github", "rerun_failed_jobs", {}),
        ("github", "trigger_workflow", {}),
        ("google", "copy_file", {"file": "salaries", "folder": "open-to-all"}),
        ("google", "move_file", {}),
        ("google", "share_file", {}),
        ("confluence", "move_page", {}),
    ],
)
def test_what_runs_or_opens_something_is_published(plugin, name, arguments):
    assert Effect.PUBLISH in _effects(plugin, name, arguments)


@pytest.mark.parametrize(
    ("plugin", "name", "arguments"),
    [
        ("github", "create_file", FILE | {"path": "docs/.github/workflows.md"}),
        ("google", "copy_file", {"file": "salaries"}),
    ],
)
def test_what_does_not_is_not(plugin, name, arguments):
    assert _effects(plugin, name, arguments) == {Effect.CREATE}


@pytest.mark.parametrize("name", sorted(plugins.found().there))
def test_whatever_writes_notes_where_to(name):
    """After others' text a place that nobody named is asked for, whatever is switched on."""
    writing = [one for one in plugins.found().there[name].actions if one.effect is not Effect.READ]

    assert [one.name for one in writing if not one.destinations] == []
