"""Questions to tables in files, by SQL: each answer says which query over which files it is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import PurePath
from typing import Annotated, BinaryIO

from bot.documents import apart, loading, profile, query
from bot.domain.call import Result
from bot.domain.effect import Access
from bot.domain.label import Source
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools.desk import Desk
from bot.tools.documents.tables import markdown_table
from bot.tools.putting import inverse, put, was_made, writes

MOST_FILES = 20
MOST_ROWS = 200
MOST_CHARACTERS = 24_000
LARGEST_FILE = 2_000_000_000
_LARGEST_PACKED = 50_000_000
_SECONDS = 300
_KINDS: dict[str, loading.Kind] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
    ".xlsx": "sheets",
    ".xls": "sheets",
    ".ods": "sheets",
}


def _accesses(
    desk: Desk, files: Sequence[str], save_as: str | None = None, **_: object
) -> tuple[Access, ...]:
    read = tuple(one for path in files for one in desk.reading(path))
    return (*read, *(writes(desk, save_as) if save_as else ()))


def _sources(desk: Desk, files: Sequence[str], save_as: str | None = None, **_: object) -> tuple[Source, ...]:
    return tuple(desk.source(path, is_carried=bool(save_as)) for path in files)


def _inverse(desk: Desk, save_as: str | None = None, **_: object) -> str:
    return inverse(desk, save_as) if save_as else ""


def _settled(desk: Desk, save_as: str | None = None, **_: object) -> Result | None:
    return was_made(desk, save_as) if save_as else None


@tool(
    accesses=_accesses,
    sources=_sources,
    preview=lambda desk, sql, files, save_as=None: (
        f"Query {', '.join(map(desk.name, files))}" + (f" into {desk.name(save_as)}" if save_as else "")
    ),
    detail=lambda desk, sql, **_: sql,
    inverse=_inverse,
    settled=_settled,
)
def query_data(
    desk: Desk,
    sql: Annotated[str, "One SELECT in DuckDB's SQL."],
    files: Annotated[list[str], "The files it is over: CSV, TSV, JSON, JSON lines, Parquet, Excel or ODS."],
    save_as: Annotated[str | None, "A .csv or .parquet file for all rows, instead of showing them."] = None,
) -> Result:
    """Answer a question about tables in files by SQL, up to 2 GB a file: sums, groups, joins, filters, statistics.

    A file is a table named after it without its ending (`sales 2026.csv` is `sales_2026`); a workbook of several sheets
    is one for each (`budget_q1`). Begin with `DESCRIBE name` or `SUMMARIZE name`. The first 200 rows come back: let SQL
    reckon and narrow down, or save all rows with `save_as`. Every figure you report comes from such a result. To read a
    small file as it stands use read_file.
    """
    told = _told(desk, sql, files, save_as)
    over = ", ".join(f"{path} as {table}" for path, table in _named(files))
    notes = "".join(f"\nNote: {note}" for note in told.notes)
    head = f"[{over}]\nQuery: {' '.join(sql.split())}{notes}"
    if save_as:
        result = put(desk, save_as, told.file or b"")
        guarded = f"\n{_guarded(told.guarded)}" if told.guarded else ""
        return Result(text=f"{head}\n{result.text}: {told.count:,} rows{guarded}", receipt=result.receipt)
    return Result(text=f"{head}\n\n{desk.veil.masked(_table(told))}")


@tool(
    accesses=lambda desk, path: desk.reading(path),
    sources=lambda desk, path: (desk.source(path),),
    preview=lambda desk, path: f"Profile {desk.name(path)}",
)
def profile_data(
    desk: Desk,
    path: Annotated[str, "A CSV, TSV, JSON, Parquet, Excel or ODS file."],
) -> Result:
    """What is in a table, column by column, of all its rows: types, ranges, gaps, outliers, repeats, top values.

    Use it before you analyse a file that you do not know, and to report on the quality of its data. Go on with
    query_data for what it points out.
    """
    with _opened(desk, [path]) as opened:
        order = profile.Order(files=opened)
        told = apart.done("profile", order, profile.Told, desk.halt, seconds=_SECONDS, files=_numbers(opened))
    notes = "".join(f"Note: {note}\n" for note in told.notes)
    return Result(text=desk.veil.masked(notes + "\n\n".join(map(profile.words, told.tables))))


def _guarded(cells: int) -> str:
    if cells == 1:
        return "Note: 1 text stands behind an apostrophe ('), as a spreadsheet would take it for a formula."
    return f"Note: {cells:,} texts stand behind an apostrophe ('), as a spreadsheet would take them for formulas."


def _told(desk: Desk, sql: str, files: Sequence[str], save_as: str | None) -> query.Told:
    """Its complaint quotes what the files say, whoever wrote that, where only their rows were to be saved too."""
    try:
        return _asked(desk, sql, files, save_as)
    except ToolError as error:
        error.sources = tuple(desk.source(path) for path in files)
        raise


def _asked(desk: Desk, sql: str, files: Sequence[str], save_as: str | None) -> query.Told:
    form = None if save_as is None else PurePath(save_as).suffix.lower().lstrip(".")
    if form not in (None, "csv", "parquet"):
        raise ToolError("save_as must end in .csv or .parquet. Nothing was saved.")
    with _opened(desk, files) as opened:
        order = query.Order.model_validate({"sql": sql, "files": opened, "most": MOST_ROWS, "save": form})
        return apart.done("query", order, query.Told, desk.halt, seconds=_SECONDS, files=_numbers(opened))


@contextmanager
def _opened(desk: Desk, files: Sequence[str]) -> Iterator[list[loading.File]]:
    if not 1 <= len(files) <= MOST_FILES:
        raise ToolError(f"Give from 1 to {MOST_FILES} files.")
    with ExitStack() as stack:
        yield [
            _file(desk, path, table, stack.enter_context(desk.workspace.open_read(path)))
            for path, table in _named(files)
        ]


def _file(desk: Desk, path: str, table: str, file: BinaryIO) -> loading.File:
    kind = _KINDS.get(PurePath(path).suffix.lower())
    if kind is None:
        raise ToolError(f"{path} is no table that is read here. Known are {', '.join(sorted(_KINDS))}.")
    size = desk.workspace.stat(path).size
    if not size:
        raise ToolError(f"{path} is empty (0 bytes): there is no table in it. Ask for the whole file.")
    most = _LARGEST_PACKED if kind == "sheets" else LARGEST_FILE
    if size > most:
        raise ToolError(
            f"{path} has {size / 1e6:,.0f} MB; of its kind at most {most / 1e6:,.0f} MB are read. "
            "Ask for it in parts, or as Parquet."
        )
    return loading.File(descriptor=file.fileno(), name=path, table=table, kind=kind)


def _named(files: Sequence[str]) -> list[tuple[str, str]]:
    """Each file with the name of its table, which no other has."""
    found: dict[str, str] = {}
    for path in dict.fromkeys(files):
        name = first = loading.slug(PurePath(path).stem)
        number = 2
        while name in found.values():
            name, number = f"{first}_{number}", number + 1
        found[path] = name
    return list(found.items())


def _numbers(opened: Sequence[loading.File]) -> list[int]:
    return [file.descriptor for file in opened]


def _table(told: query.Told) -> str:
    """As many rows as fit."""
    if not told.rows:
        return f"No rows. Columns: {', '.join(told.columns)}."
    rows, room = [], MOST_CHARACTERS
    for row in told.rows:
        room -= sum(len(cell) + 3 for cell in row)
        if room < 0:
            break
        rows.append(row)
    text = markdown_table([told.columns, *rows])
    if told.has_more or len(rows) < len(told.rows):
        text += f"\n[the first {len(rows)} rows; there are more: narrow the query down, or use save_as]"
    return text
