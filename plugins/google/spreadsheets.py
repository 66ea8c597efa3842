"""Google Sheets: made from rows, written into cell by cell, and given more sheets."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Annotated

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.google import cells, grids, making, places, words
from plugins.google.cells import Rows
from plugins.google.client import part

_MADE = "Made a Google Sheet"
_WRITTEN = "Wrote cells of a Google Sheet"
_ADDED = "Added a sheet to a Google Sheet"
_MOST_KEPT = 100_000
"""Characters of what stood there before: of more there is no undo."""
Spreadsheet = Annotated[str, "Id or link of the Google Sheet.", Destination()]
Values = Annotated[Rows, "Rows of cells: text, numbers, true/false, null for empty; formulas begin with =."]


def _found_made(context: Context, title: str, rows: Rows, folder: str = "") -> Result | None:
    """One that was made, but not filled, is filled when the call is made again."""
    file = making.found(context)
    if file is None:
        return None
    area = grids.area_of(context, file["id"], "A1", rows)
    return making.result(file, _MADE) if grids.holds(context, file["id"], area, rows) else None


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
    grids.put(context, file["id"], grids.area_of(context, file["id"], "A1", rows), rows)
    return making.result(file, _MADE)


def _shown(context: Context, spreadsheet: str, start: str, rows: Rows) -> str:
    file_id = places.id_in(spreadsheet)
    before = grids.values_in(context, file_id, grids.area_of(context, file_id, start, rows))
    head = places.named(context, spreadsheet)
    return f"{head}\nNow:\n{_all(before) or '(empty)'}\n\nThen:\n{_all(rows)}"


def _found_written(context: Context, spreadsheet: str, start: str, rows: Rows) -> Result | None:
    """By what stands there: writing the same again changes nothing."""
    file_id = places.id_in(spreadsheet)
    area = grids.area_of(context, file_id, start, rows)
    return (
        _written(context, spreadsheet, area, None, rows)
        if grids.holds(context, file_id, area, rows)
        else None
    )


def _written_back(context: Context, receipt: Receipt, spreadsheet: str, start: str, rows: Rows) -> Result:
    file_id = places.id_in(spreadsheet)
    area = grids.area_of(context, file_id, start, rows)
    try:
        before = json.loads(receipt.before)
    except ValueError:
        raise ToolError("What stood there before is not known any more: write it in by hand.") from None
    if not grids.holds(context, file_id, area, rows):
        raise ToolError(f"{area.name} was changed since, so it stays as it is.")
    grids.put(context, file_id, area, before)
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
    file_id = places.id_in(spreadsheet)
    area = grids.area_of(context, file_id, start, rows)
    before = grids.values_in(context, file_id, area)
    grids.put(context, file_id, area, rows)
    return _written(context, spreadsheet, area, before, rows)


def _found_sheet(context: Context, spreadsheet: str, title: str) -> Result | None:
    """By the number that this call gives it."""
    sheets = grids.sheets_of(context, places.id_in(spreadsheet))
    ids = [one["properties"].get("sheetId", 0) for one in sheets]
    return _added(context, spreadsheet, title) if _number(context) in ids else None


def _sheet_gone(context: Context, receipt: Receipt, spreadsheet: str, title: str) -> Result:
    """Only an empty one."""
    file_id = places.id_in(spreadsheet)
    number = int(receipt.where.rpartition("=")[2])
    known = {
        one["properties"].get("sheetId", 0): one["properties"]["title"]
        for one in grids.sheets_of(context, file_id)
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


def _written(context: Context, spreadsheet: str, area: grids.Area, before: Rows | None, rows: Rows) -> Result:
    file = places.about(context, spreadsheet)
    old = "" if before is None else json.dumps(grids.squared(before, area), ensure_ascii=False)
    old = old if len(old) <= _MOST_KEPT else ""
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=f"{_WRITTEN}: {area.name}",
        where=words.link_of(file),
        before=old,
        after=words.short(json.dumps(rows, ensure_ascii=False), 300),
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
