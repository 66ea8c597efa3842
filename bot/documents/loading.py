"""Files as tables of a database that can do nothing but read them: no other file, no network, no extension.

The files are open already: the database reads them by their descriptors, whatever has become of their names since.
"""

from __future__ import annotations

import csv
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from pydantic import BaseModel

from bot.documents import encodings
from bot.documents.archive import encrypted, family
from bot.errors import ToolError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Told = TypeVar("Told")
Kind = Literal["csv", "tsv", "json", "parquet", "sheets"]

_MEMORY = "300MB"
_THREADS = 2
_READERS = {
    "csv": ("read_csv", "sample_size=20480"),
    "tsv": ("read_csv", "delim='\\t', sample_size=20480"),
    "json": ("read_json", "format='auto'"),
    "parquet": ("read_parquet", "binary_as_string=true"),
}
"""The function of the database that reads a kind, and how it is told to."""
_PADDED = ", null_padding=true, parallel=false"
_MOST_CELLS = 5_000_000
_FILE = re.compile(r"/proc/self/fd/\d+|/\S*/\d+\.utf8")
_ADVICE = re.compile(r"\s*Possible (?:[Ss]olutions?|[Ff]ixes)\b")

MEMORY: Final = 3 * 1024**3
"""Address space of a job that uses the database, in bytes. Of memory the database has its own limit, a tenth of it."""


class File(BaseModel):
    """`descriptor` is open for reading; `table` is what SQL calls it, or begins with for a file of several sheets."""

    descriptor: int
    name: str
    table: str
    kind: Kind


def answered(
    files: Sequence[File], place: Path, ask: Callable[[DuckDBPyConnection, list[str]], Told]
) -> Told:
    """What `ask` makes of the database and the names of its tables. `place` is for what does not fit into memory.

    Where rows are shorter than their head, their last cells count as empty; text that is not UTF-8 is converted. Raises
    `ToolError` for a file that cannot be read as what it is, and what the database raises of a query.
    """
    import duckdb

    padded = ""
    while True:
        try:
            return ask(*_opened(files, place, padded))
        except duckdb.Error as error:
            if is_ragged(error):
                padded = _PADDED
            elif not (is_foreign(error) and _convert(files, place)):
                raise


def converted(files: Sequence[File], place: Path) -> list[str]:
    """A sentence for each that was."""
    return [
        f"{file.name} is not UTF-8: it was read as {said.read_text()}."
        for file in files
        if (said := place / f"{file.descriptor}.encoding").is_file()
    ]


def _convert(files: Sequence[File], place: Path) -> bool:
    """Whether there was anything to convert, and it is now."""
    found = False
    for file in (one for one in files if one.kind in ("csv", "tsv") and not _copy(one, place).exists()):
        if encoding := encodings.rewritten(file.descriptor, file.name, _copy(file, place)):
            (place / f"{file.descriptor}.encoding").write_text(encoding)
            found = True
    return found


def _copy(file: File, place: Path) -> Path:
    """Where its text stands as UTF-8, if it had to be converted."""
    return place / f"{file.descriptor}.utf8"


def _opened(files: Sequence[File], place: Path, padded: str) -> tuple[DuckDBPyConnection, list[str]]:
    import duckdb

    database = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    tables = [table for file in files for table in _prepared(file, place)]
    _lock(database, [table.path for table in tables], place)
    for table in tables:
        options = table.options + (padded if table.reader == "read_csv" else "")
        source = f"{table.reader}({_text(table.path)}, {options})"
        try:
            database.execute(f"create view {quoted(table.name)} as select * from {source}")
        except duckdb.Error as error:
            if is_mendable(error):
                raise
            raise ToolError(f"{table.file} cannot be read as a table: {_briefly(error)}.") from None
    database.execute("set lock_configuration=true")
    return database, [table.name for table in tables]


def is_mendable(error: Exception) -> bool:
    """Whether the files may be read in another way, and be right."""
    return is_ragged(error) or is_foreign(error)


def is_foreign(error: Exception) -> bool:
    """Whether it complains of text that is not UTF-8."""
    return "not utf-8 encoded" in str(error)


def is_ragged(error: Exception) -> bool:
    """Whether it complains of rows that are not as long as their head."""
    return "Expected Number of Columns" in str(error) and "null_padding = 1" not in str(error)


def quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def said(error: Exception) -> str:
    """What the database complains of, without where its files are, and without advice that cannot be taken here."""
    first, *_ = _ADVICE.split(_FILE.sub("the file", str(error)), maxsplit=1)
    if "Out of Memory" in first:
        return "it takes more memory than a query may have. Narrow it down, or reckon in several steps"
    return first.strip()


