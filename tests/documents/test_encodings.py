"""Text that was saved in the encodings of Excel is read as what it says; what is no text is said to be none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.documents import encodings
from bot.errors import ToolError
from tests.documents.shelves import asked, profiled, text
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, run

GERMAN = "Datum;Menge;Stadt\n01.02.2026;3;München\n02.02.2026;4;Köln €5\n03.02.2026;;Düsseldorf\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "job").mkdir()
    monkeypatch.chdir(tmp_path / "job")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_what_excel_saves_is_read_and_it_is_said_as_what(encoding: str, tmp_path: Path):
    told = asked("select max(Stadt), sum(Menge) from t", text(tmp_path / "t.csv", GERMAN.encode(encoding)))

    assert told.rows == [["München", "7"]]
    (note,) = told.notes
    assert note.startswith("t.csv is not UTF-8: it was read as ")


def test_a_foreign_character_far_down_is_found_and_short_rows_may_stand_beside_it(tmp_path: Path):
    rows = b"1;ok;x\n" * 30_000 + "2;Zoë\n".encode("cp1252")
    told = asked("select max(b), count(*) from t", text(tmp_path / "t.csv", b"a;b;c\n" + rows))
    assert told.rows == [["ok", "30001"]]


def test_whoever_profiles_it_is_told(grounds: Grounds):
    path = text(grounds.granted / "german.csv", GERMAN.encode("cp1252"))
    said = run(desk_in(grounds), "profile_data", path=str(path)).text
    assert (
        said.startswith("Note: ") and "read as Windows-1252" in said and "\ngerman: 3 rows, 3 columns" in said
    )


def test_what_is_no_text_is_said_with_a_remedy_and_without_the_database_s_own_words(tmp_path: Path):
    noise = random.Random(7).randbytes(4_000)
    with pytest.raises(ToolError) as refused:
        profiled(text(tmp_path / "noise.csv", noise))
    said = str(refused.value)
    assert said.startswith("noise.csv") and "CSV UTF-8, or as .xlsx" in said
    assert "\n" not in said and "Candidates" not in said and "null_padding" not in said


def test_what_is_too_large_to_be_converted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encodings, "LARGEST", 10)
    with pytest.raises(ToolError, match="too large to be converted here"):
        profiled(text(tmp_path / "t.csv", GERMAN.encode("cp1252")))
