"""A granted folder, a read-only one, the task's own, and a place outside that must stay untouched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.tools.paths import Root
from bot.tools.workspace import Workspace


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