def _briefly(error: Exception) -> str:
    """Of a file, without the statement that read it and how it was tried."""
    first, *_ = re.split(r"\n\s*\n", said(error), maxsplit=1)
    if "sniffing" in first or "Candidates" in first:
        return "no rows and columns can be told apart in it. Save it as CSV UTF-8, or as .xlsx"
    return first.strip().rstrip(".")


def _lock(database: DuckDBPyConnection, paths: Iterable[str], place: Path) -> None:
    """In this order: what comes last takes away the right to do what comes first (notes/plugins.md §5)."""
    database.execute(f"set memory_limit='{_MEMORY}'")
    database.execute(f"set threads={_THREADS}")
    database.execute(f"set temp_directory={_text(str(place / 'spill'))}")
    database.execute("set preserve_insertion_order=false")
    database.execute(f"set allowed_paths=[{', '.join(map(_text, paths))}]")
    database.execute(f"set allowed_directories=[{_text(f'{place}/out/')}]")
    database.execute("set enable_external_access=false")


@dataclass(frozen=True)
class _Table:
    name: str
    file: str
    path: str
    reader: str
    options: str


def _prepared(file: File, place: Path) -> Iterator[_Table]:
    """Each table in a file, as something that the database can read."""
    if file.kind != "sheets":
        copy = _copy(file, place)
        source = str(copy) if copy.exists() else f"/proc/self/fd/{file.descriptor}"
        yield _Table(file.table, file.name, source, *_READERS[file.kind])
        return
    for name, rows in _sheets(file):
        path = place / f"{file.descriptor}-{len(os.listdir(place))}.csv"
        kinds = _written(rows, path)
        columns = ", ".join(f"{_text(title)}: {_text(kind)}" for title, kind in kinds)
        yield _Table(
            name, file.name, str(path), "read_csv", f"header=true, nullstr='', columns={{{columns}}}"
        )


def _sheets(file: File) -> Iterator[tuple[str, list[list[Any]]]]:
    """Each sheet that has rows, without empty ones; the first is the head."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with open(f"/proc/self/fd/{file.descriptor}", "rb") as content:
            if zipfile.is_zipfile(content):  # what is none unpacks to no more than it is
                family(content, file.name)
            content.seek(0)
            workbook = CalamineWorkbook.from_filelike(content)
            found = {title: workbook.get_sheet_by_name(title).to_python() for title in workbook.sheet_names}
    except PasswordError:
        raise encrypted(file.name) from None
    except (CalamineError, OSError) as error:
        raise ToolError(f"{file.name} cannot be read as a workbook: {error}") from None
    if sum(len(rows) * len(rows[0]) for rows in found.values() if rows) > _MOST_CELLS:
        raise ToolError(f"{file.name} has more than {_MOST_CELLS:,} cells. Ask for it as CSV.")
    filled = {title: [row for row in rows if any(one != "" for one in row)] for title, rows in found.items()}
    filled = {title: rows for title, rows in filled.items() if rows}
    for title, rows in filled.items():
        yield file.table if len(filled) == 1 else f"{file.table}_{slug(title)}", rows


def slug(name: str) -> str:
    """A name that SQL takes without quotes."""
    made = re.sub(r"\W+", "_", name.strip().lower()).strip("_") or "table"
    return f"t_{made}" if made[0].isdigit() else made


def _written(rows: list[list[Any]], path: Path) -> list[tuple[str, str]]:
    """The rows below the head as a file that the database reads, and each column's title and type."""
    titles = list(_titles(rows[0]))
    columns = list(zip(*rows[1:], strict=True)) if len(rows) > 1 else [()] * len(titles)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(titles)
        writer.writerows([[_cell(value) for value in row] for row in rows[1:]])
    return [(title, _type(values)) for title, values in zip(titles, columns, strict=True)]


def _titles(head: Iterable[Any]) -> Iterator[str]:
    """Each once, whatever stands in the first row."""
    taken: set[str] = set()
    for number, value in enumerate(head, 1):
        title = str(value).strip() or f"column_{number}"
        while title.casefold() in taken:
            title = f"{title}_{number}"
        taken.add(title.casefold())
        yield title


def _type(values: Iterable[Any]) -> str:
    kinds = {_kind(value) for value in values if value != ""}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds and kinds <= {"BIGINT", "DOUBLE"}:
        return "DOUBLE"
    return "TIMESTAMP" if kinds and kinds <= {"DATE", "TIMESTAMP"} else "VARCHAR"


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "BOOLEAN"
        case int() | float():
            return "BIGINT" if float(value).is_integer() and abs(value) < 2**53 else "DOUBLE"
        case datetime():
            return "TIMESTAMP"
        case date():
            return "DATE"
        case time():
            return "TIME"
    return "VARCHAR"


def _cell(value: Any) -> str:
    match value:
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


def _text(value: str) -> str:
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
