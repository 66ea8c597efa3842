"""GitHub's counterparts: `emulate`, which keeps what it is told, and prism on the official specification."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.github import plugin
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism

REPO = "octocat/hello-world"


def connected(url: str, token: str, way: str = "oauth", per: Per = Per.PERSON) -> Connection:
    return Connection(
        plugin="github", way=way, per=per, secrets={"token": token}, endpoints={"api": url, "web": url}
    )


@pytest.fixture
def trial(emulate: Emulate, tmp_path: Path) -> Trial:
    """octocat's token at the emulator."""
    return Trial(
        plugin=plugin, connection=connected(emulate.github.url, emulate.github.token), folder=tmp_path
    )


@pytest.fixture
def github(emulate: Emulate) -> Callable[..., Any]:
    """The emulator asked directly: `github("POST", "/repos/…", title="…")` gives its answer."""

    def ask(method: str, path: str, token: str = emulate.github.token, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx2.request(method, emulate.github.url + path, json=body or None, headers=headers)
        return answer.raise_for_status().json() if answer.content else None

    return ask


@pytest.fixture
def official(prism: Callable[[str], Prism]) -> Prism:
    return prism("github")


@pytest.fixture
def by_specification(official: Prism, tmp_path: Path) -> Trial:
    return Trial(plugin=plugin, connection=connected(official.url, "github_pat_x"), folder=tmp_path)
