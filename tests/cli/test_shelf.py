"""`cowork plugins`: what the terminal's tasks may use is listed, installed, limited, connected and ended there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from tests.counterparts.emulate import Emulate

Invoke = Any
KEY = "a-long-key-of-the-operator-0123456789ab"


def shown(invoke: Invoke) -> dict[str, Any]:
    found = json.loads(invoke("plugins", "show", "linear", "--json").stdout)
    return found | {"actions": {one["tool"]: one["permission"] for one in found["actions"]}}


def test_an_operator_installs_limits_and_disables_it_for_the_terminal(invoke: Invoke) -> None:
    before = [json.loads(line) for line in invoke("plugins", "list", "--json").stdout.splitlines()]
    assert {"linear", "github"} <= {one["name"] for one in before}
    assert {one["state"] for one in before} == {"not installed"}

    said = [
        invoke("plugins", "install", "linear"),
        invoke("plugins", "allow", "linear", "ask", "create", "update_issue"),
        invoke("plugins", "scope", "linear", "ENG", "OPS"),
    ]

    assert [one.exit_code for one in said] == [0, 0, 0]
    assert "linear_create_issue" in said[1].stdout
    found = shown(invoke)
    assert (found["state"], found["scope"]) == ("on", ["ENG", "OPS"])
    assert found["actions"]["linear_list_issues"] == "on"
    assert found["actions"]["linear_update_issue"] == found["actions"]["linear_create_issue"] == "ask"
    assert "scope: * → ENG, OPS" in invoke("plugins", "show", "linear").stdout
    invoke("plugins", "disable", "linear")
    assert shown(invoke)["state"] == "off"
    invoke("plugins", "enable", "linear")
    assert shown(invoke)["scope"] == ["ENG", "OPS"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("allow", "linear", "on", "nothing"), "has no action nothing, and it is no kind"),
        (("allow", "linear", "ask", "list_issues"), "“ask” is no choice for linear_list_issues"),
        (("disable", "nothing"), "There is no plugin nothing here"),
        (("connect", "linear", "--way", "oauth"), "has no form oauth. There are: token"),
        (("scope", "linear", "EN?"), "“EN?” cannot be chosen"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(invoke: Invoke, words: tuple[str, ...], why: str) -> None:
    invoke("plugins", "install", "linear")

    said = invoke("plugins", *words)

    assert (said.exit_code, why in " ".join(said.stderr.split())) == (2, True), said.stderr


def test_a_key_is_tried_at_the_service_and_kept_and_the_plugin_is_on(
    invoke: Invoke, emulate: Emulate
) -> None:
    given = {"COWORK_LINEAR_API_URL": emulate.linear.url, "COWORK_SECRET_KEY": KEY}
    invoke("plugins", "list")

    def connect(key: str) -> Any:
        return CliRunner().invoke(app, ["plugins", "connect", "linear"], input=f"{key}\n", env=given)

    refused, made = connect("lin_wrong"), connect(emulate.linear.token)

    assert (refused.exit_code, "Nothing was kept" in refused.stderr) == (2, True)
    assert made.exit_code == 0, made.stderr
    assert "Linear is connected as" in made.stdout and emulate.linear.token not in made.stdout
    found = shown(invoke)
    assert (found["state"], len(found["accounts"])) == ("on", 1)
    assert invoke("plugins", "disconnect", "linear", **given).exit_code == 0
    assert shown(invoke)["accounts"] == []


def test_without_a_key_of_the_operator_nothing_is_kept_and_the_remedy_is_said(invoke: Invoke) -> None:
    invoke("plugins", "list")

    said = CliRunner().invoke(app, ["plugins", "connect", "linear"], input="lin_x\n")

    assert (said.exit_code, "COWORK_SECRET_KEY is not set" in said.stderr) == (2, True)
