"""No action of a plugin goes without a counterpart that nobody here wrote."""

from __future__ import annotations

from bot.registry import plugins
from tests.counterparts import table

OURS = plugins.found().there
TOOLS = {tool: (plugin, action) for plugin in OURS.values() for tool, action in plugin.tools.items()}


def test_every_action_has_a_counterpart_and_every_row_an_action() -> None:
    rows = table.table()
    assert sorted(TOOLS.keys() - rows.keys()) == [], "without a row: tests/counterparts/rows/<plugin>.toml"
    assert sorted(rows.keys() - TOOLS.keys()) == [], "rows of no action"
    assert {tool for tool, named in rows.items() if not named or set(named) - table.FIXTURES.keys()} == set()


def test_the_tests_of_a_plugin_run_each_action_against_what_the_table_names() -> None:
    rows = table.table()
    untrue = [
        f"{tool}: {counterpart}"
        for tool, (plugin, action) in TOOLS.items()
        for counterpart in rows.get(tool, ())
        if not table.is_run_against(plugin.name, action.name, counterpart)
    ]
    assert untrue == [], f"no file of {table.TESTS} names the action and asks for that counterpart's fixture"
