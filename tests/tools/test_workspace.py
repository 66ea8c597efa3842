"""The plain things a task does with files, and what it is told when they cannot be done."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest

from bot.errors import ToolError
from bot.tools.paths import NotGranted
from bot.tools.workspace import Done
from tests.tools.conftest import Grounds


def test_a_new_file_makes_its_folders_and_says_so(grounds: Grounds) -> None:
    path = f"{grounds.granted}/2024/Finance/report.txt"

    done = grounds.workspace.write_new(path, b"paid")

    made = (f"{grounds.granted}/2024", f"{grounds.granted}/2024/Finance")
    assert done == Done(path=path, outcome="created", folders_made=made)
    assert Path(path).read_bytes() == b"paid"


def test_a_new_file_never_overwrites(grounds: Grounds) -> None:
    (grounds.granted / "a.txt").write_text("old")

    with pytest.raises(ToolError, match=r"already exists\. It was kept"):
        grounds.workspace.write_new(f"{grounds.granted}/a.txt", b"new")

    assert (grounds.granted / "a.txt").read_text() == "old"


def test_replacing_says_whether_it_created_or_changed_and_keeps_the_mode(grounds: Grounds) -> None:
    path = grounds.granted / "a.sh"

    first = grounds.workspace.write_replacing(str(path), b"1")
    path.chmod(0o750)
    second = grounds.workspace.write_replacing(str(path), b"2")

    assert (first.outcome, second.outcome) == ("created", "changed")
    assert path.read_bytes() == b"2"
    assert path.stat().st_mode & 0o777 == 0o750


def test_replacing_what_someone_else_changed_meanwhile_is_refused(grounds: Grounds) -> None:
    path = grounds.granted / "a.txt"
    path.write_text("read by the model")
    expected = grounds.workspace.digest(str(path))
    path.write_text("edited by a person")

    with pytest.raises(ToolError, match="changed by someone since it was read"):
        grounds.workspace.write_replacing(str(path), b"new", expected=expected)

    assert path.read_text() == "edited by a person"


def test_relative_paths_are_the_tasks_own_folder(grounds: Grounds) -> None:
    grounds.workspace.write_new("notes/a.md", b"x")

    assert (grounds.own / "notes/a.md").read_bytes() == b"x"
    assert [entry.path for entry in grounds.workspace.listing(".", recursive=True)] == ["notes", "notes/a.md"]


def test_a_listing_shows_files_folders_and_where_links_lead(grounds: Grounds) -> None:
    (grounds.granted / "b").mkdir()
    (grounds.granted / "b" / "deep.txt").write_text("12345")
    (grounds.granted / "A.txt").write_text("123")
    (grounds.granted / "c").symlink_to("A.txt")

    near = grounds.workspace.listing(str(grounds.granted))
    far = grounds.workspace.listing(str(grounds.granted), recursive=True)

    assert [(entry.name, entry.kind, entry.target) for entry in near] == [
        ("A.txt", "file", ""),
        ("b", "folder", ""),
        ("c", "link", "A.txt"),
    ]
    assert near[0].size == 3
    assert [entry.path.removeprefix(f"{grounds.granted}/") for entry in far] == [
        "A.txt",
        "b",
        "b/deep.txt",
        "c",
    ]


def test_what_is_not_found_comes_with_the_closest_names(grounds: Grounds) -> None:
    (grounds.granted / "Invoice_March.pdf").write_text("")
    (grounds.granted / "photo.png").write_text("")

    with pytest.raises(ToolError, match=r"not found. Did you mean 'Invoice_March.pdf'\?"):
        grounds.workspace.open_read(f"{grounds.granted}/invoice_march.pdf")


def test_delete_takes_files_and_empty_folders_only(grounds: Grounds) -> None:
    (grounds.granted / "full").mkdir()
    (grounds.granted / "full" / "a.txt").write_text("")

    with pytest.raises(ToolError, match="not empty"):
        grounds.workspace.delete(f"{grounds.granted}/full")
    grounds.workspace.delete(f"{grounds.granted}/full/a.txt")
    grounds.workspace.delete(f"{grounds.granted}/full")

    assert list(grounds.granted.iterdir()) == []


def test_a_granted_folder_itself_is_never_deleted_or_moved(grounds: Grounds) -> None:
    with pytest.raises(NotGranted, match="stays where it is"):
        grounds.workspace.delete(str(grounds.granted))
    with pytest.raises(NotGranted, match="stays where it is"):
        grounds.workspace.move(str(grounds.granted), "mine")

    assert grounds.granted.is_dir()


def test_a_read_only_grant_reads_and_writes_nothing(grounds: Grounds) -> None:
    path = f"{grounds.reference}/a.txt"
    Path(path).write_text("kept")

    assert grounds.workspace.open_read(path).read() == b"kept"
    for attempt in (
        lambda: grounds.workspace.write_replacing(path, b"x"),
        lambda: grounds.workspace.delete(path),
        lambda: grounds.workspace.move(path, "mine.txt"),
        lambda: grounds.workspace.make_folder(f"{grounds.reference}/new"),
        lambda: grounds.workspace.copy(path, f"{grounds.reference}/b.txt"),
    ):
        with pytest.raises(NotGranted, match="read only"):
            attempt()
    assert {entry.name for entry in grounds.reference.iterdir()} == {"a.txt"}


def test_devices_pipes_and_sockets_are_left_alone(grounds: Grounds) -> None:
    os.mkfifo(grounds.granted / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        folder = os.open(grounds.granted, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{folder}/socket")
        os.close(folder)

        for name in ("pipe", "socket"):
            path = f"{grounds.granted}/{name}"
            for attempt in (
                lambda path=path: grounds.workspace.open_read(path),
                lambda path=path: grounds.workspace.write_replacing(path, b"x"),
                lambda path=path: grounds.workspace.copy(path, "copy"),
                lambda path=path: grounds.workspace.move(path, "moved"),
                lambda path=path: grounds.workspace.delete(path),
            ):
                with pytest.raises(ToolError, match="device, pipe or socket"):
                    attempt()
    assert sorted(os.listdir(grounds.granted)) == ["pipe", "socket"]


def test_a_digest_is_sha256(grounds: Grounds) -> None:
    grounds.workspace.write_new("a.bin", b"\x00\xff" * 5000)

    assert grounds.workspace.digest("a.bin") == hashlib.sha256(b"\x00\xff" * 5000).hexdigest()


def test_exists_tells_a_taken_name_even_of_a_broken_link(grounds: Grounds) -> None:
    (grounds.granted / "broken").symlink_to("nowhere")

    assert grounds.workspace.exists(f"{grounds.granted}/broken")
    assert grounds.workspace.exists(str(grounds.granted))
    assert not grounds.workspace.exists(f"{grounds.granted}/nothing/here.txt")


def test_a_name_that_is_too_long_or_has_a_line_break_is_refused_with_the_limit(grounds: Grounds) -> None:
    with pytest.raises(ToolError, match="at most 255 bytes"):
        grounds.workspace.write_new("x" * 256, b"")
    with pytest.raises(ToolError, match="line breaks or control characters"):
        grounds.workspace.write_new("a\nb.txt", b"")

    assert list(grounds.own.iterdir()) == []


def test_search_finds_names_and_lines_and_skips_large_and_binary(grounds: Grounds) -> None:
    (grounds.granted / "Budget.txt").write_text("one\nthe BUDGET is 7\n")
    (grounds.granted / "binary.bin").write_bytes(b"\0budget")
    (grounds.granted / "large.txt").write_bytes(b"budget " * 1_000_000)
    (grounds.own / "mine.md").write_text("budget")

    found = grounds.workspace.search("budget")

    assert [(os.path.basename(hit.path), hit.line, hit.text) for hit in found.hits] == [
        ("mine.md", 1, "budget"),
        ("Budget.txt", 0, "Budget.txt"),
        ("Budget.txt", 2, "the BUDGET is 7"),
    ]
    assert (found.more, found.skipped) == (False, 2)


def test_search_stops_at_a_hundred_hits_and_says_there_are_more(grounds: Grounds) -> None:
    (grounds.granted / "log.txt").write_text("hit\n" * 500)

    found = grounds.workspace.search("hit", str(grounds.granted))

    assert (len(found.hits), found.more) == (100, True)


def test_a_closed_place_inside_a_grant_cannot_be_seen_or_reached(grounds: Grounds) -> None:
    state = grounds.granted / ".cowork"
    (state / "tasks" / "1").mkdir(parents=True)
    (state / "key").write_text("very secret")
    grants = grounds.workspace.locate(str(grounds.granted)).root
    workspace = type(grounds.workspace)([grants], state / "tasks" / "1", closed=[state])
    (grounds.granted / "link").symlink_to(".cowork/key")

    workspace.write_new("mine.txt", b"fine")
    for attempt in (
        lambda: workspace.open_read(f"{state}/key"),
        lambda: workspace.open_read(f"{grounds.granted}/link"),
        lambda: workspace.delete(str(state / "key")),
        lambda: workspace.move(str(state), f"{grounds.granted}/elsewhere"),
    ):
        with pytest.raises(NotGranted):
            attempt()

    assert [entry.name for entry in workspace.listing(str(grounds.granted), recursive=True)] == ["link"]
    assert workspace.search("very secret").hits == ()
