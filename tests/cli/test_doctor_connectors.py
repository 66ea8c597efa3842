"""`cowork doctor` looks at connectors.toml, where there is one."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Examine

CLOCK = '[connectors.clock]\ncommand = "{}"\n'


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
            "Install it, or mend the path in the file.",
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
