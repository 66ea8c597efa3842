"""`cowork doctor` on granted folders: each grant is looked at alone, beside the others, and beside the home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.cli.checks.folders import folders
from bot.domain.grant import FolderGrant
from tests.cli.conftest import Examine, Somebody


@pytest.fixture
def reports(place: Path) -> Path:
    (place / "reports" / "2026").mkdir(parents=True)
    return place / "reports"


def test_a_granted_folder_is_named_with_its_mode(examine: Examine, reports: Path) -> None:
    granted = os.pathsep.join([f"{reports}/2026:ro", str(reports.parent)])
    assert examine("Folder", COWORK_FOLDERS=f"{reports}:ro") == [("ok", f"{reports} (read only)", "")]
    assert examine("Folder", COWORK_FOLDERS=granted)[0] == ("ok", f"{reports}/2026 (read only)", "")


def test_a_folder_that_is_not_there_is_a_failure(examine: Examine, place: Path) -> None:
    assert examine("Folder", COWORK_FOLDERS=f"{place}/gone") == [
        ("failed", f"{place}/gone does not exist.", "Make it, or take it out of COWORK_FOLDERS.")
    ]


def test_a_file_is_not_a_folder(examine: Examine, place: Path) -> None:
    (place / "note.md").write_text("")
    remedy = "Grant the folder that holds it, or take it out of COWORK_FOLDERS."
    assert examine("Folder", COWORK_FOLDERS=f"{place}/note.md") == [
        ("failed", f"{place}/note.md is not a folder.", remedy)
    ]


def test_a_folder_that_cannot_be_read_is_a_failure(shared_folder: Path, somebody: Somebody) -> None:
    closed = shared_folder / "closed"
    closed.mkdir(mode=0o300)
    with somebody():
        (finding,) = folders([FolderGrant(path=str(closed))], Path("/elsewhere"))
    assert (finding.state, finding.found) == ("failed", f"{closed} cannot be read.")
    assert finding.remedy.startswith("Let the user who runs Cowork read it")


def test_a_folder_granted_for_writing_that_cannot_be_written_to_is_a_failure(
    shared_folder: Path, somebody: Somebody
) -> None:
    kept = shared_folder / "kept"
    kept.mkdir(mode=0o555)
    with somebody():
        (finding,) = folders([FolderGrant(path=str(kept))], Path("/elsewhere"))
        (reading,) = folders([FolderGrant(path=str(kept), writable=False)], Path("/elsewhere"))
    assert (finding.state, reading.state) == ("failed", "ok")
    assert finding.found == f"{kept} is granted for writing, but cannot be written to."
    assert finding.remedy.endswith(f"Or grant it for reading only: {kept}:ro")


@pytest.mark.parametrize(
    ("outer", "inner", "remedy"),
    [
        ("rw", "rw", "Take the inner one out of COWORK_FOLDERS: it adds nothing."),
        ("rw", "ro", "The inner grant decides there; keep both only if that is what you mean."),
    ],
)
def test_a_folder_inside_another_is_a_warning(
    outer: str, inner: str, remedy: str, examine: Examine, reports: Path
) -> None:
    modes = {"rw": "read and write", "ro": "read only"}
    granted = os.pathsep.join([f"{reports}:{outer}", f"{reports}/2026:{inner}"])
    found = f"{reports}/2026 ({modes[inner]}) lies inside {reports} ({modes[outer]})."
    assert examine("Folder", COWORK_FOLDERS=granted)[2:] == [("warning", found, remedy)]


def test_a_folder_granted_twice_is_a_warning(examine: Examine, reports: Path) -> None:
    granted = os.pathsep.join([str(reports), f"{reports}:ro"])
    found = f"{reports} is granted twice (read and write; read only)."
    remedy = "Keep one of the two in COWORK_FOLDERS; the stricter one holds."
    assert examine("Folder", COWORK_FOLDERS=granted)[2:] == [("warning", found, remedy)]


def test_a_folder_that_contains_the_home_is_a_warning(examine: Examine, place: Path) -> None:
    found = f"{place} (read and write) contains Cowork's own home, {place}/state."
    remedy = "Set COWORK_HOME to a place outside it; until then the home in it stays closed to tasks."
    assert examine("Folder", COWORK_FOLDERS=str(place)) == [("warning", found, remedy)]


def test_a_folder_inside_the_home_is_a_failure(examine: Examine, place: Path) -> None:
    (place / "state" / "tasks").mkdir(parents=True)
    found = f"{place}/state/tasks lies inside Cowork's own home, {place}/state."
    remedy = "Grant another folder: what is in COWORK_HOME stays closed to tasks."
    assert examine("Folder", COWORK_FOLDERS=f"{place}/state/tasks") == [("failed", found, remedy)]
