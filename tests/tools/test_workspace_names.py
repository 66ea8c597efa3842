"""Names that look alike: found when read, refused when they would collide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import ToolError
from bot.tools.clashes import Clash
from bot.tools.renaming import same_name
from tests.tools.conftest import Grounds

NFC, NFD = "Café.txt", "Cafe\u0301.txt"


def test_a_decomposed_name_on_the_disk_is_found_by_its_composed_spelling(grounds: Grounds) -> None:
    (grounds.granted / NFD).write_text("espresso")

    assert grounds.workspace.open_read(f"{grounds.granted}/{NFC}").read() == b"espresso"
    assert grounds.workspace.exists(f"{grounds.granted}/{NFC}")
    assert grounds.workspace.write_replacing(f"{grounds.granted}/{NFC}", b"lungo").outcome == "changed"
    assert os.listdir(grounds.granted) == [NFD]


def test_of_two_spellings_on_the_disk_each_is_reached_by_its_own(grounds: Grounds) -> None:
    (grounds.granted / NFD).write_text("d")
    (grounds.granted / NFC).write_text("c")

    assert grounds.workspace.open_read(f"{grounds.granted}/{NFC}").read() == b"c"
    assert grounds.workspace.open_read(f"{grounds.granted}/{NFD}").read() == b"d"


def test_a_name_that_is_no_utf8_is_listed_readably_and_can_be_given_back(grounds: Grounds) -> None:
    Path(os.fsdecode(os.fsencode(grounds.granted) + b"/caf\xe9.txt")).write_text("latin")

    [entry] = grounds.workspace.listing(str(grounds.granted))
    grounds.workspace.move(entry.path, f"{grounds.granted}/café.txt")

    assert entry.name == "caf\\xe9.txt"
    assert (grounds.granted / "café.txt").read_text() == "latin"


@pytest.mark.parametrize("names", [("report.txt", "Report.TXT"), (NFD, NFC)])
def test_a_change_of_case_or_of_unicode_form_alone_is_a_move(
    grounds: Grounds, names: tuple[str, str]
) -> None:
    old, new = names
    (grounds.granted / old).write_text("x")

    grounds.workspace.move(f"{grounds.granted}/{old}", f"{grounds.granted}/{new}")

    assert os.listdir(grounds.granted) == [new]


def test_moving_a_file_onto_its_own_name_is_told_to_be_nothing(grounds: Grounds) -> None:
    (grounds.granted / "a").write_text("x")

    with pytest.raises(ToolError, match=r"already there\. Nothing to move"):
        grounds.workspace.move(f"{grounds.granted}/a", f"{grounds.granted}/./a")


def test_a_batch_that_collides_with_itself_is_found_out(grounds: Grounds) -> None:
    at = str(grounds.granted)
    targets = ["a/Report.txt", "b/x.txt", "a/report.TXT", f"c/{NFC}", f"c/{NFD}", "d/same", "d/same"]

    found = grounds.workspace.clashes([f"{at}/{target}" for target in targets])

    case, form = (
        "the names differ only in upper and lower case",
        "the names differ only in how their letters are encoded",
    )
    assert found == [
        Clash(target=f"{at}/a/report.TXT", other=f"{at}/a/Report.txt", reason=case),
        Clash(target=f"{at}/c/{NFD}", other=f"{at}/c/{NFC}", reason=form),
        Clash(target=f"{at}/d/same", other=f"{at}/d/same", reason="both have one name"),
    ]


def test_folders_that_would_be_one_on_some_disks_clash_too(grounds: Grounds) -> None:
    (grounds.granted / "Finance").mkdir()

    found = grounds.workspace.clashes(
        [f"{grounds.granted}/finance/a.txt", f"{grounds.granted}/FINANCE/b.txt"]
    )

    assert {(Path(clash.target).name, Path(clash.other).name) for clash in found} == {
        ("b.txt", "finance"),
        ("a.txt", "Finance"),
        ("b.txt", "Finance"),
    }


def test_a_file_cannot_also_be_a_folder(grounds: Grounds) -> None:
    [clash] = grounds.workspace.clashes([f"{grounds.granted}/a", f"{grounds.granted}/A/b"])

    assert clash.reason == "one would be a file and a folder at once"


def test_what_is_there_clashes_unless_it_leaves_in_the_same_batch(grounds: Grounds) -> None:
    (grounds.granted / "README.md").write_text("")
    target, leaving = f"{grounds.granted}/readme.md", f"{grounds.granted}/README.md"

    assert [clash.other for clash in grounds.workspace.clashes([target])] == [leaving]
    assert [clash.reason for clash in grounds.workspace.clashes([leaving])] == ["it is there already"]
    assert grounds.workspace.clashes([target], leaving=[leaving]) == []


def test_same_name_knows_case_and_form() -> None:
    assert same_name("STRASSE", "straße")
    assert same_name(NFC, NFD.upper())
    assert not same_name("a", "b")
