"""However many actions there are, each is found by what it does, and the prompt stays small."""

from __future__ import annotations

import json
import re

import pytest

from bot.registry.finding import SHOWN, Reach, finders, shown
from bot.registry.plugins import found
from bot.registry.tools import Toolset

TOOLS = Toolset(found().there)
REACH = Reach(tools=lambda: TOOLS.actions, examples=TOOLS.examples(), unconnected=list)
FIND = finders(REACH)["find_actions"].function


def found_by(query):
    return re.findall(r"^(\w+): (?=.*\n)", FIND(None, query=query).text, re.M)


@pytest.mark.parametrize("name", TOOLS.actions)
def test_an_action_is_found_by_the_words_of_what_it_does(name):
    service = name.partition("_")[0]
    summary = TOOLS.actions[name].description.partition("\n")[0]

    assert name in found_by(f"{service}: {summary}")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("comment on a pull request in github", "github_add_comment"),
        ("open a bug in jira", "jira_create_issue"),
        ("what is in the current sprint", "jira_list_sprint_issues"),
        ("share a google doc with somebody", "google_share_file"),
        ("rerun failed CI on github", "github_rerun_workflow"),
    ],
)
def test_people_ask_in_other_words(query, name):
    assert name in found_by(query)


def test_what_fits_nothing_finds_nothing():
    assert FIND(None, query="xylophone qqq").text == "No action fits."


def test_the_prompt_defines_few_actions_and_some_of_every_service():
    direct = [one for one in shown(TOOLS.built_in, TOOLS.actions, {}) if one.service]

    assert len(direct) <= SHOWN
    assert {one.service for one in direct} == {one.service for one in TOOLS.actions.values()}


def test_every_example_that_is_shown_is_a_valid_call():
    for block in FIND(None, query="create an issue").text.split("\nexample: ")[1:]:
        example = json.loads(block.partition("\n")[0])
        TOOLS.actions[example["action"]].arguments.model_validate(example["input"])
