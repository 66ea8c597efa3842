"""Kill the process that brings a backup back: it can be done again, and then everything is there."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.kill import member
from tests.kill.member import Crossed, Strike
from tests.store import databases


@pytest.mark.parametrize("point", ["restore.settle", "restore.settle.done"])
def test_a_backup_whose_bringing_back_was_killed_can_be_brought_back_again(
    tmp_path: Path, point: str
) -> None:
    home, backup = tmp_path / "home", tmp_path / "backup.tar.gz"
    home.mkdir()
    databases.sqlite_url(home)
    next(home.glob("*.sqlite")).rename(home / "cowork.sqlite")
    assert _exit_of(tmp_path, home, "backup", str(backup)) == 0

    empty = tmp_path / "empty"
    strike = Strike(at=Crossed(verb="restore", point=point))
    assert _exit_of(tmp_path, empty, "restore", str(backup), strike=strike) == -signal.SIGKILL
    assert _exit_of(tmp_path, empty, "restore", str(backup)) == 0, (tmp_path / "log").read_text()

    assert Database(f"sqlite:///{empty / 'cowork.sqlite'}").trouble() == ""
    assert {one.name for one in empty.iterdir()} <= {"cowork.sqlite", "lock"}


def _exit_of(place: Path, home: Path, verb: str, *words: str, strike: Strike | None = None) -> int | None:
    strikes = [strike] if strike else []
    process = member.start(verb, place, {"COWORK_HOME": str(home)}, strikes, *words)
    process.join()
    return process.exitcode
