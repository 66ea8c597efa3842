"""`cowork doctor` on plugins: what can be used, and what was named and is not there."""

from __future__ import annotations

import json
from typing import Any

Invoke = Any


def found(invoke: Invoke, **given: str) -> list[dict[str, str]]:
    said = json.loads(invoke("doctor", "--json", **given).stdout)
    return [one for one in said if one["name"] == "Plugins"]


def test_the_plugins_that_can_be_used_are_named(invoke: Invoke) -> None:
    (one,) = found(invoke)

    assert one["state"] == "ok"
    assert "GitHub" in one["found"] and "Jira" in one["found"]


def test_a_package_that_brings_no_plugin_is_said_with_the_remedy(invoke: Invoke) -> None:
    _, missing = found(invoke, COWORK_PLUGINS="acme-plugin")

    assert (missing["state"], missing["remedy"]) == (
        "warning",
        "Install it beside Cowork, or take it out of COWORK_PLUGINS.",
    )
