"""Google Sheets: made from rows, written into cell by cell, and given more sheets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.google import cells, making, places, words
from plugins.google.cells import Rows
from plugins.google.client import part

_MADE = "Made a Google Sheet"
_WRITTEN = "Wrote cells of a Google Sheet"
_ADDED = "Added a sheet to a Google Sheet"
_PROPERTIES = "sheets.properties(sheetId,title,gridProperties)"
Spreadsheet = Annotated[str, "Id or link of the Google Sheet.", Destination()]
Values = Annotated[Rows, "Rows of cells: text, numbers, true/false, null for empty; formulas begin with =."]


@dataclass(frozen=True, kw_only=True)
class _Area:
    """A rectangle of one sheet; rows and columns from 0, the last ones not in it. `rows_there` are the grid's."""

    sheet: int
    title: str
    row: int
    column: int
    height: int
    width: int
    rows_there: int
    columns_there: int

    @property
    def name(self) -> str:
        """As people and the API write it."""
        last = f"{cells.column(self.column + self.width)}{self.row + self.height}"
        return f"{cells.quoted(self.title)}!{cells.column(self.column + 1)}{self.row + 1}:{last}"

    @property
    def is_there(self) -> bool:
        """Whether all of it is within the grid as it is now."""
        is_low = self.row + self.height <= self.rows_there
        return is_low and self.column + self.width <= self.columns_there


def _found_made(context: Context, title: str, rows: Rows, folder: str = "") -> Result | None:
    """One that was made, but not filled, is filled when the call is made again."""
    file = making.found(context)
    if file is None:
        return None
    area = _area(context, file["id"], "A1", rows)
    return making.result(file, _MADE) if _holds(context, file["id"], area, rows) else None


@action(
    effect=Effect.CREATE,
    items=places.touched("folder"),
    preview=lambda _, title, folder="", **__: (
        f"Make a Google Sheet in {places.into(folder)}: “{words.short(title)}”"
    ),
    detail=lambda context, title, rows, folder="": f"{places.where(context, folder)}\n{title}\n{_all(rows)}",
    example={"title": "Budget", "rows": [["Item", "Sum"], ["Rent", 1200.5], ["All", "=SUM(B2:B2)"]]},
    inverse=making.INTO_THE_BIN,
    settled=_found_made,
    needs=places.WRITE,
)
def create_spreadsheet(
    context: Context,
    title: str,
    rows: Values,
    folder: Annotated[str, "Id or link of the folder; empty for My Drive.", Destination()] = "",
) -> Result:
    """Make a Google Sheet with these rows in its first sheet. Gives the link and the id."""
    cells.checked(rows)
    file = making.empty(context, words.SPREADSHEET, title, folder)
    _put(context, file["id"], _area(context, file["id"], "A1", rows), rows)
    return making.result(file, _MADE)


def _shown(context: Context, spreadsheet: str, start: str, rows: Rows) -> str:
    file_id = places.id_in(spreadsheet)
    before = _values(context, file_id, _area(context, file_id, start, rows))
    head = places.named(context, spreadsheet)
    return f"{head}\nNow:\n{_all(before) or '(empty)'}\n\nThen:\n{_all(rows)}"


def _found_written(context: Context, spreadsheet: str, start: str, rows: Rows) -> Result | None:
    """By what stands there: writing the same again changes nothing."""
    file_id = places.id_in(spreadsheet)
    area = _area(context, file_id, start, rows)
    return _written(context, spreadsheet, area, None, rows) if _holds(context, file_id, area, rows) else None


def _written_back(context: Context, receipt: Receipt, spreadsheet: str, start: str, rows: Rows) -> Result:
    file_id = places.id_in(spreadsheet)
    area = _area(context, file_id, start, rows)
    try:
        before = json.loads(receipt.before)
    except ValueError:
        raise ToolError("What stood there before is not known any more: write it in by hand.") from None
    if not _holds(context, file_id, area, rows):
        raise ToolError(f"{area.name} was changed since, so it stays as it is.")
    _put(context, file_id, area, before)
    return Result(text=f"Put back what stood in {area.name}.")


