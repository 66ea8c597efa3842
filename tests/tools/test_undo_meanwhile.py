"""Somebody writes in the very moment in which a change is made or taken back: theirs is never lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime

import pytest

from bot import crossing
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import restoring
from bot.tools.desk import Desk
from bot.tools.kept import NOTHING, Change, Keep, Kept, Thing
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, run

THEIRS = "what they wrote"


class Somebody:
    """Acts once, when we stand at a point."""

    def __init__(self, point: str, act: Callable[[], object]) -> None:
        self._point, self._act = point, act

    def reached(self, point: str) -> None:
        if point == self._point:
            self._point = ""
            self._act()

    def around(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()


@contextmanager
def somebody_at(point: str, act: Callable[[], object]) -> Iterator[None]:
    watcher = Somebody(point, act)
    crossing.watch(watcher)
    try:
        yield
    finally:
        crossing.unwatch(watcher)


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    return desk_in(grounds)


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("write_file", {"path": "a.txt", "content": "new"}),
        ("copy_file", {"source": "b.txt", "destination": "a.txt"}),
        ("edit_file", {"path": "a.txt", "old_text": "old", "new_text": "new"}),
        ("delete_file", {"path": "a.txt"}),
    ],
)
def test_what_is_written_between_keeping_and_changing_stays(desk, grounds, tool, given):
    file = grounds.granted / "a.txt"
    file.write_text("old")
    (grounds.granted / "b.txt").write_text("another")
    placed = {
        name: str(grounds.granted / value) if value.endswith(".txt") else value
        for name, value in given.items()
    }

    with (
        somebody_at("kept.note.done", lambda: file.write_text(THEIRS)),
        pytest.raises(ToolError, match="kept"),
    ):
        run(desk, tool, **placed)
    assert file.read_text() == THEIRS


def test_a_new_file_that_is_written_to_while_it_is_taken_back_stays(desk, grounds):
    file = grounds.granted / "a.txt"
    run(desk.under(Halt(), "w"), "write_file", path=str(file), content="new")

    with (
        somebody_at("file.put_back", lambda: file.write_text(THEIRS)),
        pytest.raises(ToolError, match="it was changed since, and that change is kept"),
    ):
        restoring.take_back(desk.workspace, desk.kept.change("w"), desk.kept, Halt())
    assert file.read_text() == THEIRS


def test_an_old_content_is_not_put_over_what_is_written_meanwhile(desk, grounds):
    file = grounds.granted / "a.txt"
    file.write_text("old")
    run(desk.under(Halt(), "w"), "write_file", path=str(file), content="new")

    with (
        somebody_at("file.put_back", lambda: file.write_text(THEIRS)),
        pytest.raises(ToolError, match="it was changed since, and that change is kept"),
    ):
        restoring.take_back(desk.workspace, desk.kept.change("w"), desk.kept, Halt())
    assert file.read_text() == THEIRS


def test_what_was_never_copied_takes_no_room_from_what_was(tmp_path):
    now = datetime.now(UTC)
    kept = Kept(tmp_path / "kept", Keep(most_bytes=10), clock=lambda: now)
    with (tmp_path / "source").open("wb+") as file:
        file.write(b"text")
        file.seek(0)
        digest = kept.content(file, Halt())
    kept.note("edited", Change(path="/a", before=Thing(kind="file", size=4, digest=digest)))
    kept.note("moved", Change(path="/b", before=Thing(kind="file", size=99), moved_to="/c", after=NOTHING))

    kept.prune()

    assert [kept.change(one) is not None for one in ("edited", "moved")] == [True, True]
