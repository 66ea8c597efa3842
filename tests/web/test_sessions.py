"""What the README shows of other programs is run as it stands: in bash with curl, with the SDK, over stdio."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from bot.app import Office
from tests import alone
from tests.web.programs import at_work, program

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = README.split("## From other programs\n")[1].split("\n## ")[0]
PATIENCE = 60


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with at_work(tmp_path_factory.mktemp("sessions")) as office:
        yield office


@pytest.fixture(scope="module")
def secrets(office: Office) -> Iterator[dict[str, str]]:
    """Of who asks, and of somebody who may approve that."""
    with program(office, "ana") as ana, program(office, "mia") as mia:
        yield {"COWORK_TOKEN": ana.secret, "APPROVER_TOKEN": mia.secret}


@pytest.fixture
def environment(office: Office, secrets: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """What the README says has to be there, and two reports to organise."""
    folder = Path(office.colleague.settings.folders[0].path)
    for name in ("a.md", "b.md"):
        (folder / name).write_text("Finance Report\n\nDepartment: Finance\nPeriod: March 2026\n")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "COWORK_URL": office.server.url, **secrets}


def shown(language: str, about: str) -> str:
    """The block of the section that is in this language and has this in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    [block] = [one for one in blocks if about in one]
    return str(block)


def ran(command: list[str], environment: dict[str, str], place: Path) -> list[str]:
    done = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("jq") is None, reason="the session takes jq")
def test_the_session_with_curl_starts_watches_decides_and_downloads(environment, tmp_path):
    said = ran(["bash", "-euo", "pipefail", "-c", shown("bash", "curl")], environment, tmp_path)

    assert [line for line in said if line in ("event: asked", '"approved"', "event: done")] == [
        "event: asked",
        '"approved"',
        "event: asked",
        "event: done",
    ]
    assert any(line.startswith("Move ") and "a.md" in line for line in said)
    assert "Finance" in (tmp_path / "INDEX.md").read_text("utf-8")


def test_the_session_with_the_sdk_is_told_what_waits_for_a_person_and_stops_it(environment, office, tmp_path):
    said = ran([sys.executable, "-c", shown("python", "streamable_http_client")], environment, tmp_path)

    assert said[0] == (
        "waiting It waits for a person. Show the checkpoint to your user and do not decide for them."
    )
    assert any("a.md" in line for line in said[1:])
    with program(office, "ana", name="looks") as ana:
        assert ana.get("/tasks").json()["tasks"][0]["state"] == "stopped"


def test_what_other_programs_have_in_their_file_starts_a_server_with_our_tools(environment):
    [(name, entry)] = json.loads(shown("json", "mcpServers"))["mcpServers"].items()
    assert (name, set(entry["env"])) == ("cowork", {"COWORK_URL", "COWORK_TOKEN"})
    [added] = re.findall(r"`claude mcp add cowork .* -- (.+)`", SECTION)
    assert added.split() == [entry["command"], *entry["args"]]
    given = {key: environment[key] for key in ("PATH", *entry["env"])}
    how = StdioServerParameters(command=entry["command"], args=entry["args"], env=given)

    async def story() -> list[str]:
        async with Client(stdio_client(how)) as client:
            assert "never decide for them" in (client.instructions or "")
            return [tool.name for tool in (await client.list_tools()).tools]

    assert {"start_task", "get_task", "respond_to_checkpoint"} <= set(alone.ran(story()))