@action(
    effect=Effect.CHANGE,
    items=places.touched("spreadsheet"),
    preview=lambda _, spreadsheet, start, rows: (
        f"Write {sum(map(len, rows))} cells from {words.short(start)} on into {words.short(spreadsheet)}"
    ),
    detail=_shown,
    example={"spreadsheet": "budget", "start": "Sheet1!B2", "rows": [[1200.5, True], [None, "=B2"]]},
    inverse=Inverse(words="Put the old values back", act=_written_back),
    settled=_found_written,
    needs=places.WRITE,
)
def write_cells(
    context: Context,
    spreadsheet: Spreadsheet,
    start: Annotated[str, 'The first cell: "B2", or "Budget!B2" on a sheet.'],
    rows: Values,
) -> Result:
    """Write rows of values into a Google Sheet, from one cell on to the right and down; what stood there goes.

    Numbers and text stay what they are. Read the place with read_cells first.
    """
    cells.checked(rows)
    file_id = places.id_in(spreadsheet)
    area = _area(context, file_id, start, rows)
    before = _values(context, file_id, area)
    _put(context, file_id, area, rows)
    return _written(context, spreadsheet, area, before, rows)


def _found_sheet(context: Context, spreadsheet: str, title: str) -> Result | None:
    """By the number that this call gives it."""
    sheets = _sheets(context, places.id_in(spreadsheet))
    ids = [one["properties"].get("sheetId", 0) for one in sheets]
    return _added(context, spreadsheet, title) if _number(context) in ids else None


def _sheet_gone(context: Context, receipt: Receipt, spreadsheet: str, title: str) -> Result:
    """Only an empty one."""
    file_id = places.id_in(spreadsheet)
    number = int(receipt.where.rpartition("=")[2])
    known = {
        one["properties"].get("sheetId", 0): one["properties"]["title"] for one in _sheets(context, file_id)
    }
    if known.get(number) != title:
        raise ToolError(f"The sheet “{title}” is gone or has another name.")
    path = f"/v4/spreadsheets/{part(file_id)}"
    if context.client.get("sheets", f"{path}/values/{part(cells.quoted(title))}").get("values"):
        raise ToolError(f"The sheet “{title}” is not empty any more, so it stays.")
    context.client.post("sheets", f"{path}:batchUpdate", {"requests": [{"deleteSheet": {"sheetId": number}}]})
    return Result(text=f"Took the sheet “{title}” away.")


@action(
    effect=Effect.CREATE,
    items=places.touched("spreadsheet"),
    preview=lambda _, spreadsheet, title: (
        f"Add the sheet “{words.short(title)}” to the Google Sheet {words.short(spreadsheet)}"
    ),
    detail=lambda context, spreadsheet, title: f"{places.named(context, spreadsheet)}\nNew sheet: {title}",
    example={"spreadsheet": "budget", "title": "2027"},
    inverse=Inverse(words="Take the sheet away", act=_sheet_gone),
    settled=_found_sheet,
    needs=places.WRITE,
)
def add_sheet(
    context: Context, spreadsheet: Spreadsheet, title: Annotated[str, "The new sheet's name."]
) -> Result:
    """Add an empty sheet to a Google Sheet; fill it with write_cells. Its name must be a new one."""
    path = f"/v4/spreadsheets/{part(places.id_in(spreadsheet))}:batchUpdate"
    properties = {"title": title, "sheetId": _number(context)}
    context.client.post("sheets", path, {"requests": [{"addSheet": {"properties": properties}}]})
    return _added(context, spreadsheet, title)


def _area(context: Context, file_id: str, start: str, rows: Rows) -> _Area:
    title, row, column = cells.start(start)
    for one in _sheets(context, file_id):
        sheet = one["properties"]
        if title in ("", sheet["title"]) and "gridProperties" in sheet:
            grid = sheet["gridProperties"]
            return _Area(
                sheet=sheet.get("sheetId", 0),
                title=sheet["title"],
                row=row,
                column=column,
                height=len(rows),
                width=max(map(len, rows)),
                rows_there=int(grid.get("rowCount", 0)),
                columns_there=int(grid.get("columnCount", 0)),
            )
    raise ToolError(f"There is no sheet “{title}” in it. Add it with add_sheet, or write its name as it is.")


