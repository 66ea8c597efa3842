"""GitHub's counterparts: `emulate`, which keeps what it is told, and prism on the official specification."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
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

Ask = Callable[..., Any]


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
def github(emulate: Emulate) -> Iterator[Ask]:
    """The emulator asked directly: `github("POST", "/repos/…", title="…")` gives its answer."""
    headers = {"Authorization": f"Bearer {emulate.github.token}"}
    with httpx2.Client(base_url=emulate.github.url, headers=headers) as octocat:

        def ask(method: str, path: str, **body: Any) -> Any:
            answer = octocat.request(method, path, json=body or None).raise_for_status()
            return answer.json() if answer.content else None

        yield ask


@pytest.fixture
def pull(github: Ask) -> Any:
    """Pull request 1: a branch with one file changed and one added."""
    main = github("GET", f"/repos/{REPO}/git/ref/heads/main")["object"]["sha"]
    github("POST", f"/repos/{REPO}/git/refs", ref="refs/heads/fix/login", sha=main)
    readme = github("GET", f"/repos/{REPO}/contents/README.md")["sha"]
    for path, text, more in (("README.md", "Hello!\n", {"sha": readme}), ("src/a.py", "print(1)\n", {})):
        content = b64encode(text.encode()).decode()
        put = {"message": f"Change {path}", "content": content, "branch": "fix/login", **more}
        github("PUT", f"/repos/{REPO}/contents/{path}", **put)
    return github(
        "POST", f"/repos/{REPO}/pulls", title="Fix login", head="fix/login", base="main", body="Mends #9"
    )


@pytest.fixture
def official(prism: Callable[[str], Prism]) -> Prism:
    return prism("github")


@pytest.fixture
def by_specification(official: Prism, tmp_path: Path) -> Trial:
    return Trial(plugin=plugin, connection=connected(official.url, "github_pat_x"), folder=tmp_path)


def as_person(trial: Trial, token: str) -> Trial:
    """The same with another's token."""
    return replace(trial, connection=replace(trial.connection, secrets={"token": token}))
