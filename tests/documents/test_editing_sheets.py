"""Workbooks that exist are edited: what is named is changed, and every other part is the same, byte for byte."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from PIL import Image as Pillow
from python_calamine import CalamineWorkbook

from bot.errors import ToolError
from tests.documents.words import edited, parts, with_parts
from tests.documents.workbooks import opened, sheet
from tests.office import Office
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, run

Q1 = "xl/worksheets/sheet1.xml"
READS_Q1 = "xl/worksheets/sheet2.xml"
TABLE = "xl/tables/table1.xml"
_OWN = ("calcChain", "sharedStrings")
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXTS = (
    f'<sst {_MAIN}><si><t>x</t></si><si><r><t xml:space="preserve">Item </t></r><r><t>2</t></r>'
    '<rPh sb="0" eb="1"><t>spoken</t></rPh></si></sst>'
).encode()


@cache
def budget() -> bytes:
    """With what openpyxl would lose or write anew, as Excel files it: a shared formula, an order of reckoning."""
    book = openpyxl.Workbook()
    costs = book.active
    costs.title = "Q1"
    for row in [
        ["Day", "Item", "EUR", "Twice"],
        *([date(2026, 1, n), f"Item {n}", n * 10.0, None] for n in (1, 2, 3)),
    ]:
        costs.append(row)
    for number in (2, 3, 4):
        costs.cell(number, 1).number_format = "dd.mm.yyyy"
        costs.cell(number, 3).font = Font(bold=True, color="FF0000")
        costs.cell(number, 4).value = f"=C{number}*2"
    costs.merge_cells("F1:G1")
    costs["F1"] = "Merged"
    costs["B2"].comment = Comment("Who paid?", "Ana")
    costs["B3"].hyperlink = Hyperlink(ref="B3", location="'Q1'!A1")
    costs.conditional_formatting.add(
        "C2:C4", CellIsRule("greaterThan", ["15"], fill=PatternFill("solid", "FFFF00"))
    )
    allowed = DataValidation(type="list", formula1="'Q1'!$B$2:$B$4")
    allowed.add("H2")
    costs.add_data_validation(allowed)
    costs.add_table(Table(displayName="Costs", ref="A1:D4"))
    chart = BarChart()
    chart.add_data(Reference(costs, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    costs.add_chart(chart, "J2")
    picture = io.BytesIO()
    Pillow.new("RGB", (8, 8), "green").save(picture, "PNG")
    costs.add_image(Image(picture), "J30")
    sums = book.create_sheet("Sums")
    sums.append(["All", "=SUM(Q1!C2:C4)"])
    sums.append(["Text", '="Q1!"&Q1!B2'])
    book.create_sheet("Other").append(["=1+1", 7])
    book.defined_names["Total"] = DefinedName("Total", attr_text="'Q1'!$C$2:$C$4")
    book.calculation.fullCalcOnLoad = False
    file = io.BytesIO()
    book.save(file)
    chain = f'<calcChain {_MAIN}><c r="D2" i="1"/><c r="B1" i="2"/></calcChain>'.encode()
    return with_parts(
        file.getvalue(), _as_excel_files_it, **{"xl__calcChain.xml": chain, "xl__sharedStrings.xml": TEXTS}
    )


def _as_excel_files_it(name: str, content: bytes) -> bytes:
    text = content.decode("utf-8", "surrogateescape")
    if name == Q1:
        text = text.replace("<f>C2*2</f>", '<f t="shared" ref="D2:D4" si="0">C2*2</f>')
        text = text.replace('t="inlineStr"><is><t>Item 2</t></is>', 't="s"><v>1</v>')
        text = re.sub(r"<f>C[34]\*2</f>", '<f t="shared" si="0"/>', text)
    if name == "xl/_rels/workbook.xml.rels":
        text = text.replace(
            "</Relationships>",
            '<Relationship Id="rId98" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
            '2006/relationships/sharedStrings"/>'
            '<Relationship Id="rId99" Target="calcChain.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
            '2006/relationships/calcChain"/></Relationships>',
        )
    if name == "[Content_Types].xml":
        chain, texts = (
            f"application/vnd.openxmlformats-officedocument.spreadsheetml.{one}+xml" for one in _OWN
        )
        for part, kind in zip(_OWN, (chain, texts), strict=True):
            text = text.replace(
                "</Types>", f'<Override PartName="/xl/{part}.xml" ContentType="{kind}"/></Types>'
            )
    return text.encode("utf-8", "surrogateescape")


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


RECKONED_ANEW = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/calcChain.xml", "[Content_Types].xml"}


def test_cells_are_set_and_keep_their_looks_and_nothing_else_is_touched() -> None:
    made = edited(
        budget(),
        {
            "do": "set_cells",
            "sheet": "q1",
            "cells": {
                "C2": 99.5,
                "A3": "2026-05-04",
                "B4": "=1+1",
                "D2": {"formula": "C2*3"},
                "H9": True,
                "B2": None,
            },
        },
    )

    assert made.told == ["Set C2, A3, B4, D2, H9, B2 of Q1"]
    assert changed(budget(), made.file) == {Q1, READS_Q1, "xl/styles.xml", *RECKONED_ANEW}
    cells = opened(made.file)["Q1"]
    assert (cells["C2"].value, cells["C2"].font.b, cells["C2"].font.color.rgb) == (99.5, True, "00FF0000")
    assert (cells["A3"].value, cells["A3"].number_format) == (datetime(2026, 5, 4), "dd.mm.yyyy")
    assert (cells["B4"].value, cells["B4"].data_type, cells["B4"].quotePrefix) == ("=1+1", "s", True)
    assert [cells[f"D{n}"].value for n in (2, 3, 4)] == ["=C2*3", "=C3*2", "=C4*2"]
    assert cells["H9"].value is True and cells["B2"].value is None and cells["B2"].comment.text == "Who paid?"
    assert opened(made.file).calculation.fullCalcOnLoad


def test_what_reads_a_changed_cell_is_reckoned_anew_where_that_can_be_and_shows_nothing_where_not() -> None:
    before = with_parts(budget(), lambda _, part: part.replace(b"<v></v>", b"<v>1</v>"))
    more = {
        "A5": {"formula": 'Q1!B3&"!"'},
        "B1": {"formula": "SUM(Sums!B1,1)"},
        "B2": {"formula": "TODAY()+Q1!C2"},
        "B3": {"formula": "C3+1"},
    }
    made = edited(
        before,
        _set(C2=100, B2="Rent"),
        {"do": "set_cells", "sheet": "Other", "cells": {**more, "C3": {"formula": "B3"}}},
    )

    book = opened(made.file, data_only=True)
    assert [book["Q1"][f"D{n}"].value for n in (2, 3, 4)] == [200, 1, 1]
    assert [one.value for one in book["Sums"]["B"]] == [150, "Q1!Rent"]
    assert [one.value for one in book["Other"]["B"]][:3] == [151, None, None]
    assert book["Other"]["A5"].value == "Item 2!" and book["Other"]["A1"].value == 1
    assert (
        made.notes[0].startswith("Formulas that read themselves, to be mended: ")
        and "of sheet 3" in made.notes[0]
    )


def test_rows_are_added_below_the_last_in_its_look_and_the_table_grows() -> None:
    rows = [["2026-01-04", "Item 4", 40, {"formula": "C{row}*2"}], ["later", "@x", 50]]
    made = edited(budget(), {"do": "append_rows", "sheet": "Q1", "rows": rows})

    assert made.told == [
        "Added row 5 to 6 to Q1; row 4 above has formulas: see whether it is one of sums; "
        "1 formula, 1 chart, 1 named range end with row 4 and would not take in what is below: "
        "mend them if they are to"
    ]
    assert changed(budget(), made.file) == {Q1, TABLE, "xl/styles.xml", *RECKONED_ANEW}
    cells = opened(made.file)["Q1"]
    assert [one.value for one in cells[5]][:4] == [datetime(2026, 1, 4), "Item 4", 40, "=C5*2"]
    assert [one.value for one in cells[6]][:4] == ["later", "@x", 50, None]
    assert cells["C5"].font.b and cells["A5"].number_format == "dd.mm.yyyy"
    assert cells.tables["Costs"].ref == "A1:D6" and cells.dimensions == "A1:G6"


def test_a_sheet_is_added_with_its_kinds_and_sums() -> None:
    new = sheet(
        "Plan 2", {"Day": "date", "EUR": "currency"}, ["2026-06-01", 5], ["2026-06-02", 6.5], totals=True
    )
    made = edited(
        budget(),
        {"do": "add_sheet", "sheet": new},
        {"do": "set_cells", "sheet": "Sums", "cells": {"C1": {"formula": "SUM('plan 2'!B2:B3)"}}},
    )

    assert made.told == ["Added the sheet Plan 2 (2 rows)", "Set C1 of Sums"]
    assert Q1 not in changed(budget(), made.file)
    book = opened(made.file)
    assert (
        book.sheetnames == ["Q1", "Sums", "Other", "Plan 2"]
        and book["Sums"]["C1"].value == "=SUM('Plan 2'!B2:B3)"
    )
    cells = book["Plan 2"]
    assert [[one.value for one in row] for row in cells] == [
        ["Day", "EUR"],
        [datetime(2026, 6, 1), 5],
        [datetime(2026, 6, 2), 6.5],
        ["Total", "=SUM(B2:B3)"],
    ]
    assert cells["A1"].font.b and cells["A2"].number_format == "yyyy-mm-dd" and cells.freeze_panes == "A2"


def test_a_sheet_is_renamed_and_all_that_call_it_follow() -> None:
    made = edited(budget(), {"do": "rename_sheet", "name": "q1", "new_name": "Year's start"})

    book = opened(made.file)
    assert book.sheetnames == ["Year's start", "Sums", "Other"]
    assert book["Sums"]["B1"].value == "=SUM('Year''s start'!C2:C4)"
    assert book["Sums"]["B2"].value == "=\"Q1!\"&'Year''s start'!B2"
    assert book.defined_names["Total"].attr_text == "'Year''s start'!$C$2:$C$4"
    cells = book["Year's start"]
    assert cells.data_validations.dataValidation[0].formula1 == "'Year''s start'!$B$2:$B$4"
    assert cells["B3"].hyperlink.location == "'Year''s start'!A1"
    assert b"'Year''s start'!$C$2:$C$4" in parts(made.file)["xl/charts/chart1.xml"]
    untouched = {"xl/styles.xml", TABLE, "xl/media/image1.png", "xl/comments/comment1.xml"}
    assert not untouched & changed(budget(), made.file)


def test_libreoffice_reckons_an_edited_workbook_anew(office: Office, tmp_path: Path) -> None:
    """It does so where no value stands: what reads no changed cell keeps its own, here a wrong one."""
    stale = with_parts(budget(), lambda _, part: part.replace(b"<v></v>", b"<v>1</v>"))
    made = edited(
        stale,
        {"do": "set_cells", "sheet": "Q1", "cells": {"C2": 100}},
        {"do": "append_rows", "sheet": "Q1", "rows": [["2026-01-04", "=2+2", 40, {"formula": "C{row}*2"}]]},
        {"do": "rename_sheet", "name": "Q1", "new_name": "Q 1"},
    )
    path = tmp_path / "budget.xlsx"
    path.write_bytes(made.file)

    book = CalamineWorkbook.from_path(str(office.converted(path, "ods")))

    assert [row[1:4] for row in book.get_sheet_by_name("Q 1").to_python()[1:5]] == [
        ["Item 1", 100, 200],
        ["Item 2", 20, 40],
        ["Item 3", 30, 60],
        ["=2+2", 40, 80],
    ]
    assert book.get_sheet_by_name("Sums").to_python() == [["All", 150], ["Text", 1]]


def _with(what: bytes, instead: bytes, part: str = Q1) -> bytes:
    return with_parts(
        budget(), lambda name, content: content.replace(what, instead) if name == part else content
    )


def _set(**cells: Any) -> dict[str, Any]:
    return {"do": "set_cells", "sheet": "Q1", "cells": cells}


@pytest.mark.parametrize(
    ("file", "edit", "why"),
    [
        (budget, _set(G1="x"), "merged into F1"),
        (budget, _set(A1="x"), "head of a table"),
        (budget, _set(A0="x"), "is no cell"),
        (budget, _set(**{"A1:B2": "x"}), "is no cell"),
        (budget, _set(A2={"formula": "Q3!A1"}), "no sheet 'Q3'"),
        (budget, _set(A2=10**15), "15 digits"),
        (
            budget,
            {**_set(A2=1), "sheet": "Q4"},
            "no sheet 'Q4' among its 3. Nothing was changed. Read the file",
        ),
        (budget, {"do": "rename_sheet", "name": "Q1", "new_name": "SUMS"}, "already"),
        (budget, {"do": "add_sheet", "sheet": sheet("q1", {"A": "text"})}, "already"),
        (budget, {"do": "replace_text", "old_text": "a", "new_text": "b"}, "is for docx"),
        (
            lambda: _with(b"<sheetData>", b"<sheetData/><sheetProtection sheet='1'/><sheetData>"),
            _set(A2=1),
            "protected against changes",
        ),
        (
            lambda: _with(b'<f t="shared" ref="D2:D4" si="0">', b'<f t="array" ref="D2:D4">'),
            _set(D3=1),
            "part of a formula for D2:D4",
        ),
        (
            lambda: _with(b"<table ", b'<table totalsRowCount="1" ', TABLE),
            {"do": "append_rows", "sheet": "Q1", "rows": [[1]]},
            "row of totals",
        ),
        (
            lambda: with_parts(budget(), lambda _, part: part, **{"xl__vbaProject.bin": b"x"}),
            _set(A2=1),
            "macros",
        ),
    ],
)
def test_what_would_break_the_workbook_is_refused(file: Any, edit: dict[str, Any], why: str) -> None:
    with pytest.raises(ToolError, match=why):
        edited(file(), edit)


def test_the_tool_edits_a_workbook_in_a_process_of_its_own_and_what_is_read_then_is_new(
    grounds: Grounds,
) -> None:
    desk = desk_in(grounds)
    path = grounds.granted / "budget.xlsx"
    path.write_bytes(budget())

    told = run(desk, "edit_document", path=str(path), edits=[_set(C2=100)])

    assert "1. Set C2 of Q1" in told.text and told.receipt is not None
    assert "| All | 150 |" in run(desk, "read_file", path=str(path)).text
