"""Confluence by its official specification: prism refuses what that does not know, and answers what a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.confluence import plugin
from plugins.confluence.storage import storage
from tests.counterparts.prism import Call, Prism

GATEWAY = "/ex/confluence/acme"
V1, V2 = "/wiki/rest/api", "/wiki/api/v2"
SITE = "https://acme.atlassian.net"
SPACES = {"7": "ENG", "8": "HR"}


@dataclass(frozen=True)
class Confluence:
    """What the service answers next, and what it was asked."""

    running: Prism

    def says(self, method: str, path: str, body: Any, *, times: int = 1, **more: Any) -> None:
        for _ in range(times):
            self.running.answer(method, GATEWAY + path, body, **more)

    def has(self, number: str = "98310", space: str = "7", *, times: int = 1, **page: Any) -> None:
        """A page, as it is the next times that it is read; and the space it is in."""
        self.says("GET", f"{V2}/pages/{number}", a_page(number, space, **page), times=times)
        self.says("GET", f"{V2}/spaces/{space}", a_space(space), times=times)

    def has_spaces(self, *numbers: str, times: int = 1) -> None:
        self.says("GET", f"{V2}/spaces", {"results": [a_space(one) for one in numbers]}, times=times)

    @property
    def written(self) -> list[tuple[str, str, Any]]:
        """What was sent to change something: how, where, and what."""
        return [
            (call.method, call.path.removeprefix(GATEWAY), call.body)
            for call in self.running.calls
            if call.method != "GET" and not call.path.endswith("/users-bulk")
        ]

    @property
    def calls(self) -> list[Call]:
        return self.running.calls


def a_space(number: str) -> dict[str, Any]:
    key = SPACES[number]
    return {"id": number, "key": key, "name": f"Space {key}", "type": "global"}


def a_page(
    number: str = "98310",
    space: str = "7",
    *,
    title: str = "Billing",
    text: str = "Hello",
    raw: str = "",
    version: int = 2,
    parent: str | None = "98300",
) -> dict[str, Any]:
    return {
        "id": number,
        "title": title,
        "spaceId": space,
        "parentId": parent,
        "version": {"number": version, "createdAt": "2026-11-20T08:15:00.000Z"},
        "body": {"storage": {"value": raw or storage(text), "representation": "storage"}},
    }


def signed_in(url: str) -> Connection:
    """Somebody who signed in at Atlassian, whose token goes through its gateway."""
    return Connection(
        plugin="confluence",
        way="oauth",
        per=Per.PERSON,
        secrets={"token": "eyJ.x"},
        facts={"cloud": "acme", "site": SITE},
        endpoints={"api": url, "auth": url, "site": url},
    )


@pytest.fixture
def confluence(prism: Callable[[str], Prism]) -> Confluence:
    return Confluence(prism("confluence"))


@pytest.fixture
def trial(confluence: Confluence, tmp_path: Path) -> Trial:
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\xff")
    return Trial(plugin=plugin, connection=signed_in(confluence.running.url), folder=tmp_path)
