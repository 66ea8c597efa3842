"""Every plugin that comes with Cowork is held to the table of rules, and a plugin that breaks one is told where."""

import dataclasses

import pytest

from bot.registry.plugins import found
from bot.sdk.quality import RULES, faults
from tests.registry.shelf import shelf

OURS = found().there


def test_all_our_plugins_can_be_loaded():
    assert found().broken == {}


@pytest.mark.parametrize("name", OURS)
def test_a_plugin_of_ours_keeps_every_rule(name):
    assert faults(OURS[name]) == []


def test_there_are_no_rules_that_a_good_plugin_breaks(tmp_path):
    assert faults(shelf()) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("introduced", {"description": "Short."}),
        ("introduced", {"icon": "books"}),
        ("introduced", {"ways": ()}),
    ],
)
def test_a_badly_introduced_plugin_is_told_so(rule, change):
    assert {one.rule for one in faults(dataclasses.replace(shelf(), **change))} == {rule}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("named", {"name": "listing"}),
        ("described", {"description": "Short."}),
        ("described", {"description": "A line of a good length.\n\n" + "x" * 2_000}),
        ("exemplified", {"example": {"nothing": 1}}),
        ("previewed", {"preview": lambda context, **_: context.client.get("/name")}),
        ("previewed", {"preview": lambda context, **_: "two\nlines"}),
        ("shown whole", {"detail": None}),
        ("errors translated", {"function": lambda context, **_: context.client.raw()}),
    ],
)
def test_a_bad_action_is_told_which_rule_it_breaks(rule, change):
    plugin = shelf()
    actions = tuple(
        dataclasses.replace(one, **change) if one.name == "create_book" else one for one in plugin.actions
    )

    broken = faults(dataclasses.replace(plugin, actions=actions))

    assert rule in {one.rule for one in broken}
    assert {one.where for one in broken} <= {"create_book", change.get("name")}


def test_each_rule_has_a_name_and_a_meaning_of_its_own():
    assert len({rule.name for rule in RULES}) == len({rule.meaning for rule in RULES}) == len(RULES)
