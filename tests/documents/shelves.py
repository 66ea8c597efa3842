"""Files as the jobs on data get them: open, by their descriptors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.documents import loading, profile, query

KINDS: dict[str, loading.Kind] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "json",
    ".parquet": "parquet",
    ".xlsx": "sheets",
}


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def text(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@contextmanager
def opened(*paths: Path) -> Iterator[list[loading.File]]:
    descriptors = [os.open(path, os.O_RDONLY) for path in paths]
    try:
        yield [
            loading.File(
                descriptor=number, name=path.name, table=loading.slug(path.stem), kind=KINDS[path.suffix]
            )
            for number, path in zip(descriptors, paths, strict=True)
        ]
    finally:
        for number in descriptors:
            os.close(number)


def asked(sql: str, *paths: Path, **order: Any) -> query.Told:
    with opened(*paths) as files:
        return query.done(query.Order(sql=sql, files=files, **order))


def rows(sql: str, *paths: Path) -> list[list[str]]:
    return asked(sql, *paths).rows


def profiled(path: Path) -> profile.Profile:
    with opened(path) as files:
        (told,) = profile.done(profile.Order(files=files)).tables
        return told
