"""Security alerts, as the official specification gives them: told without the secrets they are about."""

from __future__ import annotations

import pytest

from bot.sdk import ToolError
from bot.sdk.trial import Trial
from tests.counterparts.prism import Prism

REPO = {"repo": "acme/api"}


def test_dependency_alerts_say_what_is_weak_and_what_mends_it(
    by_specification: Trial, official: Prism
) -> None:
    text = by_specification.run("list_dependency_alerts", **REPO).text
    assert text.startswith(
        "2 of 2 dependency alerts:\n#2 django (pip) · high · Django allows remote attackers"
    )
    assert (
        "CVE-2018-6188 · affected >= 2.0.0, < 2.0.2 · mended in 2.0.2 · path/to/requirements.txt · https"
        in text
    )
    assert official.calls[0].query["state"] == "open"
    assert official.calls[0].violations == []


def test_code_alerts_say_which_rule_and_where(by_specification: Trial, official: Prism) -> None:
    text = by_specification.run("list_code_alerts", **REPO, state="fixed").text
    assert (
        "#3 Arbitrary file write during zip extraction · error · lib/ab12-gen.js:917 · refs/heads/main"
        in text
    )
    assert official.calls[0].query["state"] == "fixed"


def test_secret_alerts_say_what_kind_and_never_the_secret(by_specification: Trial, official: Prism) -> None:
    text = by_specification.run("list_secret_alerts", **REPO, state="resolved").text
    assert "#2 Adafruit IO Key · resolved false_positive · validity inactive · 2020-11-06 · https" in text
    assert official.calls[0].query["hide_secret"] == "true"
    assert "aio_" not in text


def test_where_alerts_are_switched_off_it_is_said(by_specification: Trial, official: Prism) -> None:
    body = {"message": "Dependabot alerts are disabled for this repository.", "documentation_url": "x"}
    official.answer("GET", "/repos/{owner}/{repo}/dependabot/alerts", body, code=403)
    with pytest.raises(ToolError, match="Dependabot alerts are disabled for this repository"):
        by_specification.run("list_dependency_alerts", **REPO)
