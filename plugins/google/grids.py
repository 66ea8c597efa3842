"""A rectangle of cells of a Google Sheet: where it is, what stands in it, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sdk import Context, ToolError
from plugins.google import cells
from plugins.google.cells import Rows
from plugins.google.client import part

_PROPERTIES = "sheets.properties(sheetId,title,gridProperties)"


@dataclass(frozen=True, kw_only=True)
class Area:
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


def area_of(context: Context, file_id: str, start: str, rows: Rows) -> Area:
    """From a cell on. Raises `ToolError` where it cannot be, or the rows cannot."""
    cells.checked(rows)
    title, row, column = cells.start(start)
    for one in sheets_of(context, file_id):
        sheet = one["properties"]
        if title in ("", sheet["title"]) and "gridProperties" in sheet:
            grid = sheet["gridProperties"]
            return Area(
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


def sheets_of(context: Context, file_id: str) -> Sequence[Any]:
    """What they are called, and how large they are."""
    path = f"/v4/spreadsheets/{part(file_id)}"
    sheets: Sequence[Any] = context.client.get("sheets", path, fields=_PROPERTIES).get("sheets", ())
    return sheets


def values_in(context: Context, file_id: str, area: Area) -> Rows:
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


def holds(context: Context, file_id: str, area: Area, rows: Rows) -> bool:
    """Whether these stand there, and nothing else."""
    now = squared(values_in(context, file_id, area), area)
    return [[*map(_compared, row)] for row in now] == [[*map(_compared, row)] for row in squared(rows, area)]


def _compared(value: cells.Value) -> tuple[type, cells.Value]:
    """True is not 1; and Sheets writes formulas in its own way."""
    kind = float if isinstance(value, int) and not isinstance(value, bool) else type(value)
    is_formula = isinstance(value, str) and cells.is_formula(value)
    return kind, "".join(str(value).split()).upper() if is_formula else value


def put(context: Context, file_id: str, area: Area, rows: Rows) -> None:
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
    written = {"start": start, "rows": cells.typed(squared(rows, area)), "fields": "userEnteredValue"}
    requests.append({"updateCells": written})
    context.client.post("sheets", f"/v4/spreadsheets/{part(file_id)}:batchUpdate", {"requests": requests})


def squared(rows: Rows, area: Area) -> Rows:
    """Every row as long as the area is wide, and as many as it is high; an empty text is an empty cell."""
    full = [*rows, *([[]] * (area.height - len(rows)))]
    return [
        [*(value if value != "" else None for value in row), *([None] * (area.width - len(row)))]
        for row in full
    ]
