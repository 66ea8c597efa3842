"""Copies and moves: of any size, to any disk, never over what is there, and readable off the disk."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ToolError
from bot.tools import renaming
from bot.tools.paths import Root
from bot.tools.workspace import Workspace
from tests.tools.conftest import Grounds


def test_a_move_renames_and_never_overwrites(grounds: Grounds) -> None:
    (grounds.granted / "a").write_text("a")
    (grounds.granted / "b").write_text("b")

    with pytest.raises(ToolError, match=r"'.*/b' already exists\. It was kept"):
        grounds.workspace.move(f"{grounds.granted}/a", f"{grounds.granted}/b")
    done = grounds.workspace.move(f"{grounds.granted}/a", f"{grounds.granted}/new/c")

    assert (done.outcome, done.folders_made) == ("moved", (f"{grounds.granted}/new",))
    assert (grounds.granted / "b").read_text() == "b"
    assert (grounds.granted / "new/c").read_text() == "a"


def test_a_move_that_fails_takes_back_the_folders_it_made(grounds: Grounds) -> None:
    (grounds.granted / "a").mkdir()

    with pytest.raises(ToolError):
        grounds.workspace.move(f"{grounds.granted}/a", f"{grounds.granted}/a/x/y")
    with pytest.raises(ToolError, match="not found"):
        grounds.workspace.move(f"{grounds.granted}/nothing", f"{grounds.granted}/z/nothing")

    assert [path.name for path in grounds.granted.rglob("*")] == ["a"]


def test_onto_a_folder_the_full_new_path_is_asked_for(grounds: Grounds) -> None:
    (grounds.granted / "a").write_text("a")
    (grounds.granted / "folder").mkdir()

    with pytest.raises(ToolError, match="give the full new path, such as"):
        grounds.workspace.move(f"{grounds.granted}/a", f"{grounds.granted}/folder")


def test_a_folder_moves_with_all_that_is_in_it(grounds: Grounds) -> None:
    (grounds.granted / "a/b").mkdir(parents=True)
    (grounds.granted / "a/b/c").write_text("c")

    grounds.workspace.move(f"{grounds.granted}/a", "mine")

    assert (grounds.own / "mine/b/c").read_text() == "c"
    assert not (grounds.granted / "a").exists()


def test_a_copy_keeps_mode_and_time_and_says_created_or_changed(grounds: Grounds) -> None:
    source = grounds.granted / "a"
    source.write_text("a")
    source.chmod(0o4755)
    os.utime(source, ns=(1_000_000_007, 2_000_000_009))

    outcomes = [grounds.workspace.copy(str(source), "copy").outcome for _ in range(2)]

    copy = (grounds.own / "copy").stat()
    assert outcomes == ["created", "changed"]
    assert (copy.st_mode & 0o7777, copy.st_mtime_ns) == (0o755, 2_000_000_009)


def test_a_copy_onto_itself_is_refused(grounds: Grounds) -> None:
    (grounds.granted / "a").write_text("a")

    with pytest.raises(ToolError, match="the source itself"):
        grounds.workspace.copy(f"{grounds.granted}/a", f"{grounds.granted}/a")

    assert (grounds.granted / "a").read_text() == "a"


def test_a_write_breaks_a_hard_link_rather_than_change_the_other_name(grounds: Grounds) -> None:
    os.link(grounds.outside / "secret.txt", grounds.granted / "same.txt")

    grounds.workspace.write_replacing(f"{grounds.granted}/same.txt", b"mine")

    assert grounds.outside_is_untouched()


def test_what_was_moved_can_be_read_off_the_disk(grounds: Grounds) -> None:
    source, destination = f"{grounds.granted}/a", f"{grounds.granted}/b"
    Path(source).write_text("content")
    identity, digest = grounds.workspace.identity(source), grounds.workspace.digest(source)

    assert not grounds.workspace.moved(source, destination, identity)
    grounds.workspace.move(source, destination)
    assert grounds.workspace.moved(source, destination, identity)
    assert grounds.workspace.moved(source, destination, digest)
    Path(destination).unlink()
    Path(destination).write_text("something else")
    assert not grounds.workspace.moved(source, destination, digest)


def test_a_move_to_another_disk_copies_whole_then_removes(grounds: Grounds, other_disk: Path) -> None:
    workspace = Workspace([Root(path=other_disk, writable=True)], grounds.own)
    content = os.urandom(3 * 1024 * 1024 + 7)
    workspace.write_new("big.bin", content)
    os.utime(grounds.own / "big.bin", ns=(5, 1_600_000_000_123_456_000))
    (grounds.own / "link").symlink_to("big.bin")
    identity = workspace.identity("big.bin")

    workspace.move("big.bin", f"{other_disk}/x/big.bin")
    workspace.move("link", f"{other_disk}/link")

    assert (other_disk / "x/big.bin").read_bytes() == content
    assert (other_disk / "x/big.bin").stat().st_mtime_ns == 1_600_000_000_123_456_000
    assert os.readlink(other_disk / "link") == "big.bin"
    assert os.listdir(grounds.own) == []
    assert workspace.moved("big.bin", f"{other_disk}/x/big.bin", identity)


def test_a_move_to_another_disk_cut_off_at_the_end_is_finished_by_doing_it_again(
    grounds: Grounds, other_disk: Path
) -> None:
    workspace = Workspace([Root(path=other_disk, writable=True)], grounds.own)
    workspace.write_new("a", b"same")
    workspace.write_new("b", b"same")
    identity = workspace.identity("a")
    workspace.copy("a", f"{other_disk}/a")
    (other_disk / "b").write_bytes(b"else")

    assert not workspace.moved("a", f"{other_disk}/a", identity)
    workspace.move("a", f"{other_disk}/a")
    with pytest.raises(ToolError, match="already exists"):
        workspace.move("b", f"{other_disk}/b")

    assert workspace.moved("a", f"{other_disk}/a", identity)
    assert os.listdir(grounds.own) == ["b"]


def test_a_folder_does_not_move_to_another_disk(grounds: Grounds, other_disk: Path) -> None:
    workspace = Workspace([Root(path=other_disk, writable=True)], grounds.own)
    workspace.make_folder("folder")

    with pytest.raises(ToolError, match=r"on another disk\. Nothing was changed"):
        workspace.move("folder", f"{other_disk}/folder")

    assert (os.listdir(grounds.own), os.listdir(other_disk)) == (["folder"], [])


def test_a_full_disk_is_told_and_the_old_content_kept(grounds: Grounds) -> None:
    path = grounds.own / "a.txt"
    path.write_text("old")
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from bot.tools.workspace import Workspace\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: Workspace([], Path(sys.argv[1])).write_replacing('a.txt', b'x' * 5000)\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", script, grounds.own], capture_output=True, text=True, check=True
    )

    assert told.stdout.startswith(
        "ToolError 'a.txt': the file is too large for that disk. The old content was kept."
    )
    assert {entry.name: entry.read_text() for entry in grounds.own.iterdir()} == {"a.txt": "old"}


def test_a_stage_left_by_a_crash_is_hidden_and_cleared_by_the_next_write(grounds: Grounds) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from bot.tools import staging\n"
        "from bot.tools.workspace import Workspace\n"
        "staging.Stage.publish_over = staging.Stage.publish_new = lambda self: os._exit(9)\n"
        "Workspace([], Path(sys.argv[1])).write_replacing('a.txt', b'half')\n"
    )

    crashed = subprocess.run([sys.executable, "-c", script, grounds.own], check=False)
    left = os.listdir(grounds.own)
    hidden = grounds.workspace.listing(".")
    grounds.workspace.write_replacing("a.txt", b"whole")

    assert (crashed.returncode, len(left), hidden) == (9, 1, [])
    assert {entry.name: entry.read_text() for entry in grounds.own.iterdir()} == {"a.txt": "whole"}


def test_a_file_of_200_mb_is_copied_and_hashed_in_little_memory(grounds: Grounds) -> None:
    size = 200 * 1024 * 1024
    with (grounds.own / "large").open("wb") as file:
        file.truncate(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    grounds.workspace.copy("large", "copy")
    digests = {grounds.workspace.digest(name) for name in ("large", "copy")}

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (grounds.own / "copy").stat().st_size == size
    assert len(digests) == 1
    assert grown < 20 * 1024


@pytest.mark.parametrize("rename", [renaming.by_kernel, renaming.by_hand])
def test_no_way_of_renaming_overwrites(tmp_path: Path, rename: renaming.Rename) -> None:
    for name in ("file", "taken"):
        (tmp_path / name).write_text(name)
    (tmp_path / "folder").mkdir()
    (tmp_path / "full").mkdir()
    folder = os.open(tmp_path, os.O_RDONLY)

    for old, new in (("file", "taken"), ("folder", "full"), ("folder", "taken"), ("file", "folder")):
        with pytest.raises(FileExistsError):
            rename(folder, old, folder, new)
    rename(folder, "file", folder, "file2")
    rename(folder, "folder", folder, "folder2")

    os.close(folder)
    assert sorted(os.listdir(tmp_path)) == ["file2", "folder2", "full", "taken"]
    assert (tmp_path / "taken").read_text() == "taken"
