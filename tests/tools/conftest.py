"""A granted folder, a read-only one, the task's own, and a place outside that must stay untouched."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.tools.paths import Root
from bot.tools.workspace import Workspace

OTHER_DISK = Path("/dev/shm")


@dataclass(frozen=True)
class Grounds:
    granted: Path
    reference: Path
    own: Path
    outside: Path
    workspace: Workspace

    def outside_is_untouched(self) -> bool:
        return {path.name: path.read_text() for path in self.outside.iterdir()} == {"secret.txt": "secret"}


@pytest.fixture
def grounds(tmp_path: Path) -> Grounds:
    granted, reference, own, outside = (
        tmp_path / name for name in ("granted", "reference", "own", "outside")
    )
    for folder in (granted, reference, own, outside):
        folder.mkdir()
    (outside / "secret.txt").write_text("secret")
    roots = [Root(path=granted, writable=True), Root(path=reference, writable=False)]
    return Grounds(granted, reference, own, outside, Workspace(roots, own))


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system to write to")
    with tempfile.TemporaryDirectory(dir=OTHER_DISK) as folder:
        yield Path(folder)
