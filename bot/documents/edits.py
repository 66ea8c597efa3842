"""What is to be changed in a document that exists: each edit with what it takes, and the kinds it is for."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, WithJsonSchema

from bot.documents import worded
from bot.documents.content import MOST_SHEET_NAME, Block, Cell, Formula, Sheet
from bot.documents.decks.edits import SlideEdit
from bot.documents.edit import EditOf, as_made, one_of

Blocks = Annotated[
    list[Block],
    Field(min_length=1, max_length=500),
    WithJsonSchema({"type": "array", "items": as_made("Blocks")}),
]


class ReplaceText(EditOf):
    """In paragraphs, tables, headers, footers and notes of a docx, in shapes, tables and notes of a pptx.

    `old_text` lies within one paragraph and keeps the look of its first letter. It must occur once, or `everywhere`.
    """

    kinds = ("docx", "pptx")
    do: Literal["replace_text"]
    old_text: str = Field(min_length=1, max_length=20_000)
    new_text: str = Field(max_length=20_000)
    everywhere: bool = False

    @property
    def words(self) -> str:
        lines = [
            *(f"- {one}" for one in self.old_text.split("\n")),
            *(f"+ {one}" for one in self.new_text.split("\n")),
        ]
        return "\n".join(["Replace, everywhere:" if self.everywhere else "Replace:", *lines])


class InsertBlocks(EditOf):
    """Docx: `after` is the whole text of a heading or paragraph; "" is the end of the document."""

    kinds = ("docx",)
    do: Literal["insert_blocks"]
    after: str
    blocks: Blocks

    @property
    def words(self) -> str:
        place = f"after “{self.after}”" if self.after else "at the end"
        return f"Insert {place}:\n{worded.blocks(self.blocks)}"


class ReplaceSection(EditOf):
    """Docx: all from below this heading to the next of its level or above. The heading stays."""

    kinds = ("docx",)
    do: Literal["replace_section"]
    heading: str = Field(min_length=1)
    blocks: Blocks

    @property
    def words(self) -> str:
        return f"Replace all below the heading “{self.heading}” by:\n{worded.blocks(self.blocks)}"


class DeleteSection(EditOf):
    """Docx: this heading and all to the next of its level or above."""

    kinds = ("docx",)
    do: Literal["delete_section"]
    heading: str = Field(min_length=1)

    @property
    def words(self) -> str:
        return f"Delete the heading “{self.heading}” and all below it"


class SetTableCell(EditOf):
    """Docx: tables, rows and columns are counted from 1, the head's row too. The text is Markdown of one line."""

    kinds = ("docx",)
    do: Literal["set_table_cell"]
    table: int = Field(ge=1)
    row: int = Field(ge=1)
    column: int = Field(ge=1)
    text: str = Field(max_length=20_000)

    @property
    def words(self) -> str:
        return f"In table {self.table}, row {self.row}, column {self.column}, write: {self.text}"


class AddTableRow(EditOf):
    """Docx: a row below another, which looks like that one. A cell for each of its columns, as Markdown of one line."""

    kinds = ("docx",)
    do: Literal["add_table_row"]
    table: int = Field(ge=1)
    after: int = Field(ge=1)
    cells: list[str] = Field(min_length=1, max_length=63)

    @property
    def words(self) -> str:
        return f"In table {self.table}, below row {self.after}, add a row: {' | '.join(self.cells)}"


WordEdit = ReplaceText | InsertBlocks | ReplaceSection | DeleteSection | SetTableCell | AddTableRow


class SetCells(EditOf):
    """Xlsx: {"B7": 12.5, "C7": {"formula": "SUM(B2:B7)"}, "D7": null}. Each keeps its look; null empties it.

    In a cell that shows days, 2026-03-31 is a day.
    """

    kinds = ("xlsx",)
    do: Literal["set_cells"]
    sheet: str
    cells: dict[str, Cell | Formula] = Field(min_length=1, max_length=2_000)

    @property
    def words(self) -> str:
        return "\n".join(
            [
                f"On the sheet {self.sheet} set:",
                *(f"{at}: {worded.cell(one)}" for at, one in self.cells.items()),
            ]
        )


class AppendRows(EditOf):
    """Xlsx: below the last row, looking as it does. In a formula {row} is the number of its own row."""

    kinds = ("xlsx",)
    do: Literal["append_rows"]
    sheet: str
    rows: list[Annotated[list[Cell | Formula], Field(min_length=1, max_length=256)]] = Field(
        min_length=1, max_length=5_000
    )

    @property
    def words(self) -> str:
        rows = [" | ".join(map(worded.cell, row)) for row in self.rows]
        return "\n".join([f"Below the last row of the sheet {self.sheet} add:", *rows])


class AddSheet(EditOf):
    """Xlsx: behind the others, without charts."""

    kinds = ("xlsx",)
    do: Literal["add_sheet"]
    sheet: Annotated[Sheet, WithJsonSchema(as_made("A sheet"))]

    @property
    def words(self) -> str:
        return f"Add a sheet:\n{worded.sheet(self.sheet)}"


class RenameSheet(EditOf):
    """Xlsx: formulas, charts and names that call it by its name follow."""

    kinds = ("xlsx",)
    do: Literal["rename_sheet"]
    name: str
    new_name: str = Field(min_length=1, max_length=MOST_SHEET_NAME, pattern=r"^[^\[\]:*?/\\]+$")

    @property
    def words(self) -> str:
        return f"Rename the sheet {self.name} to {self.new_name}"


SheetEdit = SetCells | AppendRows | AddSheet | RenameSheet
Edit = Annotated[
    WordEdit | SheetEdit | SlideEdit,
    Field(discriminator="do"),
    WithJsonSchema(one_of(get_args(WordEdit | SheetEdit | SlideEdit))),
]
