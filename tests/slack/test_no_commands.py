"""Where nothing can be confined people are told why and what to do, and the model has no such tool."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.grant import Grants
from bot.registry.tools import Toolset
from bot.sandbox import mending, probe
from bot.slack.views.home import home
from tests.slack.test_views import HOME


def test_the_model_has_the_tool_only_where_there_is_a_sandbox() -> None:
    without, shown_without = Toolset().for_task(None)
    having, shown_having = Toolset(has_sandbox=lambda: True).for_task(None)

    assert having.keys() - without.keys() == {"run_command"}
    assert {one.name for one in shown_having} - {one.name for one in shown_without} == {"run_command"}
    assert not Grants().sandbox


def test_the_home_says_why_and_what_to_do_and_nothing_where_all_is_well() -> None:
    missing = "bubblewrap does not work here (it is not installed)"
    shown = str(home(replace(HOME, no_commands=mending.told(missing))).to_dict())

    assert f"I cannot run commands on this machine: {missing}." in shown
    assert "*Commands*" not in str(home(replace(HOME, no_commands=mending.told(""))).to_dict())


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        (probe.ROOT, "Run Cowork as an ordinary user"),
        (probe.NO_PRLIMIT, "Install util-linux"),
        (f"{probe.LEAKS}: network", "Please report this"),
    ],
)
def test_each_reason_has_its_remedy(why: str, remedy: str) -> None:
    assert mending.of_commands(why).startswith(remedy)
