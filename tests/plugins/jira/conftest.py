"""Jira by its official specification: prism refuses what that does not know, and answers what a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.jira import plugin
from plugins.jira.adf import document
from tests.counterparts.prism import Call, Prism

GATEWAY = "/ex/jira/acme"
SITE = "https://acme.atlassian.net"
MIA = {"accountId": "712020:mia-berg", "displayName": "Mia Berg"}
BEN = {"accountId": "712020:ben-oelm", "displayName": "Ben Ölm"}


@dataclass(frozen=True)
class Jira:
    """What the service answers next, and what it was asked."""

    running: Prism

    def says(self, method: str, path: str, body: Any, *, times: int = 1, **more: Any) -> None:
        for _ in range(times):
            self.running.answer(method, GATEWAY + path, body, **more)

    def has(self, key: str = "PAY-12", project: str = "PAY", *, times: int = 1, **fields: Any) -> None:
        """An issue, as it is the next times that it is read."""
        self.says("GET", f"/rest/api/3/issue/{key}", issue(key, project, **fields), times=times)

    def has_projects(self, **names: str) -> None:
        values = [{"key": key, "name": name} for key, name in names.items()]
        self.says("GET", "/rest/api/3/project/search", {"values": values, "isLast": True})

    @property
    def written(self) -> list[tuple[str, str, Any]]:
        """What was sent to change something: how, where, and what."""
        return [
            (call.method, call.path.removeprefix(GATEWAY), call.body)
            for call in self.running.calls
            if call.method != "GET"
        ]

    @property
    def calls(self) -> list[Call]:
        return self.running.calls


def issue(key: str = "PAY-12", project: str = "PAY", **fields: Any) -> dict[str, Any]:
    text = fields.pop("description", None)
    if isinstance(text, str):
        text = document(text)
    return {"id": "10002", "key": key, "fields": {"project": {"key": project}, "description": text, **fields}}


def signed_in(url: str) -> Connection:
    """Somebody who signed in at Atlassian, whose token goes through its gateway."""
    return Connection(
        plugin="jira",
        way="oauth",
        per=Per.PERSON,
        secrets={"token": "eyJ.x"},
        facts={"cloud": "acme", "site": SITE},
        endpoints={"api": url, "auth": url, "site": url},
    )


@pytest.fixture
def jira(prism: Callable[[str], Prism]) -> Jira:
    return Jira(prism("jira"))


@pytest.fixture
def trial(jira: Jira, tmp_path: Path) -> Trial:
    return Trial(plugin=plugin, connection=signed_in(jira.running.url), folder=tmp_path)