def _sheets(context: Context, file_id: str) -> Sequence[Any]:
    path = f"/v4/spreadsheets/{part(file_id)}"
    sheets: Sequence[Any] = context.client.get("sheets", path, fields=_PROPERTIES).get("sheets", ())
    return sheets


def _values(context: Context, file_id: str, area: _Area) -> Rows:
    """What people entered there, as it is written again; nothing for what is beyond the grid."""
    if not area.is_there:
        return []
    answer = context.client.get(
        "sheets",
        f"/v4/spreadsheets/{part(file_id)}",
        ranges=area.name,
        fields="sheets.data.rowData.values.userEnteredValue",
    )
    data = [one for sheet in answer.get("sheets", ()) for one in sheet.get("data", ())]
    found = data[0].get("rowData", []) if data else []
    return [[_entered(cell) for cell in row.get("values", ())] for row in found]


def _entered(cell: Any) -> cells.Value:
    value: cells.Value = next(iter(cell.get("userEnteredValue", {}).values()), None)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _holds(context: Context, file_id: str, area: _Area, rows: Rows) -> bool:
    now = _squared(_values(context, file_id, area), area)
    return [[*map(_compared, row)] for row in now] == [[*map(_compared, row)] for row in _squared(rows, area)]


def _compared(value: cells.Value) -> tuple[type, cells.Value]:
    """True is not 1; and Sheets writes formulas in its own way."""
    kind = float if isinstance(value, int) and not isinstance(value, bool) else type(value)
    is_formula = isinstance(value, str) and cells.is_formula(value)
    return kind, "".join(str(value).split()).upper() if is_formula else value


def _put(context: Context, file_id: str, area: _Area, rows: Rows) -> None:
    """All at once; the grid grows where it is too small. Each cell is said, so that what stood there goes."""
    requests: list[Any] = []
    if not area.is_there:
        grid = {
            "rowCount": max(area.rows_there, area.row + area.height),
            "columnCount": max(area.columns_there, area.column + area.width),
        }
        properties = {"sheetId": area.sheet, "gridProperties": grid}
        fields = "gridProperties.rowCount,gridProperties.columnCount"
        requests.append({"updateSheetProperties": {"properties": properties, "fields": fields}})
    start = {"sheetId": area.sheet, "rowIndex": area.row, "columnIndex": area.column}
    written = {"start": start, "rows": cells.typed(_squared(rows, area)), "fields": "userEnteredValue"}
    requests.append({"updateCells": written})
    context.client.post("sheets", f"/v4/spreadsheets/{part(file_id)}:batchUpdate", {"requests": requests})


def _squared(rows: Rows, area: _Area) -> Rows:
    """Every row as long as the area is wide, and as many as it is high; an empty text is an empty cell."""
    full = [*rows, *([[]] * (area.height - len(rows)))]
    return [
        [*(value if value != "" else None for value in row), *([None] * (area.width - len(row)))]
        for row in full
    ]


def _written(context: Context, spreadsheet: str, area: _Area, before: Rows | None, rows: Rows) -> Result:
    file = places.about(context, spreadsheet)
    old = "" if before is None else json.dumps(_squared(before, area), ensure_ascii=False)
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=f"{_WRITTEN}: {area.name}",
        where=words.link_of(file),
        before=old,
        after=json.dumps(rows, ensure_ascii=False),
        undo="Put the old values back" if old else "",
    )
    return Result(text=f"Wrote {area.name} of “{file['name']}”: {words.link_of(file)}", receipt=receipt)


def _added(context: Context, spreadsheet: str, title: str) -> Result:
    file = places.about(context, spreadsheet)
    link = f"{words.link_of(file).partition('#')[0]}#gid={_number(context)}"
    receipt = Receipt(
        effect=Effect.CREATE, what=f"{_ADDED}: {title}", where=link, after=title, undo="Take the sheet away"
    )
    return Result(text=f"Added the sheet “{title}”: {link}", receipt=receipt)


def _number(context: Context) -> int:
    """A sheet's own number, which Sheets lets us choose: the same whenever this call is made."""
    return int.from_bytes(sha256(context.effect_id.encode()).digest()[:4], "big") >> 1


def _all(rows: Rows) -> str:
    """As people check it on a card."""
    lines = [" | ".join("" if value is None else str(value) for value in row) for row in rows]
    return "\n".join(lines)
