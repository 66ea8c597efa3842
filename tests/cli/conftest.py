"""`cowork` as its users meet it: in a place of its own, without anything of the developer's environment."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.main import app
from tests.cli.process import Cowork

Invoke = Callable[..., Result]
Findings = list[tuple[str, str, str]]
Examine = Callable[..., Findings]
Somebody = Callable[[], contextlib.AbstractContextManager[None]]

NOBODY = 65534


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The current folder and the user's home; Cowork's own home is `state` in it, not made yet."""
    return tmp_path


@pytest.fixture
def invoke(place: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """A verb in this process: `invoke("tasks", "--json", COWORK_PORT="1")`."""
    for name in list(os.environ):
        if name.startswith(("COWORK_", "SLACK_", "ANTHROPIC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("COWORK_HOME", str(place / "state"))
    monkeypatch.setenv("COWORK_PORT", "0")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(place)

    def invoked(*words: str, **environment: str) -> Result:
        return CliRunner().invoke(app, list(words), env=environment)

    return invoked


@pytest.fixture
def examine(invoke: Invoke) -> Examine:
    """What the doctor finds under one name, as (state, found, remedy); its exit code must fit."""

    def examined(name: str, **environment: str) -> Findings:
        result = invoke("doctor", "--json", **environment)
        told = json.loads(result.stdout)
        assert result.exit_code == int(any(one["state"] == "failed" for one in told))
        return [(one["state"], one["found"], one["remedy"]) for one in told if one["name"] == name]

    return examined


@pytest.fixture
def cowork(place: Path) -> Iterator[Callable[..., Cowork]]:
    """A process of its own: `cowork("run", "GOAL")`; killed at the end if it still runs.

    With `afresh` it loads everything itself, as from the command line.
    """
    begun: list[Cowork] = []

    def begin(*words: str, afresh: bool = False, **environment: str) -> Cowork:
        begun.append(Cowork(words, place, environment, afresh=afresh))
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def somebody() -> Somebody:
    """While it lasts, this process has the rights of an ordinary user: root may do anything."""

    @contextlib.contextmanager
    def acting() -> Iterator[None]:
        was = os.geteuid()
        if was == 0:
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(was)

    return acting
