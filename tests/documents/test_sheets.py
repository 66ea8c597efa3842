"""Workbooks from content: typed, styled, reckoned by others as they say, and opened by them without a word."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl.formula.translate import Translator
from python_calamine import CalamineWorkbook

from bot.documents.charts import COLOURS
from bot.documents.content import Content
from bot.errors import ToolError
from tests import laws
from tests.documents import invented
from tests.documents.words import with_parts
from tests.documents.workbooks import made, opened, reckoned, sheet
from tests.office import Office

SALES = sheet(
    "Q1",
    {
        "Day": "date",
        "Customer": "text",
        "Price": "currency",
        "Units": "integer",
        "Discount": "percent",
        "Paid": "boolean",
        "Sum": "number",
        "Seen": "datetime",
    },
    ["2026-01-31", "=1+1", 1200.5, 3, 0.25, True, reckoned("C2*D2*(1-E2)"), "2026-01-31T09:30"],
    ["2026-02-28", "北京 ✓", 800, 5, 0.5, False, reckoned("ROUND(C3*D3*(1-E3),0)"), None],
    ["2026-03-31", "-2+3+cmd|' /C calc'!A0", 950.25, 7, 0, None, reckoned("IF(D4>5,C4,0)"), None],
    totals=True,
    charts=[
        {"kind": "column", "title": "Units", "categories": "Day", "series": ["Units"]},
        {"kind": "line", "title": "Sums", "categories": "Day", "series": ["Price", "Sum"]},
        {"kind": "scatter", "title": "Cloud", "categories": "Units", "series": ["Price"]},
        {"kind": "pie", "title": "Shares", "categories": "Customer", "series": ["Sum"]},
    ],
)
SUMS = sheet(
    "Summed up",
    {"What": "text", "Value": "number"},
    ["@SUM(A1)", reckoned("SUM(q1!C2:C4)")],
    ["Joined", reckoned('CONCAT("a|",Q1!D2)')],
    ["Found", reckoned("INDEX(Q1!C:C,MATCH(7,Q1!D:D,0))")],
)


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return made(SALES, SUMS, title="Sales").file


def test_cells_are_of_their_kinds_and_text_stays_text_however_it_begins(workbook: bytes) -> None:
    cells = opened(workbook)["Q1"]

    assert [one.value for one in cells[2]] == [
        datetime(2026, 1, 31), "=1+1", 1200.5, 3, 0.25, True, "=C2*D2*(1-E2)", datetime(2026, 1, 31, 9, 30)
    ]  # fmt: skip
    assert [one.data_type for one in cells[2]] == ["d", "s", "n", "n", "n", "b", "f", "d"]
    assert [one.number_format for one in cells[2]][2:5] == ["#,##0.00", "#,##0", "0.0%"]
    assert cells["B2"].quotePrefix and cells["B4"].quotePrefix and not cells["B3"].quotePrefix
    assert cells["G5"].value == "=SUM(G2:G4)" and cells["A5"].value == "Total" and cells["E5"].value is None
    assert (cells.freeze_panes, cells.auto_filter.ref) == ("A2", "A1:H4")
    assert cells["A1"].font.bold and cells.column_dimensions["B"].width > len("-2+3+cmd|' /C calc'!A0")


def test_libreoffice_reckons_the_formulas_to_what_is_filed_and_no_text(
    workbook: bytes, office: Office, tmp_path: Path
) -> None:
    """It is given no answers of ours: hundreds of formulas over all kinds of cells come out alike."""
    kinds = {
        "A": "number",
        "B": "text",
        "C": "boolean",
        "D": "number",
        **{f"F{n}": "number" for n in range(60)},
    }
    narrow = ["0.1+0.2", *invented.NARROW, *invented.PLAIN]
    asked = [*narrow, *invented.formulas(300 - len(narrow))]
    cells = [[*row, *map(reckoned, asked[n * 60 : n * 60 + 60])] for n, row in enumerate(invented.CELLS)]
    shifted = [[_one_down(cell) if isinstance(cell, dict) else cell for cell in row] for row in cells]
    file = made(SALES, SUMS, sheet("All", kinds, *shifted), title="Sales").file
    path = tmp_path / "sales.xlsx"
    path.write_bytes(with_parts(file, lambda _, part: re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)))

    theirs = CalamineWorkbook.from_path(str(office.converted(path, "ods")))

    ours = CalamineWorkbook.from_filelike(io.BytesIO(file))
    rows = theirs.get_sheet_by_name("Q1").to_python()
    assert [row[6] for row in rows] == ["Sum", 2701.125, 2000.0, 950.25, 5651.375]
    assert [row[1] for row in rows] == ["Customer", "=1+1", "北京 ✓", "-2+3+cmd|' /C calc'!A0", ""]
    assert rows[1][0] == date(2026, 1, 31) and rows[1][5] is True and rows[4][2:4] == [2950.75, 15.0]
    assert theirs.get_sheet_by_name("Summed up").to_python()[1:] == [
        ["@SUM(A1)", 2950.75],
        ["Joined", "a|3"],
        ["Found", 950.25],
    ]
    for name in ("Q1", "Summed up"):
        assert ours.get_sheet_by_name(name).to_python() == theirs.get_sheet_by_name(name).to_python()
    filed = [
        one for row in opened(file, data_only=True)["All"].iter_rows(2, values_only=True) for one in row[4:]
    ]
    found = [one for row in theirs.get_sheet_by_name("All").to_python()[1:] for one in row[4:]]
    differing = [
        (formula, one, other)
        for formula, one, other in zip(asked, filed, found, strict=True)
        if one is not None and not _alike(one, other)
    ]
    assert not differing
    assert sum(one is not None for one in filed) > 200


def _alike(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) and ours.startswith("#"):
        return theirs == ""  # what the reader gives for an error
    return bool(ours == theirs) if isinstance(ours, str | bool) else theirs == pytest.approx(ours)


def _one_down(cell: dict[str, str]) -> dict[str, str]:
    """Below the head."""
    moved = Translator(f"={cell['formula']}", "A1").translate_formula("A2")
    return reckoned(str(moved))


def test_what_comes_out_as_an_error_is_told_and_a_circle_is_refused() -> None:
    rows = [[1, reckoned("A2/A3")], [0, reckoned("SUM(B2:B2)")], [2, reckoned('IFERROR(B2,"none")')]]
    file = made(sheet("One", {"A": "number", "B": "number"}, *rows))

    error = "To be mended: On the sheet “One” these cells come out as an error: B2 #DIV/0!, B3 #DIV/0!."
    assert file.notes[-1] == error
    assert [one.value for one in opened(file.file, data_only=True)["One"]["B"]] == [
        "B",
        "#DIV/0!",
        "#DIV/0!",
        "none",
    ]
    with pytest.raises(ToolError, match=r"The formula of one!B\d reads itself"):
        made(sheet("One", {"A": "number", "B": "number"}, [1, reckoned("B3+1")], [1, reckoned("SUM(B:B)")]))


def test_a_long_chain_and_wide_sums_are_reckoned() -> None:
    chain = [[1, reckoned("A2")], *([one, reckoned(f"B{one}+A{one + 1}")] for one in range(2, 800))]
    file = made(sheet("One", {"A": "percent", "B": "number"}, *chain, totals=True)).file

    assert _rows(file)[-1] == ["Total", sum(one * (one + 1) // 2 for one in range(1, 800))]


def _rows(file: bytes) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    return rows


def test_a_chart_is_of_the_cells_and_in_the_colours_of_the_others(workbook: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        drawn = [package.read(f"xl/charts/chart{number}.xml").decode() for number in range(1, 5)]

    assert "<f>'Q1'!$D$2:$D$4</f>" in drawn[0] and "<f>'Q1'!$A$2:$A$4</f>" in drawn[0]
    assert "<f>'Q1'!G1</f>" in drawn[1] and all(one[1:] in drawn[1].lower() for one in COLOURS[:2])
    assert "scatterChart" in drawn[2] and "pieChart" in drawn[3] and "showPercent" in drawn[3]


def test_the_same_content_is_the_same_file_and_says_its_formulas(workbook: bytes) -> None:
    again = made(SALES, SUMS, title="Sales")

    assert again.file == workbook
    assert opened(workbook).properties.modified == datetime(2000, 1, 1)
    (note,) = again.notes
    assert "Q1!G2 = C2*D2*(1-E2)" in note and "Summed up!B4 = INDEX(" in note


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("date", "31.03.2026", r"One!A2 \(A\) is to be a date, and '31.03.2026' is none. "),
        ("date", "1899-12-31", "from March 1900 on"),
        ("datetime", "2026-03-31T09:30+02:00", "knows no time zones"),
        ("integer", 2.5, "is to be a integer"),
        ("integer", 1234567890123456, "keeps 15 digits"),
        ("number", "12", "is to be a number"),
        ("number", 10**400, "keeps 15 digits|is none"),
        ("boolean", "yes", "is to be a boolean"),
        ("text", "x" * 32_768, "has 32,768 characters, and a cell holds at most 32,767"),
        ("number", reckoned("Two!A1"), r"The formula of One!A2 .* no sheet 'Two'"),
    ],
)
def test_a_cell_that_is_not_of_its_kind_is_refused_by_its_name(kind: str, value: Any, why: str) -> None:
    with pytest.raises(ToolError, match=why):
        made(sheet("One", {"A": kind}, [value]))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([sheet("One", {"A": "text"}), sheet("ONE", {"A": "text"})], "same name"),
        ([sheet("History", {"A": "text"})], "keeps the name"),
        ([sheet("'A'", {"A": "text"})], "cannot be the name"),
        ([sheet(" ", {"A": "text"})], "cannot be the name"),
        ([sheet("One", {"A": "text"}, ["a", "b"])], "Row 1 of sheet 'One' has 2 cells for 1 columns"),
        (
            [sheet("One", {"A": "text"}, charts=[{"kind": "bar", "categories": "A", "series": ["A"]}])],
            "no rows",
        ),
        (
            [
                sheet(
                    "One", {"A": "text"}, ["a"], charts=[{"kind": "bar", "categories": "A", "series": ["A"]}]
                )
            ],
            "drawn from numbers",
        ),
        (
            [
                sheet(
                    "One", {"A": "number"}, [1], charts=[{"kind": "bar", "categories": "B", "series": ["A"]}]
                )
            ],
            "no column 'B'",
        ),
        (
            [
                {
                    "name": "One",
                    "columns": [{"title": "A", "kind": "number", "format": "0.00 EUR"}],
                    "rows": [],
                }
            ],
            "quotes",
        ),
        ([{"name": "One", "columns": [{"title": "A", "format": "0;0;0;0;0"}], "rows": []}], "four sections"),
    ],
)
def test_what_a_spreadsheet_would_call_broken_is_refused(wrong: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ToolError, match=why):
        made(*wrong)


@pytest.mark.parametrize(
    "look",
    [
        "#,##0.00 [$€-407]",
        "0.0%",
        '#,##0 "EUR";[Red]-#,##0 "EUR"',
        "dd.mm.yyyy hh:mm AM/PM",
        "[h]:mm",
        "0.00E+00",
    ],
)
def test_a_format_of_its_own_is_kept(look: str) -> None:
    file = made(
        {"name": "One", "columns": [{"title": "A", "kind": "number", "format": look}], "rows": [[1]]}
    ).file

    assert opened(file)["One"]["A2"].number_format == look


def test_more_rows_than_are_taken_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 100000"):
        Content.model_validate({"sheets": [sheet("One", {"A": "integer"}, *([[1]] * 100_001))]})


def test_text_that_means_something_to_the_format_means_itself() -> None:
    file = made(sheet("One", {"A": "text"}, ["_x0041_ a\r\nb\x01￿"], ["\tx "])).file

    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("One").to_python()
    assert rows == [["A"], ["_x0041_ a\nb"], ["\tx "]]


_TEXT = some.one_of(
    some.text(max_size=20),
    some.text("=+-@\t\r\n'\"<>&_x0041\x00\x0b\ud800￾", max_size=12),
    some.sampled_from(["=cmd|' /C calc'!A0", "x" * 32_767, "#REF!", "TRUE", "1e5", "العربية", "👩‍👩‍👧"]),
)


@settings(max_examples=laws.tried(60))
@given(some.lists(some.tuples(_TEXT, some.floats(allow_nan=False, allow_infinity=False)), max_size=4), _TEXT)
def test_no_text_becomes_a_formula_and_no_content_breaks_the_file(
    rows: list[tuple[str, float]], title: str
) -> None:
    try:
        file = made(sheet("One", {title: "text", "B": "number"}, *map(list, rows)), title=title).file
    except ToolError as refused:
        assert "15 digits" in str(refused)
        return

    cells = openpyxl.load_workbook(io.BytesIO(file))["One"]
    assert not [one for row in cells for one in row if one.data_type in "fe"]
    read = (
        CalamineWorkbook.from_filelike(io.BytesIO(file))
        .get_sheet_by_name("One")
        .to_python(skip_empty_area=False)
    )
    assert [row[1] for row in read[1:]] == pytest.approx([number for _, number in rows])
