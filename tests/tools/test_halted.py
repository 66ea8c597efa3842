"""A call that is told to end does so at the next piece, file or row, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bot.errors import Halted
from bot.sdk.halt import Halt
from bot.tools.paths import Root
from bot.tools.workspace import Workspace
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, put, run

MEGABYTE = 1024 * 1024


class HaltsAt(Halt):
    """Is told at the n-th time that the call asks."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.asked = number, 0

    def check(self) -> None:
        self.asked += 1
        if self.asked == self.number:
            self.set()
        super().check()


def everything(*folders: Path) -> dict[str, bytes | None]:
    return {
        str(path): path.read_bytes() if path.is_file() else None
        for folder in folders
        for path in sorted(folder.rglob("*"))
    }


def test_two_hundred_megabytes_are_copied_piece_by_piece_and_nothing_stays_of_a_halted_copy(
    grounds: Grounds,
) -> None:
    source = grounds.reference / "big.bin"
    with source.open("wb") as file:
        file.truncate(200 * MEGABYTE)
    halt = HaltsAt(40)

    with pytest.raises(Halted):
        run(
            desk_in(grounds).under(halt),
            "copy_file",
            source=str(source),
            destination=f"{grounds.granted}/x/y/z",
        )

    assert (list(grounds.granted.iterdir()), halt.asked) == ([], 40)
    assert source.stat().st_size == 200 * MEGABYTE


def copies(workspace: Workspace, folder: Path) -> None:
    workspace.copy(f"{folder}/new.txt", f"{folder}/deep/er/copy.txt")


def copies_over(workspace: Workspace, folder: Path) -> None:
    workspace.copy(f"{folder}/new.txt", f"{folder}/old.txt")


def writes(workspace: Workspace, folder: Path) -> None:
    workspace.write_new(f"{folder}/deep/written.txt", b"written")


def writes_over(workspace: Workspace, folder: Path) -> None:
    digest = workspace.digest(f"{folder}/old.txt")
    workspace.write_replacing(f"{folder}/old.txt", b"written", expected=digest)


def moves_to_another_disk(workspace: Workspace, folder: Path) -> None:
    workspace.move(f"{folder}/new.txt", "moved.txt")


@pytest.mark.parametrize("act", [copies, copies_over, writes, writes_over, moves_to_another_disk])
def test_wherever_it_is_halted_a_write_is_whole_or_was_never_there(
    tmp_path: Path, other_disk: Path, act: Callable[[Workspace, Path], None]
) -> None:
    ends = []
    for number in range(1, 10):
        folder, own = tmp_path / str(number), other_disk / str(number)
        folder.mkdir()
        own.mkdir()
        (folder / "old.txt").write_bytes(b"old")
        (folder / "new.txt").write_bytes(b"new" * MEGABYTE)
        workspace = Workspace([Root(path=folder, writable=True)], own)
        before = everything(folder, own)
        try:
            act(workspace.under(HaltsAt(number)), folder)
        except Halted:
            assert everything(folder, own) == before
            ends.append("halted")
        else:
            assert everything(folder, own) != before
            assert not [name for name in everything(folder, own) if ".cowork-" in name]
            ends.append("done")
    halted = ends.count("halted")
    assert halted >= 2
    assert ends == ["halted"] * halted + ["done"] * (9 - halted)


def test_a_search_ends_between_two_files_and_a_listing_between_two_entries(grounds: Grounds) -> None:
    for number in range(300):
        put(grounds.granted, f"{number:03}.txt", "some text")
    search, listing = HaltsAt(50), HaltsAt(50)

    with pytest.raises(Halted):
        run(desk_in(grounds).under(search), "search_files", query="nowhere")
    with pytest.raises(Halted):
        run(desk_in(grounds).under(listing), "list_folder", path=str(grounds.granted), recursive=True)

    assert (search.asked, listing.asked) == (50, 50)


def test_a_large_file_is_read_piece_by_piece(grounds: Grounds) -> None:
    path = put(grounds.granted, "log.txt", "line\n" * (2 * MEGABYTE))

    with pytest.raises(Halted):
        run(desk_in(grounds).under(HaltsAt(5)), "read_file", path=path)


def test_a_halted_delivery_leaves_no_copy(grounds: Grounds) -> None:
    path = put(grounds.granted, "big.bin", b"x" * 5 * MEGABYTE)
    desk = desk_in(grounds)

    with pytest.raises(Halted):
        run(desk.under(HaltsAt(3)), "deliver", path=path, title="Big")

    assert list(desk.handed_over.iterdir()) == []


class Blocked(Halt):
    """Sets `reached` when the call waits for something that must be ended for it."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()

    def calling(self, end):  # type: ignore[no-untyped-def]
        block = super().calling(end)
        self.reached.set()
        return block


def test_the_child_that_parses_a_document_is_killed(grounds: Grounds) -> None:
    path = put(grounds.granted, "endless.html", "<p>one more</p>" * (2 * MEGABYTE))
    halt = Blocked()
    desk = desk_in(grounds).under(halt)
    raised: list[Halted] = []

    def read() -> None:
        try:
            run(desk, "read_file", path=path)
        except Halted as error:
            raised.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    assert halt.reached.wait(60)
    halt.set()
    reading.join(20)

    assert len(raised) == 1
    assert [one for one in psutil.Process().children() if "endless.html" in one.cmdline()] == []


def test_what_was_to_be_called_is_called_at_once_when_it_is_late_and_never_after_the_block() -> None:
    called: list[str] = []
    early, late = Halt(), Halt()
    with early.calling(lambda: called.append("early")):
        assert called == []
    early.set()
    late.set()
    with late.calling(lambda: called.append("late")):
        assert called == ["late"]
    late.set()

    assert called == ["late"]
