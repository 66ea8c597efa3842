"""Slack as `emulate` plays it, as its specification and recorded answers have it, and a wire that loses things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.slack import plugin
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism


def connected(url: str, folder: Path, *, per: Per = Per.PERSON, **secrets: str) -> Trial:
    api = url.rstrip("/")
    connection = Connection(
        plugin="slack",
        way="token",
        per=per,
        secrets=secrets,
        endpoints={"api": api, "web": api.removesuffix("/api")},
    )
    return Trial(plugin=plugin, connection=connection, folder=folder)


def of_team(trial: Trial) -> Trial:
    """The same token, used by everybody."""
    return replace(trial, connection=replace(trial.connection, per=Per.TEAM))


@pytest.fixture
def trial(emulate: Emulate, tmp_path: Path) -> Trial:
    """Ana's own connection."""
    return connected(emulate.slack.url, tmp_path, token=emulate.slack.token)


@pytest.fixture
def specified(prism: Callable[[str], Prism]) -> Prism:
    """By the specification of 2020."""
    return prism("slack")


@pytest.fixture
def recorded(prism: Callable[[str], Prism]) -> Prism:
    """By Slack's recorded answers, for what came since."""
    return prism("slack-answers")
