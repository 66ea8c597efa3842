"""The job of answering one SELECT over files."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Base64Bytes, BaseModel, Field

from bot.documents.formulas import HARMLESS, OPENERS, seems_one
from bot.documents.loading import MEMORY as MEMORY
from bot.documents.loading import File, answered, converted, is_mendable, quoted, said
from bot.errors import ToolError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LARGEST_SAVED = 50_000_000
_LONGEST_CELL = 1_000
_NO_TEXT = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    *("UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "DATE", "TIME", "INTERVAL", "UUID"),
)
"""Kinds whose values are no words of anybody; lists of them, which are named alike, open with a bracket."""


class Order(BaseModel):
    """`save` is the format of a file that holds all rows, None where only the first `most` are wanted."""

    sql: str
    files: list[File]
    most: int = Field(default=200, ge=1)
    save: Literal["csv", "parquet"] | None = None


class Told(BaseModel):
    """`has_more` than the rows shown; `notes` is what is to be known of how the files were read. Where all were
    saved: `count` is their number, `guarded` that of the texts that whoever opens the file would reckon if there were
    no apostrophe before them."""

    tables: list[str]
    columns: list[str]
    rows: list[list[str]]
    has_more: bool = False
    count: int | None = None
    guarded: int = 0
    notes: list[str] = Field(default_factory=list)
    file: Base64Bytes | None = None


def done(order: Order) -> Told:
    """Raises `ToolError` with the database's own complaint, which names what it did not find."""
    import duckdb

    place = Path.cwd()
    (place / "out").mkdir(exist_ok=True)
    sql = _one_select(order.sql)

    def ask(database: DuckDBPyConnection, tables: list[str]) -> Told:
        try:
            if order.save:
                return _saved(database, sql, order.save, place / "out", tables)
            return _shown(database, sql, order.most, tables)
        except duckdb.Error as error:
            if is_mendable(error):
                raise
            raise ToolError(
                f"The query failed: {said(error)}\nTables: {', '.join(tables)}. Mend it and try again."
            ) from None

    told = answered(order.files, place, ask)
    return told.model_copy(update={"notes": converted(order.files, place)})


def _shown(database: DuckDBPyConnection, sql: str, most: int, tables: list[str]) -> Told:
    cursor = database.execute(sql)
    columns = [str(column[0]) for column in cursor.description or ()]
    rows = cursor.fetchmany(most + 1)
    return Told(
        tables=tables,
        columns=columns,
        rows=[[_cell(value) for value in row] for row in rows[:most]],
        has_more=len(rows) > most,
    )


def _one_select(sql: str) -> str:
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise ToolError(f"This is not SQL that is understood: {said(error)}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ToolError("Give one SELECT (or WITH … SELECT, DESCRIBE, SUMMARIZE): nothing else is run here.")
    return str(statements[0].query).rstrip().rstrip(";")


def _saved(database: DuckDBPyConnection, sql: str, form: str, place: Path, tables: list[str]) -> Told:
    described = database.execute(f"describe {sql}").fetchall()
    target = place / f"result.{form}"
    options = "header" if form == "csv" else "format parquet"
    shown = _harmless(sql, described) if form == "csv" else sql
    count = database.execute(f"copy ({shown}\n) to '{target}' ({options})").fetchone()
    if target.stat().st_size > LARGEST_SAVED:
        raise ToolError(f"The result is larger than {LARGEST_SAVED // 1_000_000} MB. Ask for less of it.")
    return Told.model_construct(
        tables=tables,
        columns=[str(column[0]) for column in described],
        rows=[],
        has_more=False,
        count=count[0] if count else 0,
        guarded=_number_guarded(target) if form == "csv" else 0,
        file=target.read_bytes(),
    )


def _harmless(sql: str, described: list[Any]) -> str:
    """No text in it, and no title, is a formula to whoever opens it."""
    columns = [
        f"{quoted(name) if kind.startswith(_NO_TEXT) else _guarded(quoted(name))} as {quoted(_title(name))}"
        for name, kind in ((str(name), kind) for name, kind, *_ in described)
    ]
    return f"select {', '.join(columns)} from ({sql}\n)"


def _title(name: str) -> str:
    return f"'{name}" if seems_one(name) else name


def _guarded(column: str) -> str:
    """As `seems_one` has it."""
    column = f"{column}::varchar"
    openers = "".join(f"\\x{{{ord(one):x}}}" for one in OPENERS)
    reckoned = f"regexp_matches({column}, '^[{openers}]') and not regexp_full_match({column}, '{HARMLESS}')"
    return f"case when {reckoned} then '''' || {column} else {column} end"


def _number_guarded(target: Path) -> int:
    """Counted in what was written: the query is not asked twice."""
    csv.field_size_limit(sys.maxsize)
    with target.open(encoding="utf-8", newline="") as file:
        return sum(one.startswith("'") and seems_one(one[1:]) for row in csv.reader(file) for one in row)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
