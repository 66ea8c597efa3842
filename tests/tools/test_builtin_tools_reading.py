"""What the tools that look say to the model, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ToolError
from bot.tools.desk import Desk
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, put, run


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    return desk_in(grounds)


def test_a_folder_is_listed_with_sizes_and_times(desk, grounds):
    put(grounds.granted, "b.txt", "12345")
    put(grounds.granted, "Äpfel & Birnen.md", "1", at="2025-12-31 23:59")
    put(grounds.granted, "sub/c.txt")
    put(grounds.granted, ".hidden")

    assert run(desk, "list_folder", path=str(grounds.granted)).text == (
        f"{grounds.granted}: 1 folders, 2 files\n"
        "b.txt\t5\t2026-01-02 03:04\n"
        "sub/\t\t\n"
        "Äpfel & Birnen.md\t1\t2025-12-31 23:59\n"
        "(1 hidden entries not shown)"
    )


def test_a_tree_is_listed_with_paths_from_where_it_begins(desk, grounds):
    put(grounds.granted, "a/b/c.txt")
    put(grounds.granted, "a/.git/config")
    put(grounds.own, "drafts/d.txt")

    assert run(desk, "list_folder", path=f"{grounds.granted}/a", recursive=True).text == (
        f"{grounds.granted}/a: 1 folders, 1 files\nb/\t\t\nb/c.txt\t1\t2026-01-02 03:04\n"
        "(2 hidden entries not shown)"
    )
    assert run(desk, "list_folder", path=".", recursive=True).text == (
        ".: 1 folders, 1 files\ndrafts/\t\t\ndrafts/d.txt\t1\t2026-01-02 03:04"
    )
    assert run(desk, "list_folder", path=str(grounds.reference)).text == f"{grounds.reference}: empty"


def test_of_a_very_full_folder_the_first_2000_are_listed(desk, grounds):
    for number in range(2_003):
        (grounds.granted / f"{number:04}").touch()
    lines = run(desk, "list_folder", path=str(grounds.granted)).text.splitlines()

    assert lines[0] == f"{grounds.granted}: 0 folders, 2003 files"
    assert len(lines) == 2_002
    assert lines[-1] == "… 3 more; list a subfolder"


def test_a_file_is_read_with_its_format_and_its_lines(desk, grounds):
    path = put(grounds.granted, "notes.txt", "one\ntwo\nthree\n")

    assert run(desk, "read_file", path=path).text == f"[{path} · text · lines 1–3 of 3]\n\none\ntwo\nthree"
    assert run(desk, "read_file", path=path, offset=2, limit=1).text == (
        f"[{path} · text · lines 2–2 of 3]\n\ntwo\n[more: read_file with offset 3]"
    )


def test_what_is_to_be_known_of_a_file_stands_above_its_text(desk, grounds):
    path = put(grounds.granted, "empty.txt", "")

    assert run(desk, "read_file", path=path).text.splitlines()[:2] == [
        f"[{path} · text · lines 0–0 of 0]",
        "Note: The file is empty.",
    ]


def test_a_folder_is_not_read_and_a_missing_file_is_told(desk, grounds):
    with pytest.raises(ToolError, match=r"granted is a folder\. List it with list_folder\."):
        run(desk, "read_file", path=str(grounds.granted))
    with pytest.raises(ToolError, match="not"):
        run(desk, "read_file", path=f"{grounds.granted}/gone.txt")


def test_a_search_names_the_file_and_the_line(desk, grounds):
    notes = put(grounds.granted, "Invoice notes.md", "first\nthe INVOICE of March\n")
    put(grounds.granted, "picture.png", b"\0invoice")
    own = put(grounds.own, "draft.txt", "an invoice")

    everywhere = run(desk, "search_files", query="invoice").text.splitlines()
    assert everywhere[0] == "3 matches"
    assert sorted(everywhere[1:4]) == sorted(
        [f"{notes}:0: Invoice notes.md", f"{notes}:2: the INVOICE of March", "draft.txt:1: an invoice"]
    )
    assert everywhere[4:] == ["(1 files are not plain text or too large to be searched)"]
    assert run(desk, "search_files", query="invoice", path=".").text == "1 matches\ndraft.txt:1: an invoice"
    assert run(desk, "search_files", query="nowhere", path=".").text == "0 matches"
    assert Path(own).exists()


def test_a_search_stops_at_100_matches_and_says_so(desk, grounds):
    put(grounds.granted, "many.txt", "word\n" * 150)
    lines = run(desk, "search_files", query="word").text.splitlines()

    assert lines[0] == "100 matches (there are more; search in a subfolder or for a longer text)"
    assert len(lines) == 101
