"""`cowork doctor` looks at connectors.toml, at what approved servers need, and at what confines them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.checks import cells
from tests.cli.conftest import Examine, Invoke

CLOCK = '[connectors.clock]\ncommand = "{}"\n'


def program(place: Path, name: str, *lines: str) -> Path:
    """One that is found in `place/bin`."""
    file = place / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines), "utf-8")
    file.chmod(0o755)
    return file


def test_without_the_file_there_is_nothing_to_say(examine: Examine) -> None:
    assert examine("Connectors") == []


def test_the_file_of_the_home_is_found_and_a_program_that_is_not_there_is_told(
    examine: Examine, place: Path
) -> None:
    (place / "state").mkdir()
    file = place / "state" / "connectors.toml"
    file.write_text(CLOCK.format("/nowhere/clock"), "utf-8")

    assert examine("Connectors") == [
        ("ok", f"clock; 0 more approved, in {file}", ""),
        (
            "warning",
            "clock cannot be started: there is no program /nowhere/clock.",
            "Install it, or mend the path where it is approved.",
        ),
    ]


def test_a_file_that_cannot_be_understood_fails_with_its_place(examine: Examine, place: Path) -> None:
    file = place / "mine.toml"
    file.write_text(CLOCK.format("clock"), "utf-8")

    (found,) = examine("Connectors", COWORK_CONNECTORS=str(file))

    assert found[0] == "failed"
    assert found[1].startswith(
        f"In {file}, [connectors.clock] command: A command begins with the absolute path"
    )


def test_what_interprets_an_approved_server_is_looked_for(
    examine: Examine, invoke: Invoke, place: Path
) -> None:
    server = program(place, "server-memory", "#!/usr/bin/env node", "")
    program(place, "node", "#!/bin/sh", "")
    assert invoke("connectors", "approve", "--", str(server), "--fast").exit_code == 0

    assert examine("Connectors", PATH=f"{place}/bin:/usr/bin") == []
    assert examine("Connectors", PATH=str(place)) == [
        (
            "warning",
            f'The approved server ["{server}", "--fast"] cannot be started: it needs node, which is not in PATH.',
            "Install Node.js, which brings node and npx.",
        )
    ]


def test_a_cell_that_works_is_told_by_what_it_gives(examine: Examine, place: Path) -> None:
    program(place, "bwrap", "#!/bin/sh", "exit 0")

    ((state, found, remedy),) = examine("Sandbox", PATH=f"{place}/bin:/usr/bin")

    assert (state, remedy) == ("ok", "")
    assert found.startswith("bubblewrap works: a connector's server on this machine sees its own program")


def test_without_a_cell_whoever_approved_a_server_is_warned_and_told_what_to_install(
    examine: Examine, invoke: Invoke, place: Path
) -> None:
    program(place, "apt-get", "#!/bin/sh")
    bare = {"PATH": f"{place}/bin"}
    ((state, found, _),) = examine("Sandbox", **bare)
    assert (state, found.partition(". ")[2].rpartition(". ")[2]) == ("ok", "None is approved now.")

    assert invoke("connectors", "approve", "--network", "--", "/opt/mcp/bin/server-memory").exit_code == 0
    ((state, found, remedy),) = examine("Sandbox", **bare)

    assert state == "warning"
    assert found == (
        "bubblewrap does not work here (it is not installed). Without it a connector's server on this machine runs "
        "with the rights of Cowork itself: all its files, and the network."
    )
    assert remedy == "Install it: sudo apt-get install bubblewrap; then start Cowork again."


def test_a_kernel_that_forbids_it_is_named_with_the_setting_that_allows_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "bwrap: setting up uid map: Permission denied"
    program(place, "bwrap", "#!/bin/sh", f"echo '{said}' >&2", "exit 1")
    monkeypatch.setenv("PATH", f"{place}/bin:/usr/bin")
    (place / "kernel").mkdir()

    (free,) = cells.cells(is_needed=True, kernel=place)
    (place / "kernel" / "apparmor_restrict_unprivileged_userns").write_text("1\n", "utf-8")
    (closed,) = cells.cells(is_needed=True, kernel=place)

    assert free.found.startswith(f"bubblewrap does not work here ({said}).")
    assert free.remedy.startswith("In a container, let it make namespaces")
    assert "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (and" in closed.remedy


def test_whether_tasks_can_run_commands_is_told_with_what_to_do_where_they_cannot(
    examine: Examine, place: Path
) -> None:
    program(place, "apt-get", "#!/bin/sh")
    ((state, found, remedy),) = examine("Commands", PATH=f"{place}/bin")
    assert (state, found) == (
        "warning",
        "Tasks cannot run commands here: bubblewrap does not work here (it is not installed).",
    )
    assert remedy == "Install it: sudo apt-get install bubblewrap; then start Cowork again."

    program(place, "bwrap", "#!/bin/sh", "exit 0")  # it says yes to all, and confines nothing
    ((state, found, _),) = examine("Commands", PATH=f"{place}/bin:/usr/bin:/bin")
    assert (state, found.startswith("Tasks cannot run commands here: ")) == ("warning", True)
